import { z } from "zod";
import type { ModelConfig } from "../triton/config/modelConfigTypes.ts";
import { readBody } from "../releases/boundedBody.ts";
import { ownLimit } from "./answerLimits.ts";
import { noConnection } from "./httpSender.ts";

/** A model as its server describes it. */
export interface ServedModel {
  /** Its configuration. */
  readonly config: ModelConfig;
  /** The configurations of an ensemble's steps. */
  readonly steps: readonly ModelConfig[];
}

/**
 * Asks a server which model it serves, and for its configuration: `GET /v2/models`, as KServe has it, and `GET
 * /v2/models/<name>/config`, as Triton has it. SageMaker's contract has neither, so many servers don't answer.
 *
 * @param url the server's address
 * @param chosen the model that answers. Default: the only one
 * @returns `undefined` if the server doesn't say
 * @throws InvocationError if there is no connection; Error if it serves several models and none is chosen
 */
export async function askForModel(url: string, chosen?: string): Promise<ServedModel | undefined> {
  const name = chosen ?? (await onlyModel(url));
  const config = name === undefined ? undefined : await configOf(url, name);
  return config && { config, steps: await stepsOf(url, config) };
}

async function onlyModel(url: string): Promise<string | undefined> {
  const list = modelList.safeParse(await documentAt(`${url}/v2/models`));
  if (!list.success) return undefined;
  const [only, ...others] = list.data.models;
  if (others.length === 0) return only;
  throw new Error(`${url} serves several models: name one with --default-model: ${list.data.models.join(", ")}`);
}

async function configOf(url: string, name: string): Promise<ModelConfig | undefined> {
  const { success, data } = described.safeParse(
    await documentAt(`${url}/v2/models/${encodeURIComponent(name)}/config`),
  );
  // A request depends on nothing else of a configuration.
  return success ? (data as unknown as ModelConfig) : undefined;
}

async function stepsOf(url: string, config: ModelConfig): Promise<readonly ModelConfig[]> {
  const steps = new Map<string, ModelConfig>();
  const open = [config];
  for (const { ensemble_scheduling: ensemble } of open) {
    for (const { model_name: name } of ensemble?.step ?? []) {
      const step = steps.has(name) || steps.size === MOST_STEPS ? undefined : await configOf(url, name);
      if (!step) continue;
      steps.set(name, step);
      open.push(step);
    }
  }
  return [...steps.values()];
}

const MOST_STEPS = 100;

/**
 * A JSON document of a server.
 *
 * @param address its URL
 * @returns `undefined` if there is none
 * @throws InvocationError if there is no connection
 */
export async function documentAt(address: string): Promise<unknown> {
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(5000) }).catch(
    (error: unknown) => {
      const { cause = error } = error as Error;
      throw noConnection(new URL(address).origin, cause as Error);
    },
  );
  const body = await readBody(response, ownLimit).catch(() => undefined);
  try {
    return response.ok && body ? JSON.parse(Buffer.from(body).toString()) : undefined;
  } catch {
    return undefined;
  }
}

const modelList = z.object({ models: z.array(z.string()).max(1000) });

const tensor = z.object({
  name: z.string(),
  data_type: z.string().regex(/^TYPE_(BOOL|U?INT(8|16|32|64)|FP(16|32|64)|BF16|STRING)$/),
  // Triton writes 64-bit integers as numbers or, as protobuf's JSON has them, as strings.
  dims: z.array(z.coerce.number().int().min(-1)).max(100),
  optional: z.boolean().nullish(),
});

const control = z.object({ kind: z.string().nullish(), data_type: z.string().nullish() });

const described = z.object({
  max_batch_size: z.coerce.number().int().min(0).default(0),
  input: z.array(tensor).max(1000),
  output: z.array(tensor).max(1000).default([]),
  sequence_batching: z
    .object({ control_input: z.array(z.object({ control: z.array(control).default([]) })).default([]) })
    .nullish(),
  model_transaction_policy: z.object({ decoupled: z.boolean().nullish() }).nullish(),
  ensemble_scheduling: z.object({ step: z.array(z.object({ model_name: z.string() })).max(1000) }).nullish(),
});
