import { setTimeout as pause } from "node:timers/promises";
import type { DescribeEndpointConfigOutput } from "@aws-sdk/client-sagemaker";
import { ask, isRefusal, pagesOf, type AwsClients } from "./connection.ts";
import { isInTransition } from "./endpointState.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import { memoryKeys, type EndpointTags } from "./memory.ts";
import type { ConfiguredVariant } from "./scaling.ts";
import type { ExistingConfiguration } from "./servedInstead.ts";

/** How long and how often to poll an endpoint in transition. */
export interface Patience {
  /** The polling interval, in milliseconds. */
  readonly interval: number;
  /** The total time, in milliseconds. */
  readonly timeout: number;
}

/**
 * Reads an endpoint's current state.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @returns the endpoint; `undefined` if there is none
 * @throws AwsError if SageMaker returns an error
 */
export async function describeEndpoint(
  { sagemaker }: AwsClients,
  endpointName: string,
): Promise<LiveEndpoint | undefined> {
  const { DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    const found = await ask(`DescribeEndpoint of ${endpointName}`, () =>
      sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpointName })),
    );
    return {
      endpointName,
      endpointArn: found.EndpointArn ?? "",
      status: found.EndpointStatus ?? "",
      endpointConfigName: found.EndpointConfigName ?? "",
      ...(found.FailureReason !== undefined && { failureReason: found.FailureReason }),
      creationTime: found.CreationTime?.getTime() ?? 0,
      ...(found.PendingDeploymentSummary && {
        pendingConfigName: found.PendingDeploymentSummary.EndpointConfigName ?? "",
      }),
      alarmNames: (found.LastDeploymentConfig?.AutoRollbackConfiguration?.Alarms ?? []).flatMap(
        ({ AlarmName }) => AlarmName ?? [],
      ),
      ...(found.LastModifiedTime !== undefined && { changedAt: found.LastModifiedTime }),
      variants: (found.ProductionVariants ?? []).flatMap(
        ({ VariantName, DesiredInstanceCount, CurrentInstanceCount }) =>
          VariantName === undefined
            ? []
            : [
                {
                  variantName: VariantName,
                  desiredInstanceCount: DesiredInstanceCount ?? CurrentInstanceCount ?? 0,
                },
              ],
      ),
    };
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return undefined;
    throw error;
  }
}

/**
 * Waits until SageMaker has finished working on an endpoint.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @param patience how long to wait
 * @returns the endpoint, still in transition if the time ran out; `undefined` if there is none
 * @throws AwsError if SageMaker returns an error
 */
export async function settledEndpoint(
  clients: AwsClients,
  endpointName: string,
  { interval, timeout }: Patience,
): Promise<LiveEndpoint | undefined> {
  const end = performance.now() + timeout;
  for (;;) {
    const live = await describeEndpoint(clients, endpointName);
    if (!live || !isInTransition(live) || performance.now() >= end) return live;
    await pause(interval);
  }
}

/**
 * Reads an endpoint configuration.
 *
 * @param clients the services
 * @param endpointConfigName the configuration's name
 * @returns the configuration; `undefined` if it doesn't exist
 * @throws AwsError if SageMaker returns an error
 */
export async function describeConfiguration(
  { sagemaker }: AwsClients,
  endpointConfigName: string,
): Promise<DescribeEndpointConfigOutput | undefined> {
  const { DescribeEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    return await ask(`DescribeEndpointConfig of ${endpointConfigName}`, () =>
      sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: endpointConfigName })),
    );
  } catch (error) {
    if (isRefusal(error, /could not find/i)) return undefined;
    throw error;
  }
}

/**
 * Reads who created an endpoint configuration, and when.
 *
 * @param clients the services
 * @param endpointConfigName the configuration's name
 * @returns what AWS says; `undefined` if it doesn't answer or the configuration no longer exists
 */
export async function existingConfiguration(
  { sagemaker }: AwsClients,
  endpointConfigName: string,
): Promise<ExistingConfiguration | undefined> {
  const { DescribeEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    const { EndpointConfigArn = "", CreationTime } = await sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: endpointConfigName }),
    );
    const tags = await tagsOf(sagemaker, EndpointConfigArn);
    return { ...(CreationTime && { createdAt: CreationTime }), tags };
  } catch {
    return undefined;
  }
}

/**
 * Reads the variants of an endpoint configuration.
 *
 * @param clients the services
 * @param endpointConfigName the configuration's name
 * @returns the variants; empty if the configuration no longer exists
 * @throws AwsError if SageMaker returns an error
 */
export async function configuredVariants(
  clients: AwsClients,
  endpointConfigName: string,
): Promise<ConfiguredVariant[]> {
  const { ProductionVariants = [] } = (await describeConfiguration(clients, endpointConfigName)) ?? {};
  return ProductionVariants.map(({ VariantName = "", InstanceType, InitialInstanceCount }) => ({
    variantName: VariantName,
    ...(InstanceType !== undefined && { instanceType: InstanceType }),
    ...(InitialInstanceCount !== undefined && { initialInstanceCount: InitialInstanceCount }),
  }));
}

/**
 * Sets the instance counts of variants.
 *
 * @param clients the services
 * @param endpointName the endpoint's name
 * @param counts the input of UpdateEndpointWeightsAndCapacities
 * @throws AwsError if SageMaker refuses
 */
export async function setInstanceCounts(
  { sagemaker }: AwsClients,
  endpointName: string,
  counts: { VariantName: string; DesiredInstanceCount: number }[],
): Promise<void> {
  const { UpdateEndpointWeightsAndCapacitiesCommand } = await import("@aws-sdk/client-sagemaker");
  await ask(`UpdateEndpointWeightsAndCapacities of ${endpointName}`, () =>
    sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: endpointName,
        DesiredWeightsAndCapacities: counts,
      }),
    ),
  );
}

/**
 * Reads the tags of an endpoint.
 *
 * @param clients the services
 * @param endpoint the endpoint
 * @throws AwsError if SageMaker returns an error
 */
export async function readTags({ sagemaker }: AwsClients, endpoint: LiveEndpoint): Promise<EndpointTags> {
  return ask(`ListTags of ${endpoint.endpointName}`, () => tagsOf(sagemaker, endpoint.endpointArn));
}

async function tagsOf(client: AwsClients["sagemaker"], ResourceArn: string): Promise<EndpointTags> {
  const { paginateListTags } = await import("@aws-sdk/client-sagemaker");
  const tags: Record<string, string> = {};
  for await (const page of pagesOf(paginateListTags({ client }, { ResourceArn }))) {
    for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags[Key] = Value ?? "";
  }
  return tags;
}

/**
 * Sets the endpoint's tags that hold what to restore, replacing all earlier ones of that kind.
 *
 * @param clients the services
 * @param endpoint the endpoint
 * @param current the endpoint's tags
 * @param memory the tags to set; empty to remove them all
 * @throws AwsError if SageMaker refuses
 */
export async function replaceMemory(
  { sagemaker }: AwsClients,
  endpoint: LiveEndpoint,
  current: EndpointTags,
  memory: EndpointTags,
): Promise<void> {
  const { AddTagsCommand, DeleteTagsCommand } = await import("@aws-sdk/client-sagemaker");
  const ResourceArn = endpoint.endpointArn;
  const Tags = Object.entries(memory).map(([Key, Value]) => ({ Key, Value }));
  const TagKeys = memoryKeys(current).filter((key) => !(key in memory));
  if (Tags.length > 0) {
    await ask(`AddTags to ${endpoint.endpointName}`, () => sagemaker.send(new AddTagsCommand({ ResourceArn, Tags })));
  }
  if (TagKeys.length > 0) {
    await ask(`DeleteTags of ${endpoint.endpointName}`, () =>
      sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys })),
    );
  }
}
