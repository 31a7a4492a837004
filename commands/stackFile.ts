import { existsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stringify } from "yaml";
import { describeSystemError, namingFile } from "../text/systemError.ts";

/** The file of a stack that is about to be written. */
export interface StackFile {
  /** Its path, absolute. */
  readonly file: string;
  /** Its path as the user would type it. */
  readonly shown: string;
  readonly exists: boolean;
}

/**
 * The file of a stack.
 *
 * @param project the project's folder
 * @param stack the stack's name
 * @throws Error if the name isn't allowed
 */
export function stackFile(project: string, stack: string): StackFile {
  if (!/^[\w.-]{1,100}$/.test(stack)) {
    throw new Error(
      `--stack: "${stack}" is not allowed: use up to 100 letters, digits, hyphens, underscores and periods`,
    );
  }
  const file = path.join(project, `Pulumi.${stack}.yaml`);
  return { file, shown: path.relative(process.cwd(), file), exists: existsSync(file) };
}

/**
 * The text of a stack's file. Editors find the settings' schema by its first line, if the project has it.
 *
 * @param project the project's folder
 * @param config the configuration by whole keys
 */
export function stackFileText(project: string, config: Readonly<Record<string, unknown>>): string {
  const schema = "docs/stack.schema.json";
  const hasSchema = statSync(path.join(project, schema), { throwIfNoEntry: false })?.isFile();
  const comment = hasSchema ? `# yaml-language-server: $schema=./${schema}\n` : "";
  return comment + stringify({ config }, { aliasDuplicateObjects: false });
}

/**
 * Writes a new file.
 *
 * @param file its path
 * @param text its text
 * @throws Error if it exists or can't be written; nothing is written then
 */
export async function writeNew(file: string, text: string): Promise<void> {
  await namingFile(file, writeFile(file, text, { flag: "wx" })).catch((error: unknown) => {
    throw new Error(`nothing was written: ${describeSystemError(error) ?? (error as Error).message}`, { cause: error });
  });
}
