import type { CreateEndpointConfigCommandInput, DescribeEndpointConfigOutput } from "@aws-sdk/client-sagemaker";
import { configurationInput } from "./configurationInput.ts";
import { ask, isRefusal, type AwsClients } from "./connection.ts";
import type { EarlierResource } from "./earlierStack.ts";
import { describeConfiguration, describeEndpoint } from "./endpoints.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import type { PlannedRelease } from "./releaseGuard.ts";

/**
 * Restores the configuration that an endpoint serves if somebody deleted it: SageMaker needs it to start instances, and
 * refuses every update of the endpoint without it.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
 */
export class ServedConfiguration {
  readonly #clients: () => Promise<AwsClients>;
  readonly #earlier: readonly EarlierResource[];
  readonly #report: (line: string) => void;
  readonly #keepReleases: boolean;
  /** Configurations that were created for one update of an endpoint, by its name. */
  readonly #borrowed = new Map<string, string>();

  /**
   * @param clients the services
   * @param earlier the stack's resources at the start of this run
   * @param keepReleases whether configurations of earlier releases stay in AWS
   * @param report called with a line about each configuration that was created again
   */
  constructor(
    clients: () => Promise<AwsClients>,
    earlier: readonly EarlierResource[],
    keepReleases: boolean,
    report: (line: string) => void,
  ) {
    this.#clients = clients;
    this.#earlier = earlier;
    this.#keepReleases = keepReleases;
    this.#report = report;
  }

  /**
   * Describes a configuration, which is created again from the stack's state if it is gone.
   *
   * @param name the configuration's name
   * @returns the configuration; `undefined` if it is gone and the state doesn't have it
   * @throws AwsError if SageMaker refuses
   */
  async describe(name: string): Promise<CreateEndpointConfigCommandInput | DescribeEndpointConfigOutput | undefined> {
    const found = await describeConfiguration(await this.#clients(), name);
    if (found) return found;
    const outputs = this.#inState(name);
    return outputs && this.#create(configurationInput(outputs));
  }

  /**
   * Call before an endpoint is updated to another configuration. If the state has forgotten the one that is gone, or its
   * Models are gone too, it is made from the planned one, with the variants that the endpoint has.
   *
   * @param release the planned release
   * @throws AwsError if SageMaker refuses
   */
  async beforeUpdate({ endpointName, endpointConfigName }: PlannedRelease): Promise<void> {
    const clients = await this.#clients();
    const live = await describeEndpoint(clients, endpointName);
    if (!live) return;
    const { endpointConfigName: served } = live;
    if (await describeConfiguration(clients, served)) return;
    this.#borrowed.set(endpointName, served);
    const restored = await this.describe(served).catch((error: unknown) => {
      if (!isRefusal(error, /could not find model/i)) throw error;
    });
    const planned = restored ? undefined : await describeConfiguration(clients, endpointConfigName);
    if (!planned) return;
    const isKnown = this.#inState(served) !== undefined;
    await this.#create(alike(planned, live, (variantName) => (isKnown ? undefined : this.#modelOf(variantName))));
  }

  /**
   * Call after the update. Deletes a configuration that only the update needed: after `--refresh` the engine doesn't
   * know it, so it wouldn't.
   *
   * @param endpointName the endpoint's name
   * @throws AwsError if SageMaker refuses
   */
  async afterUpdate(endpointName: string): Promise<void> {
    const EndpointConfigName = this.#borrowed.get(endpointName);
    if (EndpointConfigName === undefined || this.#keepReleases) return;
    const { DeleteEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
    const { sagemaker } = await this.#clients();
    await ask(`DeleteEndpointConfig ${EndpointConfigName}`, () =>
      sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName })),
    );
    this.#borrowed.delete(endpointName);
  }

  async #create(input: CreateEndpointConfigCommandInput): Promise<CreateEndpointConfigCommandInput> {
    const { CreateEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
    const { sagemaker } = await this.#clients();
    await ask(`CreateEndpointConfig ${input.EndpointConfigName ?? ""}`, () =>
      sagemaker.send(new CreateEndpointConfigCommand(input)),
    );
    this.#report(
      `the endpoint configuration ${input.EndpointConfigName ?? ""}, which the endpoint serves, was deleted outside this stack and has been created again`,
    );
    return input;
  }

  /** The variant's own Model in the state, or else the one that variants share. */
  #modelOf(variantName: string): string | undefined {
    const models = this.#earlier.filter(({ type }) => type === "aws:sagemaker/model:Model");
    const model =
      models.find(({ name }) => name.endsWith(`-server-${variantName}-model`)) ??
      models.find(({ name }) => name.endsWith("-server-model"));
    return model?.outputs.name as string | undefined;
  }

  #inState(configuration: string): EarlierResource["outputs"] | undefined {
    return this.#earlier.find(
      ({ type, outputs }) =>
        type === "aws:sagemaker/endpointConfiguration:EndpointConfiguration" && outputs.name === configuration,
    )?.outputs;
  }
}

/** A configuration for the variants that an endpoint has, with everything else as planned. */
function alike(
  planned: DescribeEndpointConfigOutput,
  live: LiveEndpoint,
  modelOf: (variantName: string) => string | undefined,
): CreateEndpointConfigCommandInput {
  const { ProductionVariants = [] } = planned;
  const [first] = ProductionVariants;
  const variants = live.variants.flatMap(({ variantName, desiredInstanceCount }) => {
    const like = ProductionVariants.find(({ VariantName }) => VariantName === variantName) ?? first;
    const count =
      like?.ServerlessConfig || desiredInstanceCount === 0 ? {} : { InitialInstanceCount: desiredInstanceCount };
    const ModelName = modelOf(variantName) ?? like?.ModelName;
    return like ? [{ ...like, ...count, VariantName: variantName, ...(ModelName !== undefined && { ModelName }) }] : [];
  });
  const described = ["EndpointConfigArn", "CreationTime", "$metadata"];
  return {
    ...Object.fromEntries(Object.entries(planned).filter(([key]) => !described.includes(key))),
    EndpointConfigName: live.endpointConfigName,
    ProductionVariants: variants,
  };
}
