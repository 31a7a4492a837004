import { deregister, restore, scaledVariants } from "./autoscaling.ts";
import { connect, isRefusal, type AwsClients, type AwsConnection } from "./connection.ts";
import {
  configuredVariants,
  describeEndpoint,
  readTags,
  replaceMemory,
  setInstanceCounts,
  settledEndpoint,
  type Patience,
} from "./endpoints.ts";
import { failureOutcome, mendingCommand, releaseProblem, updateProblem, type LiveEndpoint } from "./endpointState.ts";
import { asTags, fromTags, memoryKeys } from "./memory.ts";
import { countsToReset, countsToRestore, merge, toDeregister, type ScaledVariant } from "./scaling.ts";

/** An endpoint and the configuration that it should serve. */
export interface PlannedRelease {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The configuration's name. */
  readonly endpointConfigName: string;
  /** Variants that no longer have autoscaling; their count is reset to the configuration's. Default: none. */
  readonly unscaledVariants?: readonly string[];
}

/** A release that failed. The message is the complete text for the user. */
export class ReleaseError extends Error {}

/**
 * Watches an endpoint's releases: before an update it saves and removes what SageMaker would refuse or reset,
 * afterwards it restores that, and it trusts only SageMaker about what is in service.
 *
 * What must be restored is saved in tags of the endpoint before anything is removed, so if a run is killed in between,
 * the next one restores it, wherever it runs.
 */
export class ReleaseGuard {
  readonly #connection: AwsConnection;
  readonly #mend: string;
  readonly #patience: Patience;
  /** What this run still has to restore, by endpoint, because the provider may remove the tags when it sets its own. */
  readonly #remembered = new Map<string, readonly ScaledVariant[]>();
  #clients?: Promise<AwsClients>;

  /**
   * @param connection how to reach AWS
   * @param patience how long to wait for an endpoint in transition. Default: an hour, polling every ten seconds
   * @param stack the stack's name, for the commands in messages. Default: none, which means the selected stack
   */
  constructor(
    connection: AwsConnection,
    patience: Patience = { interval: 10_000, timeout: 3_600_000 },
    stack?: string,
  ) {
    this.#connection = connection;
    this.#mend = mendingCommand(stack);
    this.#patience = patience;
  }

  /** The services, connected to once in a run. */
  connect(): Promise<AwsClients> {
    return this.#connect();
  }

  /**
   * Call before an endpoint is updated. Saves the variants' autoscaling, and deregisters the variants whose instance
   * type changes, as SageMaker requires.
   *
   * @param release the planned release
   * @throws ReleaseError if SageMaker would refuse the update, AwsError if AWS doesn't answer; nothing has been changed
   * then
   */
  async beforeUpdate(release: PlannedRelease): Promise<void> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, release.endpointName, this.#patience);
    const refusal = live ? updateProblem(live) : releaseProblem(live, release, this.#mend);
    if (!live || refusal !== undefined) throw new ReleaseError(refusal);
    const tags = await readTags(clients, live);
    const now = await scaledVariants(clients, live);
    const scaled = merge(fromTags(tags), now);
    if (scaled.length === 0) return;
    const leaving = toDeregister(
      now,
      await configuredVariants(clients, live.endpointConfigName),
      await configuredVariants(clients, release.endpointConfigName),
    );
    await replaceMemory(clients, live, tags, asTags(scaled, tags));
    this.#remembered.set(live.endpointName, scaled);
    for (const variant of leaving) await deregister(clients, variant);
  }

  /**
   * Call after an endpoint was created or updated. Restores what the update removed and compares what is in service
   * with the plan.
   *
   * @param release the planned release
   * @returns the endpoint in service
   * @throws ReleaseError with SageMaker's own reason if it rolled the release back, AwsError if AWS doesn't answer
   */
  async afterUpdate(release: PlannedRelease): Promise<LiveEndpoint> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, release.endpointName, this.#patience);
    if (live) await this.#putBack(clients, live, release.unscaledVariants);
    const problem = releaseProblem(live, release, this.#mend);
    if (!live || problem !== undefined) throw new ReleaseError(problem);
    return live;
  }

  /**
   * Call after creating or updating an endpoint failed. Restores what the update removed. The provider only says that
   * it failed, and may give up while SageMaker is still rolling back.
   *
   * @param release the planned release
   * @returns what is in service now and how to fix it
   * @throws AwsError if AWS doesn't answer; the next run then restores it
   */
  async afterFailure(release: PlannedRelease): Promise<string> {
    await this.makeGood(release.endpointName);
    const live = await describeEndpoint(await this.#connect(), release.endpointName);
    return failureOutcome(live, release, this.#mend);
  }

  /**
   * Call before an update that only changes tags, which may include those that hold what to restore. Restores what an
   * earlier update removed.
   *
   * @param endpointName the endpoint's name
   * @throws AwsError if AWS doesn't answer; the next run then restores it
   */
  async makeGood(endpointName: string): Promise<void> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live) await this.#putBack(clients, live);
  }

  /**
   * Call in every run, whether or not the endpoint changes. Restores what a killed run left missing and compares what
   * is in service with the plan. Doesn't wait for a healthy endpoint that is only scaling.
   *
   * @param release the planned release
   * @returns the endpoint in service
   * @throws ReleaseError with SageMaker's own reason if the endpoint doesn't serve as planned, AwsError if AWS doesn't
   * answer
   */
  async check(release: PlannedRelease): Promise<LiveEndpoint> {
    const live = await describeEndpoint(await this.#connect(), release.endpointName);
    const scaling =
      live?.status === "Updating" &&
      live.pendingConfigName === undefined &&
      live.endpointConfigName === release.endpointConfigName;
    const serving = scaling ? live : await this.afterUpdate(release);
    if (release.unscaledVariants?.length) await this.#resetCounts(release.endpointName, release.unscaledVariants);
    return serving;
  }

  /** Neither an update without changes nor a refresh resets a count that autoscaling left behind. */
  async #resetCounts(endpointName: string, unscaledVariants: readonly string[]): Promise<void> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live?.status !== "InService") return;
    const configured = await configuredVariants(clients, live.endpointConfigName);
    const counts = countsToReset(unscaledVariants, configured, live.variants);
    if (counts.length > 0) await this.#setInstanceCounts(clients, live, counts);
  }

  async #putBack(clients: AwsClients, live: LiveEndpoint, unscaledVariants: readonly string[] = []): Promise<void> {
    const tags = await readTags(clients, live);
    const scaled = this.#remembered.get(live.endpointName) ?? fromTags(tags);
    if (scaled.length === 0 && memoryKeys(tags).length === 0) return;
    this.#remembered.set(live.endpointName, scaled);
    if (live.status !== "InService") return;
    const now = await scaledVariants(clients, live);
    for (const variant of scaled) {
      if (!live.variants.some(({ variantName }) => variantName === variant.variantName)) continue;
      await restore(
        clients,
        variant,
        now.find(({ variantName }) => variantName === variant.variantName),
      );
    }
    const stillScaled = scaled.filter(({ variantName }) => !unscaledVariants.includes(variantName));
    const counts = countsToRestore(stillScaled, live.variants);
    if (counts.length > 0) await this.#setInstanceCounts(clients, live, counts);
    await replaceMemory(clients, live, tags, {});
    this.#remembered.delete(live.endpointName);
  }

  /** The restored autoscaling may be faster, in which case the endpoint is already scaling to a count of its own. */
  async #setInstanceCounts(
    clients: AwsClients,
    { endpointName }: LiveEndpoint,
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

  #connect(): Promise<AwsClients> {
    return (this.#clients ??= connect(this.#connection));
  }
}
