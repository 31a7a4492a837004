import * as path from "node:path";
import { readStackConfig } from "../preview/stackConfig.ts";
import { readServedModels } from "../triton/servedModel.ts";
import { startup } from "../triton/startup.ts";
import { readRepository } from "./repository.ts";

/** What is served in place of what the stack says. */
export interface ServedChoice {
  /** The stack's name. */
  readonly stack: string;
  /** The stack's configuration file. Default: `Pulumi.<stack>.yaml`. */
  readonly configFile?: string;
  /** A model repository, folder or archive. Default: the stack's. */
  readonly modelRepository?: string;
  /** The model that answers. Default: the stack's, where the repository has it, or else the one that runs the others. */
  readonly defaultModel?: string;
}

/**
 * The settings that stand in place of the stack's, so that it serves what was chosen. Another repository has other models:
 * its default one is found as the check finds it.
 *
 * @param choice what is served
 * @param directory the project's folder
 * @throws Error where there is no such repository
 */
export async function servedSettings(choice: ServedChoice, directory: string): Promise<Record<string, string>> {
  const { stack, configFile, modelRepository, defaultModel } = choice;
  const own: Record<string, string> = defaultModel === undefined ? {} : { defaultModelName: defaultModel };
  if (modelRepository === undefined) return own;
  const { archive, contents } = await readRepository(modelRepository);
  const { project, config } = readStackConfig(directory, stack, configFile);
  const models = new Map(readServedModels(contents).map((model) => [model.name, model]));
  const ofStack = config[`${project}:defaultModelName`] ?? "";
  // The program reads it in the project's folder.
  const place = path.relative(directory, path.resolve(modelRepository)) || ".";
  return {
    modelRepository: archive ? "" : place,
    modelArchive: archive ? place : "",
    modelDataUrl: "",
    multiModel: "",
    modelName: "",
    defaultModelName: models.has(ofStack) ? ofStack : (startup(models, { assumeDefaultModel: true }).answering ?? ""),
    ...own,
  };
}

/**
 * The folder of the user's own repository that is served; `undefined` where it is none.
 *
 * @param choice what is served
 * @param directory the project's folder
 * @param targetModel the model's archive, where there are many
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
