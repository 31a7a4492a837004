import { readlink, stat } from "node:fs/promises";
import { readModelFolder } from "../packing/folder.ts";
import { specialFileProblem } from "../packing/regularFile.ts";
import { systemReason } from "../text/systemError.ts";
import type { WorkOptions } from "../packing/progress.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { fileAdvice } from "./layoutAdvice.ts";
import { typedName } from "./npm.ts";

/** A model repository given to a command. */
export interface GivenRepository {
  /** Whether it is an archive rather than a folder. */
  readonly archive: boolean;
  /** Its contents. */
  readonly contents: RepositoryContents;
}

/**
 * Reads a model repository from a folder or an archive.
 *
 * @param source the path
 * @param options whether the model that prints Triton's metrics is added to a folder
 * @throws Error if there is neither
 */
export async function readRepository(
  source: string,
  options: Pick<WorkOptions, "serverMetrics"> = {},
): Promise<GivenRepository> {
  const entry = await stat(source).catch(async (error: unknown) => {
    throw new Error(await whyNot(source, error), { cause: error });
  });
  const special = specialFileProblem(source);
  if (special !== undefined) throw new Error(`"${source}" ${special}: name a folder or an archive`);
  const archive = !entry.isDirectory();
  const advice = archive ? fileAdvice(source, typedName("init", process.env)) : undefined;
  if (advice !== undefined) throw new Error(advice);
  if (!archive) return { archive, contents: await readModelFolder(source, options) };
  // Loading the code that reads archives takes longer than reading a folder.
  const { readModelArchive } = await import("../packing/modelArchive.ts");
  return { archive, contents: await readModelArchive(source) };
}

async function whyNot(source: string, error: unknown): Promise<string> {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return `"${source}" can't be read: ${systemReason(error)}`;
  const target = await readlink(source).catch(() => undefined);
  return target === undefined
    ? `"${source}" doesn't exist: name a folder or an archive`
    : `"${source}" is a symbolic link to ${target}, which does not exist`;
}
