import { deregister, restore, scaledVariants } from "./autoscaling.ts";
import { AwsError, isRefusal, type AwsClients } from "./connection.ts";
import {
  configuredVariants,
  readTags,
  replaceMemory,
  setInstanceCounts,
  settledEndpoint,
  type Patience,
} from "./endpoints.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import { asTags, fromTags, memoryKeys } from "./memory.ts";
import { countsToRestore, merge, savedCounts, toDeregister, type ScaledVariant } from "./scaling.ts";

/**
 * The autoscaling that an update removes and that must be restored. It is saved in tags of the endpoint before anything
 * is removed, so if a run is killed in between, the next one restores it, wherever it runs.
 */
export class SavedScaling {
  readonly #patience: Patience;
  /** What this run still has to restore, by endpoint, because the provider may remove the tags when it sets its own. */
  readonly #remembered = new Map<string, readonly ScaledVariant[]>();

  /** @param patience how long to wait for an endpoint that is scaling */
  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /**
   * Saves the variants' autoscaling and deregisters those whose instance type changes.
   *
   * @param clients the services
   * @param live the endpoint
   * @param endpointConfigName the planned configuration
   * @throws AwsError if AWS doesn't answer
   */
  async save(clients: AwsClients, live: LiveEndpoint, endpointConfigName: string): Promise<void> {
    const tags = await readTags(clients, live);
    const now = await scaledVariants(clients, live);
    const scaled = merge(fromTags(tags), now);
    if (scaled.length === 0) return;
    const leaving = toDeregister(
      now,
      await configuredVariants(clients, live.endpointConfigName),
      await configuredVariants(clients, endpointConfigName),
    );
    await replaceMemory(clients, live, tags, asTags(scaled, tags));
    this.#remembered.set(live.endpointName, scaled);
    for (const variant of leaving) await deregister(clients, variant);
  }

  /**
   * Restores whatever an update of this or an earlier run removed, and forgets it.
   *
   * @param clients the services
   * @param live the endpoint
   * @param unscaledVariants the variants that no longer have autoscaling
   * @throws AwsError if AWS doesn't answer
   */
  async putBack(clients: AwsClients, live: LiveEndpoint, unscaledVariants: readonly string[] = []): Promise<void> {
    const tags = await readTags(clients, live);
    const scaled = this.#remembered.get(live.endpointName) ?? fromTags(tags);
    if (scaled.length === 0 && memoryKeys(tags).length === 0) return;
    this.#remembered.set(live.endpointName, scaled);
    if (live.status !== "InService") return;
    const names = live.variants.map(({ variantName }) => variantName);
    await restoreAll(
      clients,
      live.endpointName,
      scaled.filter(({ variantName }) => names.includes(variantName)),
    );
    const stillScaled = scaled.filter(({ variantName }) => !unscaledVariants.includes(variantName));
    const counts = countsToRestore(stillScaled, live.variants);
    if (counts.length > 0) await this.setCounts(clients, live.endpointName, counts);
    await replaceMemory(clients, live, tags, {});
    this.#remembered.delete(live.endpointName);
  }

  /**
   * Restores what this run removed without looking at the endpoint, whose description AWS doesn't give. The tags stay,
   * so that the next run completes it.
   *
   * @param clients the services
   * @param endpointName the endpoint's name
   * @param updated whether the endpoint was updated since, which resets its instance counts
   * @returns whether nothing that this run removed is missing
   */
  async putBackUnseen(clients: AwsClients, endpointName: string, updated: boolean): Promise<boolean> {
    const scaled = this.#remembered.get(endpointName) ?? [];
    try {
      await restoreAll(clients, endpointName, scaled);
      if (updated && scaled.length > 0) await setInstanceCounts(clients, endpointName, savedCounts(scaled));
      return true;
    } catch (error) {
      if (error instanceof AwsError) return false;
      throw error;
    }
  }

  /**
   * Sets instance counts. Restored autoscaling may be faster, in which case the endpoint is already scaling.
   *
   * @param clients the services
   * @param endpointName the endpoint's name
   * @param counts the input of UpdateEndpointWeightsAndCapacities
   * @throws AwsError if SageMaker refuses
   */
  async setCounts(
    clients: AwsClients,
    endpointName: string,
    counts: { VariantName: string; DesiredInstanceCount: number }[],
  ): Promise<void> {
    try {
      await setInstanceCounts(clients, endpointName, counts);
    } catch (error) {
      if (!isRefusal(error, /in-progress/i)) throw error;
      await settledEndpoint(clients, endpointName, this.#patience);
      await setInstanceCounts(clients, endpointName, counts);
    }
    await settledEndpoint(clients, endpointName, this.#patience);
  }
}

async function restoreAll(clients: AwsClients, endpointName: string, scaled: readonly ScaledVariant[]): Promise<void> {
  const now = await scaledVariants(clients, { endpointName, variants: scaled });
  for (const variant of scaled) {
    const current = now.find(({ variantName }) => variantName === variant.variantName);
    await restore(clients, variant, current);
  }
}
