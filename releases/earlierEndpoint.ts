import type { EarlierResource } from "./earlierStack.ts";

/** An endpoint and its resources as the stack's last update left them. */
export interface EarlierEndpoint {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** Its region. */
  readonly region: string;
  /** The deployment configuration of its last release; absent if none was set. */
  readonly deploymentConfig?: { readonly autoRollbackConfiguration?: unknown };
  /** The names of the Models that the stack created. */
  readonly modelNames: readonly string[];
  /** Whether the last update had `keepReleases`; otherwise those Models are deleted when they leave the stack. */
  readonly keepReleases: boolean;
  /** Whether it queues requests. */
  readonly asyncInference: boolean;
  /** Whether it is serverless. */
  readonly serverless: boolean;
  /** The names of its production variants. */
  readonly variantNames: readonly string[];
  /** The names of the variants that the stack scales. */
  readonly scaledVariants: readonly string[];
  /** The name of the bucket with its models. */
  readonly bucketName?: string;
  /** Whether that name was given rather than auto-named by Pulumi. */
  readonly bucketNamed: boolean;
  /** The name of the repository with its image. */
  readonly repository?: { readonly name: string; readonly kmsKeyArn?: string };
  /** The ARNs of the buckets that its S3 gateway endpoint allows. */
  readonly reachedBuckets: readonly string[];
  /** The KMS key that the stack created. */
  readonly madeKeyArn?: string;
  /** Whether a KMS key encrypts models under keys that don't depend on it, as version 1.0.0 stored them. */
  readonly keylessPrefix: boolean;
  /** Its log group, if the stack created it, and how long logs are kept, 0 for ever. */
  readonly logGroup?: { readonly retentionInDays: number };
}

/**
 * Finds an endpoint in the stack's state.
 *
 * @param resources the resources in the stack's state
 * @param name the name of the TritonEndpoint
 * @returns the endpoint; `undefined` if there is none yet
 */
export function earlierEndpoint(resources: readonly EarlierResource[], name: string): EarlierEndpoint | undefined {
  const outputsOf = <T>(child: string): Partial<T> | undefined =>
    resources.find((resource) => resource.name === `${name}-${child}`)?.outputs as Partial<T> | undefined;
  const endpoint = outputsOf<EndpointOutputs>("server-endpoint");
  if (endpoint?.name === undefined) return undefined;
  const endpointName = endpoint.name;
  const configuration = outputsOf<ConfigurationOutputs>("server-configuration");
  const variants = configuration?.productionVariants ?? [];
  const repository = outputsOf<RepositoryOutputs>("registry-repository");
  const kmsKeyArn = repository?.encryptionConfigurations?.at(0)?.kmsKey;
  const bucketName = outputsOf<{ bucket: string }>("storage-bucket")?.bucket;
  const madeKeyArn = outputsOf<{ arn: string }>("encryption-key")?.arn;
  const logGroup = outputsOf<{ retentionInDays: number }>("monitoring-logs");
  const encryption = outputsOf<{ rules: readonly EncryptionRule[] }>("storage-encryption");
  const { deploymentConfig } = endpoint;
  return {
    endpointName,
    region: endpoint.arn?.split(":")[3] ?? "",
    ...(deploymentConfig && { deploymentConfig }),
    modelNames: resources.flatMap(({ type, outputs: { name: modelName } }) =>
      type === "aws:sagemaker/model:Model" && typeof modelName === "string" ? [modelName] : [],
    ),
    keepReleases: resources.some((resource) => resource.name === name && resource.outputs.keepReleases === true),
    asyncInference: configuration?.asyncInferenceConfig !== undefined,
    serverless: variants.some(({ serverlessConfig }) => serverlessConfig !== undefined),
    variantNames: variants.flatMap(({ variantName }) => variantName ?? []),
    scaledVariants: resources.flatMap(({ type, outputs }) =>
      type === "aws:appautoscaling/target:Target" ? (scaledVariant(outputs.resourceId, endpointName) ?? []) : [],
    ),
    ...(bucketName !== undefined && { bucketName }),
    bucketNamed: bucketName !== undefined && !bucketName.startsWith(`${name}-storage-bucket-`),
    ...(repository?.name !== undefined && {
      repository: { name: repository.name, ...(kmsKeyArn && { kmsKeyArn }) },
    }),
    reachedBuckets: bucketsIn(outputsOf<{ policy: string }>("network-s3")?.policy),
    ...(madeKeyArn !== undefined && { madeKeyArn }),
    keylessPrefix: encryption?.rules?.some(hasKey) === true && resources.some(({ outputs }) => isKeyless(outputs.key)),
    ...(logGroup && { logGroup: { retentionInDays: logGroup.retentionInDays ?? 0 } }),
  };
}

interface EndpointOutputs {
  readonly name: string;
  readonly arn: string;
  readonly deploymentConfig: { readonly autoRollbackConfiguration?: unknown };
}

interface ConfigurationOutputs {
  readonly asyncInferenceConfig: unknown;
  readonly productionVariants: readonly { readonly variantName?: string; readonly serverlessConfig?: unknown }[];
}

interface RepositoryOutputs {
  readonly name: string;
  readonly encryptionConfigurations: readonly { readonly kmsKey?: string }[];
}

interface EncryptionRule {
  readonly applyServerSideEncryptionByDefault?: { readonly kmsMasterKeyId?: string };
}

function scaledVariant(resourceId: unknown, endpointName: string): string | undefined {
  const prefix = `endpoint/${endpointName}/variant/`;
  return typeof resourceId === "string" && resourceId.startsWith(prefix) ? resourceId.slice(prefix.length) : undefined;
}

function hasKey({ applyServerSideEncryptionByDefault: byDefault }: EncryptionRule): boolean {
  return Boolean(byDefault?.kmsMasterKeyId);
}

function isKeyless(key: unknown): boolean {
  return typeof key === "string" && /^artifacts\/(?!kms-)/.test(key);
}

/** The buckets, without their objects, that a policy names. */
function bucketsIn(policy: string | undefined): string[] {
  if (policy === undefined) return [];
  const { Statement } = JSON.parse(policy) as { Statement: Resourceful | Resourceful[] };
  return [Statement].flat().flatMap(({ Resource = [] }) => [Resource].flat().filter((arn) => !arn.endsWith("/*")));
}

interface Resourceful {
  readonly Resource?: string | string[];
}
