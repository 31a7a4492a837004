import { readConfig } from "./exampleRequest.ts";

/**
 * Describes the served model to clients, in the words of KServe and Triton: `GET /v2/models` names it, `GET
 * /v2/models/<name>/config` is the configuration of any model in the repository as far as a request needs it. An
 * endpoint says neither.
 * Sources: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_configuration.md
 *
 * @param modelDirectory the model repository
 * @param model the model that answers; absent if there are many
 * @returns the document that answers a request for a path; it is `undefined` for all other paths and unknown models
 */
export function modelDescription(
  modelDirectory: string,
  model: string | undefined,
): (path: string) => Promise<object | undefined> {
  return async (path) => {
    if (model === undefined) return undefined;
    if (path === "/v2/models") return { models: [model] };
    const [, name] = /^\/v2\/models\/([\w.-]+)\/config$/.exec(path) ?? [];
    const config = name === undefined || /^\.+$/.test(name) ? undefined : await readConfig(modelDirectory, name);
    if (!config) return undefined;
    const { max_batch_size, input, output, sequence_batching, ensemble_scheduling, model_transaction_policy } = config;
    const optional = { sequence_batching, ensemble_scheduling, model_transaction_policy };
    return { name, max_batch_size, input, output, ...optional };
  };
}
