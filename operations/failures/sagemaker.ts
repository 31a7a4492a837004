import type { FailureRow } from "./row.ts";

const hosting = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html";
const roles = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html";
const isolation = "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html";

/** SageMaker's FailureReasons. */
export const sagemakerRows: readonly FailureRow[] = [
  {
    pattern: /Image size \d+ is greater than supported/i,
    cause: "the image is too large for serverless inference",
    remedy:
      "serverless inference takes 10 GB: build a smaller image with only the backends that the model needs and set imageUri, or use an instanceType",
    source: "https://github.com/aws/deep-learning-containers/issues/4616",
  },
  {
    pattern: /Failed to extract model data archive|valid tar\.gz archive|(symbolic|hard) link.*(archive|tar)/i,
    cause: "SageMaker can't unpack the model's archive",
    remedy:
      "it must be a .tar.gz without symbolic links: set modelRepository to the folder, which is packed so that SageMaker can read it",
    source: "https://github.com/aws/deep-learning-containers/pull/569",
  },
  {
    pattern:
      /(downloading|download of).*(timed out|timeout)|Model data download.*(time|exceed)|ModelDataDownloadTimeout/i,
    cause: "the model takes too long to download",
    remedy:
      "raise modelDataDownloadTimeoutInSeconds, or set modelDataFormat to uncompressed, which SageMaker downloads in parallel",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-hosting.html",
  },
  {
    pattern:
      /Could not (access|download|find) model data|Failed to download model data|access model data at|model data .* (Access ?Denied|403)/i,
    cause: "SageMaker can't read the model",
    remedy: "check that modelDataUrl exists and that the role may read it and use its KMS key",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelDataSource.html",
  },
  {
    pattern:
      /does not have BatchGetImage permission|execution role .* permissions to access them|sure all images included in the model/i,
    cause: "the role may not pull the image",
    remedy:
      "let the role (the setting role, or the one that the stack makes) read the repository (ecr:BatchGetImage, GetDownloadUrlForLayer, BatchCheckLayerAvailability, and GetAuthorizationToken on *); an image of another account needs a policy of that repository, too",
    source: "https://github.com/aws/sagemaker-python-sdk/issues/2002",
  },
  {
    pattern:
      /Could not assume role|unable to (perform: )?(sts:)?AssumeRole|sts:AssumeRole|role .* trust relationship|cannot be assumed|role .* (does not|doesn't) exist/i,
    cause: "SageMaker can't assume the role",
    remedy:
      "let the trust policy of the setting role allow sagemaker.amazonaws.com to call sts:AssumeRole, for this account's ARNs; or remove role to have one made",
    source: roles,
  },
  {
    pattern: /(KMS|kms:).*(denied|not allowed|disabled|pending|Access)|(denied|not authorized).*kms:|KMSAccessDenied/i,
    cause: "the KMS key can't be used",
    remedy:
      "let the key's policy allow the role kms:Decrypt, and kms:CreateGrant for kmsKeyArn of the volumes; enable the key",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html",
  },
  {
    pattern: /is not authorized to perform: (?<action>[\w:]+)|AccessDenied(Exception)?\b/i,
    cause: "the role lacks a permission",
    remedy:
      "add the action that the line names to the policy of the role that the setting role names; the stack's own role has what serving needs",
    source: roles,
  },
  {
    pattern: /did not pass the ping health check|did not pass health check/i,
    cause: "there was no healthy answer before the timeout",
    remedy:
      "npm run logs shows why; if the model is just slow to load, raise containerStartupHealthCheckTimeoutInSeconds",
    kind: "general",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/210",
  },
  {
    pattern: /exec format error/i,
    cause: "the image is built for another processor than the instance's",
    remedy:
      "Triton's image for SageMaker is for x86-64: choose an instanceType with an Intel or AMD processor, or set imageArchitecture and an image of your own for Graviton",
    source: "https://github.com/aws-samples/amazon-sagemaker-custom-container/issues/3",
  },
  {
    pattern:
      /CannotStartContainerError|executable file not found in \$PATH|starts correctly when invoked with|exec: "?serve/i,
    cause: "the container does not start",
    remedy:
      "use an image that has a serve command and is built for the instance's processor: see imageUri and instanceType",
    source: "https://github.com/aws-samples/comfyui-on-amazon-sagemaker/issues/2",
  },
  {
    pattern:
      /Requested image .* not found|repository .* does not exist|CannotPullContainerError|manifest unknown|image .* does not exist/i,
    cause: "SageMaker can't pull the image",
    remedy:
      "check imageUri or imageTag: the image must be in ECR in the endpoint's own region, and the role must be allowed to read it",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html",
  },
  {
    pattern:
      /Insufficient(Instance)?Capacity|Unable to provision requested ML compute capacity|CapacityError|insufficient capacity/i,
    cause: "AWS has no free instance of this type",
    remedy: "try again later, choose another instanceType, or more subnets in vpcConfig",
    source: "https://github.com/aws/deep-learning-containers/pull/6673",
  },
  {
    pattern:
      /ResourceLimitExceeded|account-level service limit|quota.*exceeded|exceed(s|ed)? .*(quota|concurrency limit)/i,
    when: "serverless inference",
    cause: "the account's quota is used up",
    remedy: "lower serverless.maxConcurrency, or ask AWS for a higher quota for the account's serverless concurrency",
    source: "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
  },
  {
    pattern:
      /ResourceLimitExceeded|account-level service limit|quota.*exceeded|exceed(s|ed)? .*(quota|concurrency limit)/i,
    cause: "the account's quota is used up",
    remedy: "ask AWS for a higher quota for this instanceType's endpoint usage, or choose another one",
    source: "https://github.com/aws-samples/sagemaker-custom-project-templates/issues/51",
  },
  {
    pattern: /alarms?\b.*(in ALARM|triggered|went (into|off)|breach)|auto.?rollback.*alarm/i,
    cause: "an alarm took the release back",
    remedy: "look at the alarm's metric at that time; rollout.alarms sets the thresholds",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html",
  },
  {
    pattern:
      /(subnet|security group)s?\b.*(not exist|not found|invalid|no (free|available))|InvalidSubnet|InvalidSecurityGroup|not enough (free )?(IP )?addresses|ENI limit/i,
    cause: "the endpoint can't use its network",
    remedy: "check subnets and securityGroupIds in vpcConfig: they must exist in one VPC and have free addresses",
    source: isolation,
  },
  {
    pattern: /inferenceAmiVersion|InferenceAmiVersion.*(not supported|invalid)/i,
    cause: "the host image doesn't fit the instance type",
    remedy: "remove inferenceAmiVersion, or choose one that AWS has for this instanceType",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
  },
  {
    pattern: /Could not find model "|model .*arn:\S+:model\/.* (not found|does not exist)/i,
    cause: "the Model of the endpoint's configuration is gone",
    remedy: "release again: npm run up -- --stack <stack> --refresh",
    source: hosting,
  },
  {
    pattern: /Request to service failed|InternalServerError|internal (service )?(error|failure)|InternalFailure/i,
    cause: "SageMaker failed by itself",
    remedy:
      "release again: npm run up -- --stack <stack> --refresh; if it recurs, look for an exec format error in the log, then ask AWS",
    kind: "general",
    source: "https://github.com/aws-samples/amazon-sagemaker-custom-container/issues/3",
  },
];
