import { statSync, type Stats } from "node:fs";
import * as path from "node:path";
import type { Problem } from "../endpoint/problem.ts";
import type { Settings } from "./schema.ts";

/**
 * The rules that files and folders named in the settings exist.
 *
 * @param settings the settings, each valid by itself
 * @param directory the folder that paths are relative to
 */
export function* pathRules(settings: Partial<Settings>, directory: string): Generator<Problem> {
  const places = [
    { at: [], own: settings },
    ...Object.entries(settings.variants ?? {}).map(([name, own]) => ({ at: ["variants", name], own })),
    ...(settings.shadow ? [{ at: ["shadow"], own: settings.shadow }] : []),
  ];
  for (const { at, own } of places) {
    if (own.modelRepository !== undefined && !entryAt(directory, own.modelRepository)?.isDirectory()) {
      yield missing([...at, "modelRepository"], "folder", "a model repository", directory);
    }
    if (own.modelArchive !== undefined && !entryAt(directory, own.modelArchive)?.isFile()) {
      yield missing([...at, "modelArchive"], "file", "a .tar.gz", directory);
    }
  }
  const repositories = settings.multiModel?.modelRepositories;
  if (repositories !== undefined && !entryAt(directory, repositories)?.isDirectory()) {
    yield missing(["multiModel", "modelRepositories"], "folder", "a folder of model repositories", directory);
  }
}

function missing(at: Problem["path"], kind: "file" | "folder", what: string, directory: string): Problem {
  return { path: at, code: "path", message: `isn't a ${kind} in ${directory}: use a path to ${what}` };
}

/** The file status of a path; nothing if it doesn't exist or isn't a valid path. */
function entryAt(directory: string, file: string): Stats | undefined {
  try {
    return statSync(path.resolve(directory, file), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
