import { modelNameProblem } from "./deletionProblems.ts";
import type { EarlierEndpoint } from "./earlierEndpoint.ts";

/** The part of a planned endpoint that is compared with the one in service. */
export interface PlannedEndpoint {
  /** The stack's name, for commands. */
  readonly stack: string;
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The name of the endpoint that may be deleted. */
  readonly replaceEndpoint?: string;
  /** The region; absent if only AWS's own tools know it. */
  readonly region?: string;
  /** Whether endpoint and bucket are protected. */
  readonly protect: boolean;
  /** The names of existing Models that the settings refer to, as far as they are known. */
  readonly modelNames: readonly string[];
  /** Whether it queues requests. */
  readonly asyncInference: boolean;
  /** Whether it is serverless. */
  readonly serverless: boolean;
  /** The names of the production variants. */
  readonly variantNames: readonly string[];
  /** Whether it has a rollout. */
  readonly rollout: boolean;
  /** The bucket's name, if one is given. */
  readonly bucketName?: string;
  /** The repository's name, if one is given and the image is copied into it. */
  readonly repositoryName?: string;
  /** The existing parts that the endpoint uses; a name that isn't known yet is `unknown`. */
  readonly existing?: Partial<Readonly<Record<"bucket" | "repository" | "role" | "logGroup", string>>>;
  /** Whether the stack creates a KMS key. */
  readonly createKmsKey: boolean;
  /** The KMS key's ARN; `unknown` if it comes from another resource. */
  readonly kmsKeyArn?: string;
}

/**
 * Finds every change that would make the endpoint unavailable to its callers, or that SageMaker, ECR or the engine
 * would refuse halfway.
 *
 * @param earlier the endpoint after the last update
 * @param planned the planned endpoint
 * @returns the problems, each with the setting, its effect, and how to make the change; empty if the change is safe
 */
export function* changeProblems(earlier: EarlierEndpoint, planned: PlannedEndpoint): Generator<string> {
  const { endpointName } = planned;
  const old = earlier.endpointName;
  if (planned.region !== undefined && earlier.region !== "" && planned.region !== earlier.region) {
    yield `aws:region ${planned.region}: can't be changed from ${earlier.region}, because the update would delete the endpoint ${old} there: change it back, and use another stack for ${planned.region}`;
  }
  if (endpointName !== old) {
    yield* renamed(old, planned);
  } else {
    yield* updateRefusals(earlier, planned);
  }
  for (const modelName of earlier.keepReleases ? [] : planned.modelNames) {
    if (!earlier.modelNames.includes(modelName)) continue;
    yield modelNameProblem(modelName);
  }
  yield* ownParts(earlier, planned);
  const { bucketName, repositoryName, createKmsKey } = planned;
  const leaves = bucketName === undefined ? earlier.bucketNamed : bucketName !== earlier.bucketName;
  if (planned.protect && earlier.bucketName !== undefined && leaves) {
    yield `bucketName ${bucketName ?? "(not set)"}: can't be changed, because it would replace the bucket ${earlier.bucketName}, which is protected: change it back, or set protect to false for this update. With keepReleases the earlier bucket and its contents stay in AWS`;
  }
  const { repository } = earlier;
  const keyArn = createKmsKey ? (earlier.madeKeyArn ?? "made") : planned.kmsKeyArn;
  if (repository && repositoryName === repository.name && keyArn !== "unknown" && keyArn !== repository.kmsKeyArn) {
    const key = keyArn === undefined ? "no KMS key" : "another KMS key";
    yield `repositoryName ${repositoryName}: can't be kept with ${key}, because ECR can't change a repository's encryption: use another repositoryName or none. The image is then copied to a new repository, and the endpoint moves to it before the earlier one is deleted`;
  }
}

/** A part that the stack created leaves it as an existing one is named. */
function* ownParts(earlier: EarlierEndpoint, { protect, existing = {} }: PlannedEndpoint): Generator<string> {
  const { bucket, repository, role, logGroup } = existing;
  const { bucketName: ownBucket, repository: ownRepository, role: ownRole, logGroups } = earlier;
  const why = "because this stack made it, and would delete it if it uses it as an existing one: remove the setting";
  if (bucket !== undefined && bucket === ownBucket) yield `bucket ${bucket}: can't be used, ${why}`;
  else if (bucket !== undefined && ownBucket !== undefined && protect) {
    yield `bucket ${bucket}: can't be used, because it would replace the bucket ${ownBucket}, which is protected: remove bucket, or set protect to false for this update. With keepReleases the earlier bucket and its contents stay in AWS`;
  }
  if (repository !== undefined && repository === ownRepository?.name)
    yield `repository ${repository}: can't be used, ${why}`;
  if (role !== undefined && (role === ownRole?.name || role === ownRole?.arn))
    yield `role ${role}: can't be used, ${why}`;
  if (logGroups.some(({ name }) => name === logGroup)) yield `logGroup ${logGroup}: can't be used, ${why}`;
}

/**
 * Finds what an update of this program itself changes, whatever the settings say.
 *
 * @param earlier the endpoint after the last update
 * @param planned the planned endpoint
 * @returns a sentence or two for each change
 */
export function* upgradeNotes(earlier: EarlierEndpoint, planned: PlannedEndpoint): Generator<string> {
  if (earlier.keylessPrefix && (planned.createKmsKey || planned.kmsKeyArn !== undefined)) {
    yield `This update is a release of ${planned.endpointName}, even if no setting changed: since version 1.0.0, models that a KMS key encrypts are stored under artifacts/kms-…/, so they are uploaded again and the endpoint moves to them, once.`;
  }
}

function* renamed(old: string, { endpointName, replaceEndpoint, protect, stack }: PlannedEndpoint): Generator<string> {
  if (protect) {
    yield `endpointName ${endpointName}: can't be changed, because it would replace the endpoint ${old}, which is protected, and its callers would get errors: keep it with pulumi config set endpointName ${old} --stack ${stack}, serve ${endpointName} from another stack, move the callers and destroy this one, or set protect to false and replaceEndpoint to ${old}`;
  } else if (replaceEndpoint !== old) {
    yield `endpointName ${endpointName}: can't be changed, because the endpoint ${old} would be deleted and its callers would get errors: keep it with pulumi config set endpointName ${old} --stack ${stack}, serve ${endpointName} from another stack and move the callers first, or allow it with pulumi config set replaceEndpoint ${old} --stack ${stack}`;
  }
}

/**
 * What UpdateEndpoint can't change. Sources: https://github.com/aws/sagemaker-python-sdk/pull/3124 ("The
 * AsyncInferenceConfig parameter cannot be removed"),
 * https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html (real-time to serverless) and
 * https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html (the same variant names).
 */
function* updateRefusals(earlier: EarlierEndpoint, planned: PlannedEndpoint): Generator<string> {
  const { endpointName, variantNames } = planned;
  const way = `use another endpointName and set replaceEndpoint to ${endpointName}, or use another stack`;
  if (earlier.asyncInference && !planned.asyncInference) {
    yield `asyncInference: can't be removed, because SageMaker can't take it from the endpoint ${endpointName}: keep it, or ${way}`;
  }
  if (earlier.asyncInference === false && planned.asyncInference) {
    yield `asyncInference: can't be added, because the endpoint ${endpointName} would then reject InvokeEndpoint and its callers would get errors: remove it, or ${way}`;
  }
  if (earlier.serverless === false && planned.serverless) {
    yield `serverless: can't be added, because the endpoint ${endpointName} has instances and SageMaker can't make it serverless: remove it, or ${way}`;
  }
  const same =
    earlier.variantNames.length === variantNames.length &&
    variantNames.every((name) => earlier.variantNames.includes(name));
  if (planned.rollout && earlier.variantNames.length > 0 && !same) {
    yield `rollout: can't be used when variants change from ${earlier.variantNames.join(", ")} to ${variantNames.join(", ")}, because SageMaker only rolls out between equal variant names: keep the names, or remove rollout for this update`;
  }
}
