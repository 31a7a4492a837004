import { loadedConfig } from "../triton/config/loadedConfig.ts";
import { readServedModels } from "../triton/repository/servedModel.ts";
import { readModelFolder } from "../packing/folder.ts";
import { wholeAnswer, type Container } from "./container.ts";

/**
 * Describes the served model to clients, in the words of KServe and Triton: `GET /v2/models` names it, `GET
 * /v2/models/<name>/config` is the configuration of any model in the repository as far as a request needs it. An
 * endpoint says neither.
 * Sources: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_configuration.md
 *
 * @param container answers all other requests
 * @param modelDirectory the model repository
 * @param model the model that answers; absent if there are many, which aren't described
 */
export function describing(container: Container, modelDirectory: string, model: string | undefined): Container {
  if (model === undefined) return container;
  return async (request) => {
    const document = request.method === "GET" ? await describe(modelDirectory, model, request.path) : undefined;
    return document ? wholeAnswer(200, JSON.stringify(document)) : container(request);
  };
}

async function describe(modelDirectory: string, model: string, path: string): Promise<object | undefined> {
  if (path === "/v2/models") return { models: [model] };
  const [, name] = /^\/v2\/models\/([\w.-]+)\/config$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  const served = readServedModels(await readModelFolder(modelDirectory)).find((each) => each.name === name);
  const config = served && loadedConfig(served);
  if (!config) return undefined;
  const { max_batch_size, input, output, sequence_batching, ensemble_scheduling, model_transaction_policy } = config;
  const optional = { sequence_batching, ensemble_scheduling, model_transaction_policy };
  return { name, max_batch_size, input, output, ...optional };
}
