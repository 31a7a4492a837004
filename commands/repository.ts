import { stat } from "node:fs/promises";
import { readModelFolder } from "../packing/folder.ts";
import type { RepositoryContents } from "../triton/repositoryContents.ts";

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
  const entry = await stat(source).catch(() => undefined);
  if (!entry) throw new Error(`"${source}" is neither a folder nor an archive: there is nothing of that name`);
  const archive = !entry.isDirectory();
  if (!archive) return { archive, contents: await readModelFolder(source) };
  // Loading what reads archives takes longer than to read a folder.
  const { readModelArchive } = await import("../packing/modelArchive.ts");
  return { archive, contents: await readModelArchive(source) };
}
