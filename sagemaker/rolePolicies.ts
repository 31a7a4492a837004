import { policyDocument, type AwsScope, type PolicyDocument } from "./policyDocument.ts";

/**
 * The execution role's trust policy: only SageMaker may assume it, and only on behalf of this account and region
 * (confused deputy prevention). That includes jobs and notebooks, which the condition can't leave out: for inference,
 * AWS documents the ARN with `*` and says not to put a model's or an endpoint's in its place.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
 *
 * @param scope where the endpoint lives
 */
export function trustPolicy(scope: AwsScope): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: "sagemaker.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": scope.accountId },
      ArnLike: {
        "aws:SourceArn": `arn:${scope.partition}:sagemaker:${scope.region}:${scope.accountId}:*`,
      },
    },
  });
}

/** The location of a model in S3. */
export interface ModelDataAccess {
  /** The bucket's ARN. */
  readonly bucketArn: string;
  /** The model's object key, or its prefix ending in `*`. */
  readonly key: string;
  /** True if SageMaker must list the objects under the key, as it does for uncompressed models and many models. */
  readonly list: boolean;
}

/**
 * Allows reading the models, and nothing else in their buckets.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API)
 *
 * @param accesses the locations of the models, at least one
 */
export function modelDataPolicy(accesses: readonly ModelDataAccess[]): PolicyDocument {
  return policyDocument(
    {
      Sid: "ReadModel",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: oneOrMore(accesses.map(({ bucketArn, key }) => `${bucketArn}/${key}`)),
    },
    ...accesses
      .filter(({ list }) => list)
      .map(({ bucketArn, key }) => ({
        Sid: "ListModel",
        Effect: "Allow" as const,
        Action: "s3:ListBucket",
        Resource: bucketArn,
        Condition: { StringLike: { "s3:prefix": key } },
      })),
  );
}

function oneOrMore(values: string[]): string | string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

/**
 * Allows pulling the image. GetAuthorizationToken doesn't support resources.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 *
 * @param repositoryArn the ECR repository's ARN
 */
export function imagePolicy(repositoryArn: string): PolicyDocument {
  return policyDocument(
    { Sid: "SignIn", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      Resource: repositoryArn,
    },
  );
}

/**
 * Allows writing this endpoint's logs and metrics. PutMetricData doesn't support resources, so it is only restricted by
 * namespace.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API)
 *
 * @param scope where the endpoint lives
 * @param endpointName the endpoint's name: SageMaker logs to `/aws/sagemaker/Endpoints/<name>`
 * @param logGroupExists whether the program creates the log group, so that SageMaker needn't and, once deleted, it
 * isn't created again
 */
export function observabilityPolicy(scope: AwsScope, endpointName: string, logGroupExists = false): PolicyDocument {
  const logGroup = `arn:${scope.partition}:logs:${scope.region}:${scope.accountId}:log-group:/aws/sagemaker/Endpoints/${endpointName}`;
  return policyDocument(
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: [
        ...(logGroupExists ? [] : ["logs:CreateLogGroup"]),
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
      ],
      Resource: [logGroup, `${logGroup}:log-stream:*`],
    },
    {
      Sid: "WriteMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringLike: { "cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/*"] } },
    },
  );
}

/**
 * Allows creating network interfaces in the endpoint's subnets. The Describe actions don't support resources.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (CreateModel API, with a VPC) and
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 *
 * @param scope where the endpoint lives
 * @param subnets the subnets' ids
 * @param securityGroupIds the security groups' ids
 */
export function vpcPolicy(
  scope: AwsScope,
  subnets: readonly string[],
  securityGroupIds: readonly string[],
): PolicyDocument {
  const ec2 = `arn:${scope.partition}:ec2:${scope.region}:${scope.accountId}`;
  const subnetArns = subnets.map((id) => `${ec2}:subnet/${id}`);
  return policyDocument(
    {
      Sid: "SeeNetwork",
      Effect: "Allow",
      Action: [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
      ],
      Resource: "*",
    },
    {
      Sid: "CreateInterfaces",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: [
        `${ec2}:network-interface/*`,
        ...subnetArns,
        ...securityGroupIds.map((id) => `${ec2}:security-group/${id}`),
      ],
    },
    {
      Sid: "UseInterfaces",
      Effect: "Allow",
      Action: [
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
      ],
      Resource: `${ec2}:network-interface/*`,
      Condition: { ArnEquals: { "ec2:Subnet": subnetArns } },
    },
  );
}

/**
 * Allows reading the alarms that roll a release back, and no others.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 *
 * @param scope where the endpoint lives
 * @param alarmNames the alarms' names
 */
export function rollbackPolicy(scope: AwsScope, alarmNames: readonly string[]): PolicyDocument {
  return policyDocument({
    Sid: "SeeRollbackAlarms",
    Effect: "Allow",
    Action: "cloudwatch:DescribeAlarms",
    Resource: alarmNames.map(
      (alarmName) => `arn:${scope.partition}:cloudwatch:${scope.region}:${scope.accountId}:alarm:${alarmName}`,
    ),
  });
}
