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
import {
  creationProblem,
  failureOutcome,
  mendingCommand,
  releaseProblem,
  updateProblem,
  type LiveEndpoint,
} from "./endpointState.ts";
import { asTags, fromTags, memoryKeys } from "./memory.ts";
import { countsToReset, countsToRestore, merge, toDeregister, type ScaledVariant } from "./scaling.ts";

/** An endpoint and the configuration that it is to serve. */
export interface PlannedRelease {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The configuration's name. */
  readonly endpointConfigName: string;
  /** Variants that autoscaling is taken from: their count goes back to the configuration's. Default: none. */
  readonly unscaledVariants?: readonly string[];
}

/** A release that did not become what was planned. The message is the whole text for the user. */
export class ReleaseError extends Error {}

/**
 * Watches an endpoint's releases: before an update it remembers and takes out of the way what SageMaker would refuse or
 * reset, afterwards it puts that back, and it believes nobody but SageMaker on what is served.
 *
 * What has to be put back is remembered as tags of the endpoint, before anything is taken away: a run that is killed in
 * between is made good by the next one, wherever it runs.
 */
export class ReleaseGuard {
  readonly #connection: AwsConnection;
  readonly #mend: string;
  readonly #patience: Patience;
  /** What this run still has to put back, by endpoint: the tags that hold it may go when the provider sets its own. */
  readonly #remembered = new Map<string, readonly ScaledVariant[]>();
  #clients?: Promise<AwsClients>;

  /**
   * @param connection how AWS is reached
   * @param patience how long an endpoint in transition is waited for. Default: an hour, looked at every ten seconds
   * @param stack the stack's name, for the commands in messages. Default: none is named, the selected one is meant
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

  /**
   * To be called before an endpoint is made: two can't have one name, and the provider says no more than that.
   *
   * @param endpointName the endpoint's name
   * @throws ReleaseError where there is one of that name, AwsError where AWS does not answer
   */
  async beforeCreate(endpointName: string): Promise<void> {
    const live = await describeEndpoint(await this.#connect(), endpointName);
    if (live) throw new ReleaseError(creationProblem(live));
  }

  /**
   * To be called before an endpoint is updated: remembers the variants that scale by themselves, and deregisters those
   * whose instance type changes, which SageMaker wants.
   *
   * @param release what is planned
   * @throws ReleaseError where SageMaker would refuse the update, AwsError where AWS does not answer; nothing has changed then
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
   * To be called after an endpoint was created or updated: puts back what the update took away and compares what is
   * served with what was planned.
   *
   * @param release what is planned
   * @throws ReleaseError with SageMaker's own reason where it rolled the release back, AwsError where AWS does not answer
   */
  async afterUpdate(release: PlannedRelease): Promise<void> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, release.endpointName, this.#patience);
    if (live) await this.#putBack(clients, live, release.unscaledVariants);
    const problem = releaseProblem(live, release, this.#mend);
    if (problem !== undefined) throw new ReleaseError(problem);
  }

  /**
   * To be called after an endpoint could not be made or updated: puts back what an update took away. The provider says no
   * more than that it failed, and may give up while SageMaker still goes back to the earlier release.
   *
   * @param release what is planned
   * @returns what serves now and how it is mended
   * @throws AwsError where AWS does not answer; the next run puts it back then
   */
  async afterFailure(release: PlannedRelease): Promise<string> {
    await this.makeGood(release.endpointName);
    const live = await describeEndpoint(await this.#connect(), release.endpointName);
    return failureOutcome(live, release, this.#mend);
  }

  /**
   * To be called before an update that changes nothing but tags, those that hold what is to be put back among them: puts
   * back what an update took away.
   *
   * @param endpointName the endpoint's name
   * @throws AwsError where AWS does not answer; the next run puts it back then
   */
  async makeGood(endpointName: string): Promise<void> {
    const clients = await this.#connect();
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live) await this.#putBack(clients, live);
  }

  /**
   * To be called in every run, whether or not the endpoint changes: makes good what a killed run left behind and compares
   * what is served with what was planned. A healthy endpoint that is just being scaled is not waited for.
   *
   * @param release what is planned
   * @throws ReleaseError with SageMaker's own reason where the endpoint does not serve as planned, AwsError where AWS does
   * not answer
   */
  async check(release: PlannedRelease): Promise<void> {
    const live = await describeEndpoint(await this.#connect(), release.endpointName);
    const scaling =
      live?.status === "Updating" && !live.deploying && live.endpointConfigName === release.endpointConfigName;
    if (!scaling) await this.afterUpdate(release);
    if (release.unscaledVariants?.length) await this.#resetCounts(release.endpointName, release.unscaledVariants);
  }

  /** Nobody brings a count back that autoscaling left behind: neither an update that changes nothing nor a refresh. */
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

  /** Autoscaling, just put back, may be quicker: then the endpoint is at work on a count of its own already. */
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
