import type * as aws from "@pulumi/aws";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Changes a child resource before it is registered: inputs to set, or a function that gets the inputs, Pulumi's options
 * and the resource's name, and changes the first two in place.
 */
export type Transform<Args> = Partial<Args> | ((args: Args, opts: pulumi.CustomResourceOptions, name: string) => void);

/**
 * Changes of the resources that a TritonEndpoint registers, by their classes, for whatever its own arguments don't offer.
 * What is changed here isn't checked.
 */
export interface Transforms {
  /** The buckets of models and of access logs. */
  readonly bucket?: Transform<aws.s3.BucketArgs>;
  /** The buckets' policies. */
  readonly bucketPolicy?: Transform<aws.s3.BucketPolicyArgs>;
  /** The buckets' lifecycles. */
  readonly bucketLifecycleConfiguration?: Transform<aws.s3.BucketLifecycleConfigurationArgs>;
  /** The models' objects. */
  readonly bucketObjectv2?: Transform<aws.s3.BucketObjectv2Args>;
  /** The ECR repository. */
  readonly repository?: Transform<aws.ecr.RepositoryArgs>;
  /** The ECR repository's lifecycle. */
  readonly lifecyclePolicy?: Transform<aws.ecr.LifecyclePolicyArgs>;
  /** The copy of the image on the machine that deploys. */
  readonly remoteImage?: Transform<docker.RemoteImageArgs>;
  /** The image in the ECR repository. */
  readonly registryImage?: Transform<docker.RegistryImageArgs>;
  /** The execution role. */
  readonly role?: Transform<aws.iam.RoleArgs>;
  /** The execution role's policies. */
  readonly rolePolicy?: Transform<aws.iam.RolePolicyArgs>;
  /** The KMS key. */
  readonly key?: Transform<aws.kms.KeyArgs>;
  /** SageMaker's Models. */
  readonly model?: Transform<aws.sagemaker.ModelArgs>;
  /** The endpoint configuration. */
  readonly endpointConfiguration?: Transform<aws.sagemaker.EndpointConfigurationArgs>;
  /** The endpoint. */
  readonly endpoint?: Transform<aws.sagemaker.EndpointArgs>;
  /** The scalable targets. */
  readonly target?: Transform<aws.appautoscaling.TargetArgs>;
  /** The scaling policies. */
  readonly policy?: Transform<aws.appautoscaling.PolicyArgs>;
  /** The scheduled scaling. */
  readonly scheduledAction?: Transform<aws.appautoscaling.ScheduledActionArgs>;
  /** The alarms. */
  readonly metricAlarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
  /** The dashboard. */
  readonly dashboard?: Transform<aws.cloudwatch.DashboardArgs>;
  /** The log group. */
  readonly logGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  /** The alarms' topic. */
  readonly topic?: Transform<aws.sns.TopicArgs>;
  /** The topic's policy. */
  readonly topicPolicy?: Transform<aws.sns.TopicPolicyArgs>;
  /** The topic's subscriptions. */
  readonly topicSubscription?: Transform<aws.sns.TopicSubscriptionArgs>;
  /** The security group. */
  readonly securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
  /** The gateway endpoint to S3. */
  readonly vpcEndpoint?: Transform<aws.ec2.VpcEndpointArgs>;
  /** The budget. */
  readonly budget?: Transform<aws.budgets.BudgetArgs>;
}

/** The children that can be changed. */
export const transformable: readonly (keyof Transforms)[] = [
  "bucket",
  "bucketPolicy",
  "bucketLifecycleConfiguration",
  "bucketObjectv2",
  "repository",
  "lifecyclePolicy",
  "remoteImage",
  "registryImage",
  "role",
  "rolePolicy",
  "key",
  "model",
  "endpointConfiguration",
  "endpoint",
  "target",
  "policy",
  "scheduledAction",
  "metricAlarm",
  "dashboard",
  "logGroup",
  "topic",
  "topicPolicy",
  "topicSubscription",
  "securityGroup",
  "vpcEndpoint",
  "budget",
];

/**
 * Applies a component's transforms to one of its children.
 *
 * @param transforms the transforms
 * @param child the child, as Pulumi passes it to a transformation
 * @returns its changed inputs and options
 */
export function transformed(
  transforms: Transforms,
  { type, name, props, opts }: pulumi.ResourceTransformationArgs,
): pulumi.ResourceTransformationResult {
  const className = type.split(":").at(-1) ?? "";
  const key = `${className.slice(0, 1).toLowerCase()}${className.slice(1)}` as keyof Transforms;
  const transform = transformable.includes(key) ? transforms[key] : undefined;
  if (transform === undefined) return { props: props, opts };
  const args = { ...(props as object) };
  const options = { ...opts };
  if (typeof transform === "function") (transform as (...of: unknown[]) => void)(args, options, name);
  else Object.assign(args, transform);
  return { props: args, opts: options };
}
