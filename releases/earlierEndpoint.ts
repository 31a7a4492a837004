import type { EarlierResource } from "./earlierStack.ts";
import { earlierLogGroups, type EarlierLogGroup } from "./logGroups.ts";

/** An endpoint and its resources as the stack's last update left them. */
export interface EarlierEndpoint {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** Its region. */
  readonly region: string;
  /** The deployment configuration of its last release; absent if none was set. */
  readonly deploymentConfig?: DeploymentConfig;
  /** The names of the alarms that roll its releases back, which it keeps for life; empty if it has none. */
  readonly rollbackAlarmNames: readonly string[];
  /** The names of the Models that the stack created. */
  readonly modelNames: readonly string[];
  /** Whether those Models stay in AWS when they leave the stack. */
  readonly keepReleases: boolean;
  /** Whether it queues requests; absent if that isn't known, because its last update failed or its
   * configuration was deleted outside the stack. */
  readonly asyncInference?: boolean;
  /** Whether it is serverless; absent if that isn't known. */
  readonly serverless?: boolean;
  /** The names of its production variants; empty if they aren't known. */
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
  /** The execution role that the stack created. */
  readonly role?: { readonly name: string; readonly arn: string };
  /** Whether a KMS key encrypts models under keys that don't depend on it, as version 1.0.0 stored them. */
  readonly keylessPrefix: boolean;
  /** The log groups that the stack created, also of endpoints that this one replaced. */
  readonly logGroups: readonly EarlierLogGroup[];
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
  // An update that failed leaves the state with the configuration that the endpoint was to serve.
  const newest = outputsOf<ConfigurationOutputs>("server-configuration");
  const configuration = newest?.name === endpoint.endpointConfigName ? newest : undefined;
  const variants = configuration?.productionVariants ?? [];
  const repository = outputsOf<RepositoryOutputs>("registry-repository");
  const kmsKeyArn = repository?.encryptionConfigurations?.at(0)?.kmsKey;
  const bucketName = outputsOf<{ bucket: string }>("storage-bucket")?.bucket;
  const madeKeyArn = outputsOf<{ arn: string }>("encryption-key")?.arn;
  const role = outputsOf<{ name: string; arn: string }>("execution-role");
  const encryption = outputsOf<{ rules: readonly EncryptionRule[] }>("storage-encryption");
  const { deploymentConfig } = endpoint;
  return {
    endpointName,
    region: endpoint.arn?.split(":")[3] ?? "",
    ...(deploymentConfig && { deploymentConfig }),
    rollbackAlarmNames: rollbackAlarmsOf(deploymentConfig) ?? createdAlarms(resources, `${name}-rollout-`),
    modelNames: resources.flatMap(({ type, outputs: { name: modelName } }) =>
      type === "aws:sagemaker/model:Model" && typeof modelName === "string" ? [modelName] : [],
    ),
    keepReleases: keepsReleases(resources, name),
    ...(configuration && {
      asyncInference: configuration.asyncInferenceConfig !== undefined,
      serverless: variants.some(({ serverlessConfig }) => serverlessConfig !== undefined),
    }),
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
    ...(role?.name !== undefined && { role: { name: role.name, arn: role.arn ?? "" } }),
    keylessPrefix: encryption?.rules?.some(hasKey) === true && resources.some(({ outputs }) => isKeyless(outputs.key)),
    logGroups: earlierLogGroups(resources, `${name}-monitoring-logs`),
  };
}

/**
 * A component's outputs are written once all its children are, so a run that fails leaves some of them as they were. The
 * storage's are written before the Models change, and the endpoint's after everything else: only if both say so are the
 * Models kept.
 */
function keepsReleases(resources: readonly EarlierResource[], name: string): boolean {
  const said = (component: string) =>
    resources.find((resource) => resource.name === component)?.outputs.keepReleases as boolean | undefined;
  return said(name) === true && said(`${name}-storage`) !== false;
}

interface EndpointOutputs {
  readonly name: string;
  readonly endpointConfigName: string;
  readonly arn: string;
  readonly deploymentConfig: DeploymentConfig;
}

interface DeploymentConfig {
  readonly autoRollbackConfiguration?: { readonly alarms?: readonly { readonly alarmName?: string }[] };
}

interface ConfigurationOutputs {
  readonly name: string;
  readonly asyncInferenceConfig: unknown;
  readonly productionVariants: readonly { readonly variantName?: string; readonly serverlessConfig?: unknown }[];
}

interface RepositoryOutputs {
  readonly name: string;
  readonly encryptionConfigurations: readonly { readonly kmsKey?: string }[];
}

function rollbackAlarmsOf(deploymentConfig: DeploymentConfig | undefined): string[] | undefined {
  return deploymentConfig?.autoRollbackConfiguration?.alarms?.flatMap(({ alarmName }) => alarmName ?? []);
}

/** The stack's alarms for an endpoint that was created before them and doesn't have them. */
function createdAlarms(resources: readonly EarlierResource[], prefix: string): string[] {
  return resources.flatMap(({ type, name, outputs }) =>
    type === "aws:cloudwatch/metricAlarm:MetricAlarm" && name.startsWith(prefix) && typeof outputs.name === "string"
      ? [outputs.name]
      : [],
  );
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
