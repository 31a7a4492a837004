import * as path from "node:path";
import { readStackConfig } from "../preview/stackConfig.ts";
import { readServedModels } from "../triton/repository/servedModel.ts";
import { startup } from "../triton/repository/startup.ts";
import { unloadedCallees } from "../triton/rules/businessLogic.ts";
import { readRepository } from "./repository.ts";

/** What to serve instead of the stack's own model. */
export interface ServedChoice {
  /** The stack's name. */
  readonly stack: string;
  /** The stack's configuration file. Default: `Pulumi.<stack>.yaml`. */
  readonly configFile?: string;
  /** A model repository, folder or archive. Default: the stack's. */
  readonly modelRepository?: string;
  /** The model that answers. Default: the stack's, if the repository has it, otherwise the one that runs the others. */
  readonly defaultModel?: string;
}

/**
 * The settings that override the stack's to serve what was chosen. Another repository has other models, so its default
 * one is determined as in the check.
 *
 * @param choice what to serve
 * @param directory the project's folder
 * @throws Error if there is no such repository
 */
export async function servedSettings(choice: ServedChoice, directory: string): Promise<Record<string, string>> {
  const { stack, configFile, modelRepository, defaultModel } = choice;
  const own: Record<string, string> = defaultModel === undefined ? {} : { defaultModelName: defaultModel };
  if (modelRepository === undefined) return own;
  const { archive, contents } = await readRepository(modelRepository);
  const { project, config } = readStackConfig(directory, stack, configFile);
  const models = new Map(readServedModels(contents).map((model) => [model.name, model]));
  const modelServer = JSON.parse(config[`${project}:modelServer`] ?? "{}") as object;
  const ofStack = config[`${project}:defaultModelName`] ?? "";
  // The program resolves it against the project's folder.
  const place = path.relative(directory, path.resolve(modelRepository)) || ".";
  const options = {
    assumeDefaultModel: true,
    defaultModelName: defaultModel ?? (models.has(ofStack) ? ofStack : undefined),
  };
  const { answering = "", loaded } = startup(models, options);
  // The stack's own list names models of its own repository.
  const loadModels = answering === "" ? [] : unloadedCallees(models, loaded);
  return {
    modelRepository: archive ? "" : place,
    modelArchive: archive ? place : "",
    modelDataUrl: "",
    multiModel: "",
    modelName: "",
    modelServer: JSON.stringify({ ...modelServer, loadModels }),
    defaultModelName: answering,
    ...own,
  };
}

/**
 * The folder of the user's own served repository; `undefined` if it isn't a folder.
 *
 * @param choice what is served
 * @param directory the project's folder
 * @param targetModel the target model, if there are many
 */
export function userRepository(choice: ServedChoice, directory: string, targetModel?: string): string | undefined {
  const { stack, configFile, modelRepository } = choice;
  if (modelRepository !== undefined) return path.resolve(modelRepository);
  const { project, config } = readStackConfig(directory, stack, configFile);
  if (targetModel === undefined) return resolved(config[`${project}:modelRepository`]);
  const { modelRepositories } = JSON.parse(config[`${project}:multiModel`] ?? "{}") as { modelRepositories?: string };
  return modelRepositories && resolved(path.join(modelRepositories, targetModel.replace(/\.tar\.gz$/, "")));

  function resolved(place = ""): string | undefined {
    return place === "" ? undefined : path.resolve(directory, place);
  }
}
