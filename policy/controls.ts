import {
  allowsEverything,
  allowsWholeService,
  decryptsWithEveryKey,
  deniesInsecureTransport,
  isPublic,
  sharesBucketRights,
  statements,
  type Statement,
} from "./documents.ts";
import { opensRiskyPort, opensUnauthorizedPort, type IngressRule } from "./ingress.ts";

/** A control of AWS Foundational Security Best Practices that can be checked before anything is created. */
export interface Control {
  /** AWS's ID, for example `S3.5`. */
  readonly id: string;
  /** The policy's name: the ID and what it requires, for example `s3-5-tls-only`. */
  readonly name: string;
  /** AWS's title. */
  readonly title: string;
  /** What to do about a violation; printed after the resource's name. */
  readonly remedy: string;
  /** Whether a violation is only reported. Default: a violation stops the deployment (`mandatory`). */
  readonly enforcementLevel?: "advisory";
  /** The Pulumi types of the resources that it applies to. */
  readonly types: readonly string[];
  /**
   * For controls that a separate, companion resource meets: that resource's type, and its properties that may refer to
   * the checked one.
   */
  readonly companion?: { readonly type: string; readonly by: readonly string[] };
  /** Whether the resource, or its companion, meets the control. */
  readonly met: (inputs: Inputs) => boolean;
}

/** The inputs that the controls check, of any resource. */
export interface Inputs extends IngressRule {
  readonly blockPublicAcls?: boolean;
  readonly blockPublicPolicy?: boolean;
  readonly ignorePublicAcls?: boolean;
  readonly restrictPublicBuckets?: boolean;
  readonly policy?: unknown;
  readonly rule?: { readonly objectOwnership?: string };
  readonly rules?: readonly { readonly status?: string }[];
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly imageTagMutability?: string;
  readonly enableNetworkIsolation?: boolean;
  readonly primaryContainer?: { readonly imageConfig?: { readonly repositoryAccessMode?: string } };
  readonly productionVariants?: readonly {
    readonly initialInstanceCount?: number;
    readonly serverlessConfig?: unknown;
  }[];
  readonly ingress?: readonly IngressRule[];
}

const bucket = "aws:s3/bucket:Bucket";
const repository = "aws:ecr/repository:Repository";
const model = "aws:sagemaker/model:Model";
const managedPolicies = ["aws:iam/policy:Policy"];
const inlinePolicies = [
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/userPolicy:UserPolicy",
];
const ingress = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];

/**
 * The controls, in the order of AWS's documentation.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html
 */
export const controls: readonly Control[] = [
  {
    id: "EC2.18",
    name: "ec2-18-authorized-ports",
    title: "Security groups should only allow unrestricted incoming traffic for authorized ports",
    remedy: "open only ports 80 and 443 to the internet",
    types: ingress,
    met: noRule(opensUnauthorizedPort),
  },
  {
    id: "EC2.19",
    name: "ec2-19-no-risky-ports",
    title: "Security groups should not allow unrestricted access to ports with high risk",
    remedy: "don't open high-risk ports such as 22 or 3389 to the internet",
    types: ingress,
    met: noRule(opensRiskyPort),
  },
  {
    id: "ECR.1",
    name: "ecr-1-image-scanning",
    title: "ECR private repositories should have image scanning configured",
    remedy: "set imageScanningConfiguration.scanOnPush to true",
    types: [repository],
    met: ({ imageScanningConfiguration }) => imageScanningConfiguration?.scanOnPush === true,
  },
  {
    id: "ECR.2",
    name: "ecr-2-immutable-tags",
    title: "ECR private repositories should have tag immutability configured",
    remedy: "set imageTagMutability to IMMUTABLE (the setting immutableTags)",
    types: [repository],
    met: ({ imageTagMutability }) => imageTagMutability === "IMMUTABLE",
  },
  {
    id: "ECR.3",
    name: "ecr-3-lifecycle-policy",
    title: "ECR repositories should have at least one lifecycle policy configured",
    remedy: "add an aws.ecr.LifecyclePolicy for it",
    types: [repository],
    companion: { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", by: ["repository"] },
    met: () => true,
  },
  {
    id: "IAM.1",
    name: "iam-1-no-full-administration",
    title: 'IAM policies should not allow full "*" administrative privileges',
    remedy: 'allow specific actions on specific resources instead of "*" on "*"',
    types: [...managedPolicies, ...inlinePolicies],
    met: noStatement(allowsEverything),
  },
  {
    id: "IAM.21",
    name: "iam-21-no-whole-service",
    title: "IAM customer managed policies that you create should not allow wildcard actions for services",
    remedy: "name the actions instead of <service>:*",
    types: [...managedPolicies, ...inlinePolicies],
    met: noStatement(allowsWholeService),
  },
  {
    id: "KMS.1",
    name: "kms-1-managed-policies-name-keys",
    title: "IAM customer managed policies should not allow decryption actions on all KMS keys",
    remedy: "allow kms:Decrypt only on the ARNs of the keys that are needed",
    types: managedPolicies,
    met: noStatement(decryptsWithEveryKey),
  },
  {
    id: "KMS.2",
    name: "kms-2-inline-policies-name-keys",
    title: "IAM principals should not have IAM inline policies that allow decryption actions on all KMS keys",
    remedy: "allow kms:Decrypt only on the ARNs of the keys that are needed",
    types: inlinePolicies,
    met: noStatement(decryptsWithEveryKey),
  },
  {
    id: "KMS.5",
    name: "kms-5-no-public-key",
    title: "KMS keys should not be publicly accessible",
    remedy: "name the accounts in the key policy, or restrict the statement with a condition",
    types: ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"],
    met: noStatement(isPublic),
  },
  {
    id: "S3.2",
    name: "s3-2-no-public-read",
    title: "S3 general purpose buckets should block public read access",
    remedy: "add an aws.s3.BucketPublicAccessBlock with ignorePublicAcls and restrictPublicBuckets",
    types: [bucket],
    companion: ofBucket("bucketPublicAccessBlock"),
    met: takesNoEffect,
  },
  {
    id: "S3.3",
    name: "s3-3-no-public-write",
    title: "S3 general purpose buckets should block public write access",
    remedy: "add an aws.s3.BucketPublicAccessBlock with ignorePublicAcls and restrictPublicBuckets",
    types: [bucket],
    companion: ofBucket("bucketPublicAccessBlock"),
    met: takesNoEffect,
  },
  {
    id: "S3.5",
    name: "s3-5-tls-only",
    title: "S3 general purpose buckets should require requests to use SSL",
    remedy: "add an aws.s3.BucketPolicy that denies s3:* where aws:SecureTransport is false",
    types: [bucket],
    companion: ofBucket("bucketPolicy"),
    met: ({ policy }) => statements(policy).some(deniesInsecureTransport),
  },
  {
    id: "S3.6",
    name: "s3-6-no-rights-for-other-accounts",
    title: "S3 general purpose bucket policies should restrict access to other AWS accounts",
    remedy: "don't allow other accounts to change the bucket's policy, encryption or ACLs",
    types: ["aws:s3/bucketPolicy:BucketPolicy"],
    met: noStatement(sharesBucketRights),
  },
  {
    id: "S3.8",
    name: "s3-8-public-access-blocked",
    title: "S3 general purpose buckets should block public access",
    remedy: "add an aws.s3.BucketPublicAccessBlock with all four settings true",
    types: [bucket],
    companion: ofBucket("bucketPublicAccessBlock"),
    met: (inputs) => takesNoEffect(inputs) && inputs.blockPublicAcls === true && inputs.blockPublicPolicy === true,
  },
  {
    id: "S3.9",
    name: "s3-9-access-logging",
    title: "S3 general purpose buckets should have server access logging enabled",
    remedy: "add an aws.s3.BucketLogging for it (the setting accessLogging); the log bucket itself needs none",
    types: [bucket],
    companion: ofBucket("bucketLogging", "targetBucket"),
    met: () => true,
  },
  {
    id: "S3.12",
    name: "s3-12-no-acls",
    title: "ACLs should not be used to manage user access to S3 general purpose buckets",
    remedy: "add aws.s3.BucketOwnershipControls with BucketOwnerEnforced",
    types: [bucket],
    companion: ofBucket("bucketOwnershipControls"),
    met: ({ rule }) => rule?.objectOwnership === "BucketOwnerEnforced",
  },
  {
    id: "S3.13",
    name: "s3-13-lifecycle",
    title: "S3 general purpose buckets should have Lifecycle configurations",
    remedy: "add an aws.s3.BucketLifecycleConfiguration with a rule that is Enabled",
    types: [bucket],
    companion: ofBucket("bucketLifecycleConfiguration"),
    met: ({ rules = [] }) => rules.some(({ status }) => status === "Enabled"),
  },
  {
    id: "SageMaker.4",
    name: "sagemaker-4-several-instances",
    title: "SageMaker endpoint production variants should have an initial instance count greater than 1",
    remedy: "start every variant with two instances or more (initialInstanceCount, or minCapacity of autoscaling)",
    types: ["aws:sagemaker/endpointConfiguration:EndpointConfiguration"],
    met: ({ productionVariants = [] }) =>
      productionVariants.every(
        (variant) => variant.serverlessConfig !== undefined || (variant.initialInstanceCount ?? 1) > 1,
      ),
  },
  {
    id: "SageMaker.5",
    name: "sagemaker-5-network-isolation",
    title: "SageMaker models should have network isolation enabled",
    remedy: "set enableNetworkIsolation to true (the setting networkIsolation)",
    types: [model],
    met: ({ enableNetworkIsolation }) => enableNetworkIsolation === true,
  },
  {
    id: "SageMaker.16",
    name: "sagemaker-16-registry-in-vpc",
    title: "SageMaker models should use private registry in VPC for primary containers",
    remedy: "use a registry in the VPC (imageConfig.repositoryAccessMode Vpc), or accept that the image is in ECR",
    enforcementLevel: "advisory",
    types: [model],
    met: ({ primaryContainer }) => primaryContainer?.imageConfig?.repositoryAccessMode === "Vpc",
  },
  {
    id: "SNS.4",
    name: "sns-4-no-public-topic",
    title: "SNS topic access policies should not allow public access",
    remedy: "name who may publish and subscribe, or restrict the statement to an account with a condition",
    types: ["aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"],
    met: noStatement(isPublic),
  },
];

function noStatement(wrong: (statement: Statement) => boolean): Control["met"] {
  return ({ policy }) => !statements(policy).some(wrong);
}

function noRule(wrong: (rule: IngressRule) => boolean): Control["met"] {
  return (inputs) => ![inputs, ...(inputs.ingress ?? [])].some(wrong);
}

/** Public ACLs and policies have no effect, even if there are any. */
function takesNoEffect({ ignorePublicAcls, restrictPublicBuckets }: Inputs): boolean {
  return ignorePublicAcls === true && restrictPublicBuckets === true;
}

function ofBucket(name: string, ...by: string[]): Control["companion"] {
  return { type: `aws:s3/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`, by: ["bucket", ...by] };
}
