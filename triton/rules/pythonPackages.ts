import { posix } from "node:path";
import type { Finding } from "../finding.ts";
import { changesModulePath, installsPackages, neededImports, type PythonImport } from "../pythonImports.ts";
import { imageHasModule } from "../pythonModules.ts";
import { pythonOf } from "../releases.ts";
import { entriesOf, type ServedModel } from "../servedModel.ts";
import { isUnread, unreadNames } from "../unread.ts";
import type { ServedImage } from "./releases.ts";

/**
 * The rules for the packages that a Python model needs: the container installs nothing, and AWS's image has little more than
 * Python's standard library and numpy. Where the model brings an execution environment, or the image is one's own, nobody knows
 * from here what they hold.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @param model the model
 * @param image the image that will load it
 */
export function* pythonPackageRules(
  model: ServedModel,
  { release, ownImage = false }: ServedImage,
): Generator<Finding> {
  const { config, completed, name, loaded, contents } = model;
  if (completed?.backend !== "python" || ownImage) return;
  if ((config?.parameters.EXECUTION_ENV_PATH?.string_value ?? "") !== "") return;
  const python = release === undefined ? undefined : pythonOf(release);
  const environment = `an environment${python === undefined ? "" : ` of Python ${python}`}`;
  const set =
    'with conda-pack and set EXECUTION_ENV_PATH to "$$TRITON_MODEL_DIRECTORY/environment.tar.gz", or use an image of your own';
  const folders = [name, ...loaded.map((version) => `${name}/${version}`)];
  const requirements = folders.map((folder) => `${folder}/requirements.txt`).filter((path) => contents.files.has(path));
  for (const path of requirements) {
    yield {
      code: "python-requirements-unused",
      path,
      message: "The container does not install what requirements.txt lists; only npm start does, on this machine.",
      remedy: `Pack ${environment} that has it ${set}.`,
    };
  }
  if (requirements.length > 0) return;
  const told = new Set<string>();
  for (const { path, missing } of loaded.flatMap((version) => missingImports(model, version, release))) {
    if (told.has(missing.name)) continue;
    told.add(missing.name);
    yield {
      code: "python-import-unprovided",
      path,
      line: missing.line,
      message: `The code imports "${missing.name}", which ${missing.level > 0 ? "is not beside it" : "neither Triton's image nor the model's folder has"}.`,
      remedy: missing.level > 0 ? "Put the module beside the code." : `Pack ${environment} that has it ${set}.`,
    };
  }
}

interface MissingImport {
  readonly path: string;
  readonly missing: PythonImport;
}

/** What the model's file, and the modules beside it that it imports, need in vain. */
function missingImports(model: ServedModel, version: string, release: string | undefined): MissingImport[] {
  const { name, completed, contents } = model;
  const folder = `${name}/${version}`;
  const entry = posix.join(folder, completed?.filename ?? "");
  const files = new Set([entry]);
  const missing: MissingImport[] = [];
  for (const path of files) {
    const text = contents.texts.get(path) ?? "";
    // Where it gets its modules from is up to the code then.
    if (installsPackages(text) || changesModulePath(text)) return [];
    for (const needed of neededImports(text)) {
      if (needed.inMethod && path !== entry) continue;
      const places = needed.level > 0 ? [folder] : [folder, name];
      const found = places.filter((place) => hasModule(model, place, needed.name));
      if (found.includes(folder)) files.add(`${folder}/${needed.name}.py`);
      else if (found.length === 0 && !isProvided(needed, model, folder, release))
        missing.push({ path, missing: needed });
    }
  }
  return missing;
}

function isProvided(
  { name, level }: PythonImport,
  { contents }: ServedModel,
  folder: string,
  release: string | undefined,
): boolean {
  if (level === 0) return imageHasModule(name, release);
  // What a package defines itself can be imported from it, too; and what lies above is another matter.
  return level > 1 || contents.files.has(`${folder}/__init__.py`);
}

/** A file of Python, compiled or not, or a folder; or what may be one, as far as could be read. */
function hasModule({ contents }: ServedModel, folder: string, name: string): boolean {
  return (
    [...entriesOf(contents, folder)].some(
      ([entry, kind]) => (kind === "folder" && entry === name) || (kind === "file" && isModuleFile(entry, name)),
    ) ||
    isUnread(contents, folder) ||
    unreadNames(contents, folder).some((entry) => entry === name || isModuleFile(entry, name))
  );
}

function isModuleFile(file: string, name: string): boolean {
  return file.startsWith(`${name}.`) && /^\.(?:py|pyc|so|[\w-]+\.so)$/.test(file.slice(name.length));
}
