import { readlink, stat } from "node:fs/promises";
import { readModelFolder } from "../packing/folder.ts";
import { systemReason } from "../packing/systemError.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";
import { fileAdvice } from "./layoutAdvice.ts";
import { typedName } from "./npm.ts";

/** A model repository that a command was given. */
export interface GivenRepository {
  /** Whether it is an archive, and not a folder. */
  readonly archive: boolean;
  /** What is in it. */
  readonly contents: RepositoryContents;
}

/**
 * Reads the model repository that a command was given: a folder, or an archive of one.
 *
 * @param source the path
 * @throws Error where there is neither
 */
export async function readRepository(source: string): Promise<GivenRepository> {
  const entry = await stat(source).catch(async (error: unknown) => {
    throw new Error(await whyNot(source, error), { cause: error });
  });
  const archive = !entry.isDirectory();
  const advice = archive ? fileAdvice(source, typedName("init", process.env)) : undefined;
  if (advice !== undefined) throw new Error(advice);
  if (!archive) return { archive, contents: await readModelFolder(source) };
  // Loading what reads archives takes longer than to read a folder.
  const { readModelArchive } = await import("../packing/modelArchive.ts");
  return { archive, contents: await readModelArchive(source) };
}

async function whyNot(source: string, error: unknown): Promise<string> {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return `"${source}" can't be read: ${systemReason(error)}`;
  const target = await readlink(source).catch(() => undefined);
  return target === undefined
    ? `"${source}" is neither a folder nor an archive: there is nothing of that name`
    : `"${source}" is a symbolic link to ${target}, which does not exist`;
}
