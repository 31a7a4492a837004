import { exampleRequest, type ExampleRequest } from "../local/exampleRequest.ts";
import { plannedModel, withUnpacked, type PlannedModel } from "../local/plannedModel.ts";
import { serveArguments } from "../local/serveArguments.ts";
import { readModelFolder } from "../packing/folder.ts";
import { previewStack } from "../preview/plan.ts";
import { loadedConfig } from "../triton/config/loadedConfig.ts";
import type { ModelConfig } from "../triton/config/modelConfig.ts";
import { refuseErrors } from "../triton/repository/modelError.ts";
import { targetModelOf } from "../triton/repository/multiModel.ts";
import { readServedModels, subfolders } from "../triton/repository/servedModel.ts";
import { isUnread } from "../triton/repository/unread.ts";
import { projectDirectory } from "./project.ts";

/** Where to read a deployed model's configuration, which Triton doesn't expose through SageMaker. */
export interface DeployedModelOptions {
  /** The stack that deploys it. */
  readonly stack?: string;
  /** Its configuration file, instead of `Pulumi.<stack>.yaml`. */
  readonly configFile?: string;
  /** The model repository, instead of the stack's. */
  readonly modelRepository?: string;
  /** The model that answers, instead of the stack's. */
  readonly defaultModel?: string;
  /** The model archive that answers, if there are many. */
  readonly targetModel?: string;
  /** The variant that answers. Default: the first one. */
  readonly targetVariant?: string;
}

/** A deployed model as described by its repository. */
export interface DeployedModel {
  /** The configuration that it is loaded with; absent if it has none that can be read. */
  readonly config?: ModelConfig;
  /** Its example request; absent if there is none and its inputs are not known. */
  readonly example?: ExampleRequest;
}

/**
 * Reads the model that answers from its repository.
 *
 * @param options where to look
 * @returns the model; `undefined` if neither a stack nor a repository is given
 * @throws Error if the stack or the repository can't be read
 */
export async function deployedModel(options: DeployedModelOptions): Promise<DeployedModel | undefined> {
  const { stack, configFile, modelRepository, defaultModel, targetVariant } = options;
  if (modelRepository !== undefined) {
    return modelIn(modelRepository, (folders) => defaultModel ?? serveArguments({}, folders).defaultModelName);
  }
  if (stack === undefined) return undefined;
  const name = stack.split("/").at(-1) ?? stack;
  const plan = await previewStack({ stack: name, configFile, directory: projectDirectory() });
  return plannedModelOf(plannedModel(plan, targetVariant), options);
}

function plannedModelOf(planned: PlannedModel, options: DeployedModelOptions): Promise<DeployedModel> {
  const { targetModel, defaultModel } = options;
  if (!planned.targetModels) {
    return withUnpacked(planned, (directory) =>
      modelIn(
        directory,
        (folders) => defaultModel ?? serveArguments(planned.environment, folders).defaultModelName,
        planned.environment.SAGEMAKER_TRITON_INFERENCE_TYPE ?? "infer",
      ),
    );
  }
  const names = planned.targetModels.map(({ name }) => name).join(", ");
  if (targetModel === undefined)
    throw new Error(`the endpoint has many models: name one with --target-model: ${names}`);
  const target = planned.targetModels.find(({ name }) => name === targetModel);
  if (!target) throw new Error(`there is no target model "${targetModel}": use one of ${names}`);
  return withUnpacked({ ...planned, unpack: target.unpack }, (directory) => modelIn(directory, undefined, "infer"));
}

/** On a multi-model endpoint, each repository determines which of its models answers. */
async function modelIn(
  directory: string,
  choose?: (folders: readonly string[]) => string | undefined,
  inferenceType?: string,
): Promise<DeployedModel> {
  const contents = await readModelFolder(directory);
  if (isUnread(contents, ".")) refuseErrors(`the model repository ${directory} can't be read:`, contents.problems);
  const name = choose ? choose(subfolders(contents, "")) : targetModelOf(contents);
  const models = readServedModels(contents);
  const model = models.find((served) => served.name === name);
  if (!model) {
    const names = models.map((served) => served.name).join(", ");
    throw new Error(
      name === undefined
        ? `it isn't clear which of the models answers: use --default-model with one of ${names}`
        : `there is no model "${name}" in the repository: it has ${names === "" ? "none" : names}`,
    );
  }
  const config = loadedConfig(model);
  if (!config) refuseErrors(`the model "${model.name}" can't be read:`, contents.problems);
  const example = await exampleRequest(directory, model.name, inferenceType);
  return { ...(config && { config }), ...(example && { example }) };
}
