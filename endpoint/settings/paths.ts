import { statSync } from "node:fs";
import * as path from "node:path";
import type { Problem } from "../problem.ts";
import { systemReason } from "../../text/systemError.ts";
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
    yield* placeRules([...at, "modelRepository"], own.modelRepository, "folder", "a model repository", directory);
    yield* placeRules([...at, "modelArchive"], own.modelArchive, "file", "a .tar.gz", directory);
  }
  const repositories = settings.multiModel?.modelRepositories;
  const at = ["multiModel", "modelRepositories"];
  yield* placeRules(at, repositories, "folder", "a folder of model repositories", directory);
}

function* placeRules(
  at: Problem["path"],
  place: string | undefined,
  kind: "file" | "folder",
  what: string,
  directory: string,
): Generator<Problem> {
  if (place === undefined) return;
  let reason = "";
  try {
    const entry = statSync(path.resolve(directory, place), { throwIfNoEntry: false });
    if (kind === "folder" ? entry?.isDirectory() : entry?.isFile()) return;
  } catch (error) {
    reason = `, because ${systemReason(error)}`;
  }
  yield { path: at, code: "path", message: `isn't a ${kind} in ${directory}${reason}: use a path to ${what}` };
}
