import { configText, type Hardware } from "../triton/config/configText.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { readServedModels } from "../triton/repository/servedModel.ts";
import { printable, printableLine } from "./printable.ts";

/**
 * The `config.pbtxt` that Triton ends up with for each model of a repository; none for a model whose own can't be read.
 *
 * @param contents the repository
 * @param hardware the instance's accelerator
 */
export function loadedConfigs(contents: RepositoryContents, hardware: Hardware): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readServedModels(contents).flatMap((model) => {
      const text = configText(model, hardware);
      return text === undefined ? [] : [[model.name, text]];
    }),
  );
}

/**
 * Prints configurations one after the other, each below the path of its file.
 *
 * @param configs the configurations by model
 */
export function renderConfigs(configs: Readonly<Record<string, string>>): string {
  return Object.entries(configs)
    .map(([model, text]) => `# ${printableLine(model)}/config.pbtxt\n${printable(text)}`)
    .join("\n");
}
