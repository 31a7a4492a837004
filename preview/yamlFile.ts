import { readTextFile } from "../packing/regularFile.ts";
import { parseYaml, withinStack } from "../text/yamlDocument.ts";

/** How large a configuration may be, in bytes. */
const mostBytes = 256 * 1024;

/**
 * Reads a YAML file of Pulumi as the engine does, with merge keys.
 *
 * @param file the path
 * @throws Error naming the file and, for what is wrong inside of it, each line
 */
export function readYamlFile(file: string): unknown {
  const { document } = parseYaml(readTextFile(file, mostBytes), file);
  return withinStack(file, () => document.toJS() as unknown);
}
