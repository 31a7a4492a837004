import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { connect, type AwsClients, type AwsConnection } from "./connection.ts";
import { log } from "../text/pulumi.ts";
import type { EarlierResource } from "./earlierStack.ts";
import { mendingCommand } from "./endpointState.ts";
import type { PlannedRelease } from "./releaseGuard.ts";
import { ServedConfiguration } from "./servedConfiguration.ts";
import { missingToStart } from "./startProblems.ts";

/** Looks after what an endpoint needs in order to start instances. */
export class StartWatch {
  /** The configuration that it serves. */
  readonly configuration: ServedConfiguration;
  readonly #connection: AwsConnection;
  #clients?: Promise<AwsClients>;

  /**
   * @param connection how to reach AWS
   * @param earlier the stack's resources at the start of this run
   * @param keepReleases whether configurations of earlier releases stay in AWS
   */
  constructor(connection: AwsConnection, earlier: readonly EarlierResource[], keepReleases: boolean) {
    this.#connection = connection;
    this.configuration = new ServedConfiguration(
      () => this.#connect(),
      earlier,
      keepReleases,
      (line) => void log.warn(line),
    );
  }

  /**
   * Warns of what was deleted outside the stack; the configuration is created again. What can't be asked or repaired
   * here doesn't keep the endpoint from serving, so nothing is thrown.
   *
   * @param endpoint the endpoint
   * @param planned its name and the configuration that it serves
   */
  async check(endpoint: aws.sagemaker.Endpoint, planned: PlannedRelease): Promise<void> {
    const mend = mendingCommand(pulumi.getStack());
    try {
      for (const what of await this.#missing(endpoint, planned)) {
        const sentence = `${what} does not exist: the endpoint ${planned.endpointName} still serves, but can't start new instances`;
        void log.warn(`${sentence}. To create it again: ${mend}`, endpoint);
      }
    } catch (error) {
      void log.warn(`${(error as Error).message}. To create what is missing: ${mend}`, endpoint);
    }
  }

  async #missing(endpoint: aws.sagemaker.Endpoint, { endpointConfigName }: PlannedRelease): Promise<string[]> {
    const served = await this.configuration.describe(endpointConfigName);
    const { ProductionVariants = [], ShadowProductionVariants = [] } = served ?? {};
    const modelNames = [...ProductionVariants, ...ShadowProductionVariants].flatMap(({ ModelName }) => ModelName ?? []);
    return missingToStart(await this.#connect(), modelNames, { parent: endpoint });
  }

  #connect(): Promise<AwsClients> {
    return (this.#clients ??= connect(this.#connection));
  }
}
