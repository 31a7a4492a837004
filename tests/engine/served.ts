import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  ListEndpointsCommand,
  type DescribeEndpointOutput,
} from "@aws-sdk/client-sagemaker";
import type { AwsClients } from "../../releases/connection.ts";
import type { Cloud } from "./cloud.ts";
import { keyProblems, modelProblems } from "./readability.ts";
import type { Properties } from "./provider/values.ts";
import { types } from "./types.ts";

/** An endpoint as it serves. */
export interface ServedEndpoint {
  /** Its name. */
  readonly name: string;
  /** SageMaker's word for how it is. */
  readonly status: string;
  /** The configuration that it serves. */
  readonly configuration: string;
  /** The Models of the configuration, also where it is gone. */
  readonly models: readonly string[];
  /** The instance counts by variant. */
  readonly counts: Readonly<Record<string, number | undefined>>;
}

/** Every endpoint that SageMaker has. */
export async function servedEndpoints({ sagemaker }: AwsClients, cloud: Cloud): Promise<ServedEndpoint[]> {
  const { Endpoints = [] } = await sagemaker.send(new ListEndpointsCommand({}));
  const described = await Promise.all(
    Endpoints.map(({ EndpointName }) =>
      sagemaker.send(new DescribeEndpointCommand({ EndpointName })).catch((error: unknown) => {
        // The engine deletes in parallel: it may have gone since it was listed.
        if (!/could not find/i.test((error as Error).message)) throw error;
        return undefined;
      }),
    ),
  );
  return described.flatMap((live) => (live ? [describe(cloud, live)] : []));
}

function describe(cloud: Cloud, live: DescribeEndpointOutput): ServedEndpoint {
  const { EndpointName = "", EndpointStatus = "", EndpointConfigName = "", ProductionVariants = [] } = live;
  const inputs = cloud.ever(types.configuration, EndpointConfigName)?.inputs ?? {};
  const variants = [inputs.productionVariants, inputs.shadowProductionVariants].flatMap(
    (list) => (list ?? []) as Properties[],
  );
  return {
    name: EndpointName,
    status: EndpointStatus,
    configuration: EndpointConfigName,
    models: variants.map(({ modelName }) => modelName as string),
    counts: Object.fromEntries(
      ProductionVariants.map((variant) => [variant.VariantName ?? "", variant.DesiredInstanceCount]),
    ),
  };
}

/**
 * What keeps an endpoint from serving, or from starting another instance.
 *
 * @param aws the emulator
 * @param cloud everything else
 * @param endpoint the endpoint
 * @returns a sentence for each
 */
export async function servingProblems(aws: AwsClients, cloud: Cloud, endpoint: ServedEndpoint): Promise<string[]> {
  const problems = endpoint.status === "InService" ? [] : [`${endpoint.name} is ${endpoint.status}`];
  const { configuration } = endpoint;
  try {
    await aws.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configuration }));
  } catch {
    problems.push(`the configuration ${configuration} is gone`);
  }
  problems.push(
    ...keyProblems(cloud, cloud.get(types.configuration, configuration)?.inputs.kmsKeyArn as string | undefined),
  );
  for (const name of new Set(endpoint.models)) {
    const model = cloud.get(types.model, name);
    problems.push(...(model ? modelProblems(cloud, model) : [`the Model ${name} is gone`]));
  }
  return problems;
}
