import { existsSync } from "node:fs";
import * as path from "node:path";
import { readModelFolder } from "../packing/folder.ts";
import { readServedModels } from "../triton/repository/servedModel.ts";
import { startup } from "../triton/repository/startup.ts";
import { MessageError } from "./messageError.ts";
import { provideModelPackages } from "./modelPackages.ts";
import { addOnnxRuntime } from "./onnxRuntime.ts";
import type { TritonInstallation } from "./triton.ts";

/**
 * Provides what a repository's models need in addition to Triton, and installs what is missing.
 *
 * @param installation a run's Triton
 * @param modelDirectory the model repository
 * @param environment the container's environment
 * @param signal ends it early. Default: none
 * @throws MessageError listing every model whose backend this machine's Triton lacks
 */
export async function provideModels(
  installation: TritonInstallation,
  modelDirectory: string,
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<void> {
  const models = new Map(readServedModels(await readModelFolder(modelDirectory)).map((model) => [model.name, model]));
  const { loaded } = startup(models, {
    defaultModelName: environment.SAGEMAKER_TRITON_DEFAULT_MODEL_NAME,
    additionalArgs: environment.SAGEMAKER_TRITON_ADDITIONAL_ARGS,
  });
  const needed = [...loaded].map((name) => ({ name, backend: models.get(name)?.completed?.backend ?? "" }));
  const missing = needed.filter(({ backend }) => !["", ...servedBackends].includes(backend));
  if (missing.length > 0) {
    throw new MessageError(
      `the model passes the check and is planned, but can't be served on this machine, whose Triton only has the backends ${servedBackends.join(", ")}\n${missing.map(({ name, backend }) => `  ${name} needs ${backend}`).join("\n")}`,
    );
  }
  const onnx = needed.some(({ backend }) => backend === "onnxruntime");
  if (onnx && !existsSync(path.join(installation.backendDirectory, "onnxruntime"))) {
    await addOnnxRuntime(installation, signal);
  }
  for (const model of [...loaded].flatMap((name) => models.get(name) ?? [])) {
    if (model.completed?.backend === "python") {
      await provideModelPackages(installation, modelDirectory, model, signal);
    }
  }
}

/** The backends of this machine's Triton; ensembles are built in. */
const servedBackends: readonly string[] = ["python", "onnxruntime", "ensemble"];
