import type * as aws from "@pulumi/aws";
import { Policy } from "@pulumi/aws/appautoscaling/policy.js";
import { ScheduledAction } from "@pulumi/aws/appautoscaling/scheduledAction.js";
import { Target } from "@pulumi/aws/appautoscaling/target.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import * as pulumi from "@pulumi/pulumi";
import { defaultCooldownInSeconds } from "../endpoint/autoscaling.ts";
import type { EndpointAutoscaling } from "../endpoint/endpointArgs.ts";
import { variantDimensions } from "../sagemaker/endpointMetrics.ts";
import { serverMetricsNamespace } from "../sagemaker/serverMetrics.ts";
import type { Tags } from "./tags.ts";

/** Arguments of Autoscaling. */
export interface AutoscalingArgs {
  /** The endpoint. Its variant can only be scaled once it is in service. */
  readonly endpoint: aws.sagemaker.Endpoint;
  /** The variant to scale. */
  readonly variantName: string;
  /** How to scale it. */
  readonly options: EndpointAutoscaling;
  /** Tags of the scalable target. */
  readonly tags: Tags;
}

/**
 * Scales a variant's instances, or its provisioned concurrency, with the load: a scalable target with minimum and
 * maximum, a target-tracking policy for each metric, and scheduled changes of the limits. If the minimum is zero, an alarm
 * starts the first instance.
 *
 * Free, apart from the two CloudWatch alarms that AWS creates for each policy and the instances that it adds.
 */
export class Autoscaling extends pulumi.ComponentResource {
  /** The variant as a scalable target. */
  readonly target: aws.appautoscaling.Target;

  /**
   * @param name the component's name; its children are `<name>-<role>`
   * @param args its arguments
   * @param opts Pulumi's options
   */
  constructor(name: string, args: AutoscalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sagemaker-triton:index:Autoscaling", name, {}, opts);
    const { options } = args;
    // One that is replaced under its own name, by --replace, would be deleted with its predecessor.
    const child = { parent: this, deleteBeforeReplace: true };
    this.target = new Target(
      `${name}-target`,
      {
        serviceNamespace: "sagemaker",
        scalableDimension: `sagemaker:variant:${scalesContainers(options) ? "DesiredProvisionedConcurrency" : "DesiredInstanceCount"}`,
        resourceId: pulumi.interpolate`endpoint/${args.endpoint.name}/variant/${args.variantName}`,
        minCapacity: options.minCapacity,
        maxCapacity: options.maxCapacity,
        tags: args.tags,
      },
      { ...child, dependsOn: args.endpoint },
    );
    const { serviceNamespace, scalableDimension, resourceId } = this.target;
    const scaled = { serviceNamespace, scalableDimension, resourceId };
    // Of several policies, the one that needs the most instances counts, and all must agree before one is removed:
    // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
    const tracked = { [`${name}-policy`]: trackedMetric(options, args.endpoint.name), ...serverMetrics(name, args) };
    for (const [policyName, metric] of Object.entries(tracked)) {
      new Policy(
        policyName,
        {
          ...scaled,
          // A fixed name, so that recreating it after a refresh updates the policy that a release restored. AWS allows
          // one per metric:
          // https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html
          name: policyName,
          policyType: "TargetTrackingScaling",
          targetTrackingScalingPolicyConfiguration: {
            ...metric,
            scaleInCooldown: options.scaleInCooldown ?? defaultCooldownInSeconds,
            scaleOutCooldown: options.scaleOutCooldown ?? defaultCooldownInSeconds,
          },
        },
        child,
      );
    }
    if (options.minCapacity === 0) this.#wake(name, args, scaled);
    for (const { scheduledActionName, schedule, timezone, scalableTargetAction } of options.scheduledActions ?? []) {
      new ScheduledAction(
        `${name}-${scheduledActionName}`,
        { ...scaled, name: scheduledActionName, schedule, timezone, scalableTargetAction: { ...scalableTargetAction } },
        child,
      );
    }
    this.registerOutputs({ resourceId });
  }

  /**
   * The backlog per instance is undefined without instances, so an alarm starts the first one.
   * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
   */
  #wake(
    name: string,
    { endpoint, tags }: AutoscalingArgs,
    scaled: Pick<aws.appautoscaling.PolicyArgs, "serviceNamespace" | "scalableDimension" | "resourceId">,
  ): void {
    const wake = new Policy(
      `${name}-wake`,
      {
        ...scaled,
        name: `${name}-wake`,
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          adjustmentType: "ChangeInCapacity",
          metricAggregationType: "Average",
          cooldown: defaultCooldownInSeconds,
          stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
        },
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new MetricAlarm(
      `${name}-waiting`,
      {
        alarmDescription: pulumi.interpolate`Requests are waiting for ${endpoint.name} without an instance: starts one`,
        namespace: "AWS/SageMaker",
        metricName: "HasBacklogWithoutCapacity",
        dimensions: { EndpointName: endpoint.name },
        statistic: "Average",
        period: 60,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        threshold: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "missing",
        alarmActions: [wake.arn],
        tags,
      },
      { parent: this },
    );
  }
}

/** A serverless variant has no instances to scale. */
function scalesContainers({ provisionedConcurrencyUtilization }: EndpointAutoscaling): boolean {
  return provisionedConcurrencyUtilization !== undefined;
}

/** The metric that is set. AWS has predefined metrics for all but the requests that wait for asynchronous inference. */
function trackedMetric(
  options: EndpointAutoscaling,
  endpointName: pulumi.Output<string>,
): aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration {
  const { backlogSizePerInstance } = options;
  if (backlogSizePerInstance !== undefined) {
    return {
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: endpointName }],
        statistic: "Average",
      },
      targetValue: backlogSizePerInstance,
    };
  }
  const [predefinedMetricType, targetValue = 0] =
    predefinedMetrics.map(([type, key]) => [type, options[key]] as const).find(([, value]) => value !== undefined) ??
    [];
  return { predefinedMetricSpecification: { predefinedMetricType: predefinedMetricType ?? "" }, targetValue };
}

type TrackedMetric = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "customizedMetricSpecification" | "targetValue"
>;

/** The metrics of Triton's own that are set, by the name of the policy that tracks them. */
function serverMetrics(
  name: string,
  { options, endpoint, variantName }: AutoscalingArgs,
): Record<string, TrackedMetric> {
  const metrics = {
    "queue-time": { metricName: "QueueTime", targetValue: options.queueTimeInMicroseconds },
    "pending-requests": { metricName: "PendingRequests", targetValue: options.pendingRequests },
  };
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([role, { metricName, targetValue }]) => {
      if (targetValue === undefined) return [];
      const customizedMetricSpecification = {
        namespace: serverMetricsNamespace,
        metricName,
        dimensions: Object.entries(variantDimensions(endpoint.name, variantName)).map(([key, value]) => ({
          name: key,
          value,
        })),
        statistic: "Average",
      };
      return [[`${name}-${role}-policy`, { customizedMetricSpecification, targetValue }]];
    }),
  );
}

/** Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html */
const predefinedMetrics = [
  ["SageMakerVariantInvocationsPerInstance", "invocationsPerInstance"],
  ["SageMakerVariantConcurrentRequestsPerModelHighResolution", "concurrentRequestsPerModel"],
  ["SageMakerVariantProvisionedConcurrencyUtilization", "provisionedConcurrencyUtilization"],
] as const;
