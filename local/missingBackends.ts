import { readModelFolder } from "../packing/folder.ts";
import { readServedModels } from "../triton/servedModel.ts";
import { startup } from "../triton/startup.ts";
import { MessageError } from "./messageError.ts";
import { installedBackends } from "./triton.ts";

/**
 * Refuses a model that needs a backend which the Triton of this machine lacks.
 *
 * @param modelDirectory the model repository
 * @param environment the container's environment
 * @throws MessageError naming every such model and its backend
 */
export async function refuseMissingBackends(
  modelDirectory: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const models = new Map(readServedModels(await readModelFolder(modelDirectory)).map((model) => [model.name, model]));
  const { loaded } = startup(models, {
    defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
    additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
  });
  const missing = [...loaded].flatMap((name) => {
    const { backend = "" } = models.get(name)?.completed ?? {};
    return backend === "" || installedBackends.includes(backend) ? [] : [`  ${name} needs ${backend}`];
  });
  if (missing.length === 0) return;
  throw new MessageError(
    `the model passes the check and is planned, but can't be served on this machine: its Triton has the Python backend only\n${missing.join("\n")}`,
  );
}
