import { AwsError, connect, type AwsClients, type AwsConnection } from "./connection.ts";
import {
  configuredVariants,
  describeEndpoint,
  existingConfiguration,
  settledEndpoint,
  type Patience,
} from "./endpoints.ts";
import { failureOutcome, mendingCommand, releaseProblem, updateProblem } from "./endpointState.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import { SavedScaling } from "./savedScaling.ts";
import { countsToReset } from "./scaling.ts";
import { interruptedRun, unansweredProblem } from "./unanswered.ts";

/** An endpoint and the configuration that it should serve. */
export interface PlannedRelease {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The configuration's name. */
  readonly endpointConfigName: string;
  /** Variants that no longer have autoscaling; their count is reset to the configuration's. Default: none. */
  readonly unscaledVariants?: readonly string[];
  /** The configuration that the endpoint has in the stack's state after this run. Default: unknown. */
  readonly recordedConfigName?: string;
}

/** A release that failed. The message is the complete text for the user. */
export class ReleaseError extends Error {}

/**
 * Watches an endpoint's releases: before an update it saves and removes what SageMaker would refuse or reset,
 * afterwards it restores that, and it trusts only SageMaker about what is in service.
 */
export class ReleaseGuard {
  readonly #connection: AwsConnection;
  readonly #mend: string;
  readonly #patience: Patience;
  readonly #scaling: SavedScaling;
  /** The endpoints that this run created or updated, or tried to. */
  readonly #updated = new Set<string>();
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
    this.#scaling = new SavedScaling(patience);
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
  beforeUpdate(release: PlannedRelease): Promise<void> {
    return this.#answered(release.endpointName, (clients) => this.#prepare(clients, release));
  }

  async #prepare(clients: AwsClients, release: PlannedRelease): Promise<void> {
    const live = await settledEndpoint(clients, release.endpointName, this.#patience);
    const refusal = live ? updateProblem(live) : releaseProblem(live, release, this.#mend);
    if (!live || refusal !== undefined) throw new ReleaseError(refusal);
    await this.#scaling.save(clients, live, release.endpointConfigName);
  }

  /**
   * Call after an endpoint was created or updated. Restores what the update removed and compares what is in service
   * with the plan.
   *
   * @param release the planned release
   * @returns the endpoint in service
   * @throws ReleaseError with SageMaker's own reason if it rolled the release back, AwsError if AWS doesn't answer
   */
  afterUpdate(release: PlannedRelease): Promise<LiveEndpoint> {
    this.#updated.add(release.endpointName);
    return this.#answered(release.endpointName, (clients) => this.#verify(clients, release));
  }

  async #verify(clients: AwsClients, release: PlannedRelease): Promise<LiveEndpoint> {
    const { endpointName, endpointConfigName, recordedConfigName } = release;
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live) await this.#scaling.putBack(clients, live, release.unscaledVariants);
    const other = live && live.endpointConfigName !== endpointConfigName ? live.endpointConfigName : undefined;
    const serving = other === undefined ? undefined : await existingConfiguration(clients, other);
    const problem = releaseProblem(live, release, this.#mend, {
      updated: this.#updated.has(endpointName),
      ...(recordedConfigName !== undefined && { recorded: recordedConfigName }),
      ...(serving && { serving }),
    });
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
  afterFailure(release: PlannedRelease): Promise<string> {
    this.#updated.add(release.endpointName);
    return this.#answered(release.endpointName, async (clients) => {
      const live = await this.#makeGood(clients, release.endpointName);
      return failureOutcome(live && (await describeEndpoint(clients, release.endpointName)), release, this.#mend);
    });
  }

  /**
   * Call before an update that only changes tags, which may include those that hold what to restore. Restores what an
   * earlier update removed.
   *
   * @param endpointName the endpoint's name
   * @throws AwsError if AWS doesn't answer; the next run then restores it
   */
  async makeGood(endpointName: string): Promise<void> {
    await this.#answered(endpointName, (clients) => this.#makeGood(clients, endpointName));
  }

  async #makeGood(clients: AwsClients, endpointName: string): Promise<LiveEndpoint | undefined> {
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live) await this.#scaling.putBack(clients, live);
    return live;
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
  check(release: PlannedRelease): Promise<LiveEndpoint> {
    const { endpointName, endpointConfigName, unscaledVariants = [] } = release;
    return this.#answered(endpointName, async (clients) => {
      const live = await describeEndpoint(clients, endpointName);
      const scaling =
        live?.status === "Updating" &&
        live.pendingConfigName === undefined &&
        live.endpointConfigName === endpointConfigName;
      const serving = scaling ? live : await this.#verify(clients, release);
      if (unscaledVariants.length > 0) await this.#resetCounts(clients, endpointName, unscaledVariants);
      return serving;
    });
  }

  /**
   * Call when the run ends while an endpoint is being created or updated. Restores what the update removed.
   *
   * @param endpointName the endpoint's name
   * @returns what is known, and how to complete the run
   */
  async interrupted(endpointName: string): Promise<string> {
    const restored = await this.#scaling.putBackUnseen(await this.#connect(), endpointName, false);
    return interruptedRun(endpointName, !restored, this.#mend);
  }

  /** Neither an update without changes nor a refresh resets a count that autoscaling left behind. */
  async #resetCounts(clients: AwsClients, endpointName: string, unscaledVariants: readonly string[]): Promise<void> {
    const live = await settledEndpoint(clients, endpointName, this.#patience);
    if (live?.status !== "InService") return;
    const configured = await configuredVariants(clients, live.endpointConfigName);
    const counts = countsToReset(unscaledVariants, configured, live.variants);
    if (counts.length > 0) await this.#scaling.setCounts(clients, endpointName, counts);
  }

  /** Runs a step. If AWS doesn't answer, restores the autoscaling as far as possible and names the command. */
  async #answered<Result>(endpointName: string, step: (clients: AwsClients) => Promise<Result>): Promise<Result> {
    const clients = await this.#connect();
    try {
      return await step(clients);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const restored = await this.#scaling.putBackUnseen(clients, endpointName, this.#updated.has(endpointName));
      const { cause } = error;
      throw new AwsError(unansweredProblem(error, endpointName, !restored, this.#mend), { cause });
    }
  }

  #connect(): Promise<AwsClients> {
    return (this.#clients ??= connect(this.#connection));
  }
}
