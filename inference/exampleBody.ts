import type { ModelConfig } from "../triton/config/modelConfig.ts";
import { encodeRequest, type EncodedBody } from "./index.ts";
import { isDecoupled, zeroRequest } from "./zeroRequest.ts";

/** The inference types for which `/invocations` takes a JSON object of the model's inputs. */
export type GenerateType = "generate" | "generate_stream";

/** Checks whether requests of an inference type are JSON objects of the model's inputs. */
export function isGenerateType(inferenceType: string): inferenceType is GenerateType {
  return inferenceType === "generate" || inferenceType === "generate_stream";
}

/**
 * The inference type of requests that try a model, if its endpoint's isn't known: a decoupled model answers no others
 * than those that generate.
 *
 * @param configs the configurations of the model and its steps
 */
export function usualInferenceType(configs: readonly ModelConfig[]): "infer" | "generate_stream" {
  return isDecoupled(configs) ? "generate_stream" : "infer";
}

/**
 * Makes a request that fits a model, for its endpoint's inference type.
 *
 * @param configs the configurations of the model and its steps
 * @param inferenceType the endpoint's. Default: the usual one for the model
 * @returns the request; `undefined` if the model's inputs aren't known, or it answers no request of that type
 */
export function exampleBody(
  configs: readonly ModelConfig[],
  inferenceType: string = usualInferenceType(configs),
): EncodedBody | undefined {
  const [config, ...steps] = configs;
  if (!config || config.input.length === 0) return undefined;
  if (isGenerateType(inferenceType)) {
    const request = generateRequest(config, inferenceType);
    return request && { body: Buffer.from(JSON.stringify(request)), contentType: "application/json" };
  }
  return isDecoupled(configs) ? undefined : encodeRequest(zeroRequest(config, steps), "binary");
}

/**
 * Makes a request of `/generate`: a value for each required input, and a prompt for each text, because models of
 * language refuse an empty one.
 * Source: https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md
 *
 * @param config the model's configuration
 * @param type whether the answer is streamed, which vLLM's input `stream` repeats
 * @returns `undefined` if an input has more than one dimension, which such a request can't hold
 */
export function generateRequest(config: ModelConfig, type: GenerateType): Record<string, unknown> | undefined {
  const required = config.input.filter(({ optional, name }) => !optional || name === "stream");
  const sized = required.map(({ name, data_type, dims }) => ({
    name,
    data_type,
    dims: dims.filter((size) => size !== 1),
  }));
  if (sized.some(({ dims }) => dims.length > 1)) return undefined;
  return Object.fromEntries(
    sized.map(({ name, data_type, dims: [size = 1] }) => {
      const value = name === "stream" ? type === "generate_stream" : exampleValue(data_type);
      return [name, size > 1 ? new Array<unknown>(size).fill(value) : value];
    }),
  );
}

function exampleValue(type: string): string | boolean | number {
  return type === "TYPE_STRING" ? "Hello" : type === "TYPE_BOOL" ? false : 0;
}
