import { posix } from "node:path";
import { executionEnvironment, hasOwnStub, type ExecutionEnvironment } from "../models/executionEnvironment.ts";
import type { Finding } from "../repository/finding.ts";
import { changesModulePath, installsPackages, neededImports, type PythonImport } from "../models/pythonImports.ts";
import { environmentFindsModule, imageHasModule } from "../models/pythonModules.ts";
import { pythonOf } from "../releases/releases.ts";
import { entriesOf, type ServedModel } from "../repository/servedModel.ts";
import { hasUnread, isUnread, unreadNames } from "../repository/unread.ts";
import type { ServedImage } from "./releases.ts";

/**
 * The rules for the packages that a Python model needs: the container installs nothing, and AWS's image has little more than
 * Python's standard library and numpy. If the model brings an execution environment that can't be read, or the image is the
 * user's own, its packages are unknown, so nothing is reported.
 * Source: https://github.com/triton-inference-server/python_backend#creating-custom-execution-environments
 *
 * @param image the image that will load it
 */
export function* pythonPackageRules(
  model: ServedModel,
  { release, ownImage = false }: ServedImage,
): Generator<Finding> {
  const { completed, name, loaded, contents } = model;
  if (completed?.backend !== "python" || ownImage) return;
  const environment = executionEnvironment(model);
  if (environment) {
    yield* environmentPackages(model, environment, release);
    return;
  }
  const python = release === undefined ? undefined : pythonOf(release);
  const suited = `an environment${python === undefined ? "" : ` of Python ${python}`}`;
  const set =
    'with conda-pack and set EXECUTION_ENV_PATH to "$$TRITON_MODEL_DIRECTORY/environment.tar.gz", or use your own image';
  const folders = [name, ...loaded.map((version) => `${name}/${version}`)];
  const requirements = folders.map((folder) => `${folder}/requirements.txt`).filter((path) => contents.files.has(path));
  for (const path of requirements) {
    yield {
      code: "python-requirements-unused",
      path,
      message: "The container doesn't install requirements.txt; only npm start does, on this machine.",
      remedy: `Pack ${suited} that has it ${set}.`,
    };
  }
  if (requirements.length > 0) return;
  for (const { path, missing } of missingImports(model, (name) => imageHasModule(name, release))) {
    yield {
      code: "python-import-unprovided",
      path,
      line: missing.line,
      message: `The code imports "${missing.name}", which ${missing.level > 0 ? "isn't next to it" : "neither Triton's image nor the model's folder has"}.`,
      remedy: missing.level > 0 ? "Put the module next to the code." : `Pack ${suited} that has it ${set}.`,
    };
  }
}

/** The imports that are missing in an environment that was read, and that the image's Python uses. */
function* environmentPackages(
  model: ServedModel,
  { content, damage }: ExecutionEnvironment,
  release: string | undefined,
): Generator<Finding> {
  const python = release === undefined ? undefined : pythonOf(release);
  const isUsed = content?.activates === true && (python === undefined || content.pythons.includes(python));
  if (!content || damage !== undefined || !isUsed || content.open || hasOwnStub(model)) return;
  if (hasUnread(model.contents)) return;
  const modules = new Set(content.modules);
  const others = content.isolated ? environmentFindsModule : imageHasModule;
  const isProvided = (name: string) => modules.has(name) || others(name, release);
  if (!isProvided("numpy")) {
    yield {
      code: "environment-without-numpy",
      at: ["parameters", "EXECUTION_ENV_PATH"],
      message: "The execution environment has no numpy, which the Python backend itself imports.",
      remedy: "Add numpy to the environment and pack it again.",
    };
  }
  for (const { path, missing } of missingImports(model, isProvided)) {
    const isBeside = missing.level > 0;
    yield {
      code: "python-import-unprovided",
      path,
      line: missing.line,
      message: `The code imports "${missing.name}", which ${isBeside ? "isn't next to it" : "neither the model's execution environment nor its folder has"}.`,
      remedy: isBeside ? "Put the module next to the code." : "Add it to the environment and pack it again.",
    };
  }
}

interface MissingImport {
  readonly path: string;
  readonly missing: PythonImport;
}

/** The imports of the versions that Triton loads that nothing provides, each module once. */
function missingImports(model: ServedModel, isProvided: (name: string) => boolean): MissingImport[] {
  const found = new Map<string, MissingImport>();
  for (const each of model.loaded.flatMap((version) => missingInVersion(model, version, isProvided))) {
    if (!found.has(each.missing.name)) found.set(each.missing.name, each);
  }
  return [...found.values()];
}

/** The modules that the model's file, and modules next to it that it imports, need but that nothing provides. */
function missingInVersion(model: ServedModel, version: string, isProvided: (name: string) => boolean): MissingImport[] {
  const { name, completed, contents } = model;
  const folder = `${name}/${version}`;
  const entry = posix.join(folder, completed?.filename ?? "");
  const files = new Set([entry]);
  const missing: MissingImport[] = [];
  for (const path of files) {
    const text = contents.texts.get(path) ?? "";
    // Then the code itself decides where its modules come from.
    if (installsPackages(text) || changesModulePath(text)) return [];
    for (const needed of neededImports(text)) {
      if (needed.inMethod && path !== entry) continue;
      const places = needed.level > 0 ? [folder] : [folder, name];
      const found = places.filter((place) => hasModule(model, place, needed.name));
      if (found.includes(folder)) files.add(`${folder}/${needed.name}.py`);
      else if (found.length > 0) continue;
      // Names defined by the package itself can be imported from it too, and relative imports beyond it are a different
      // matter.
      else if (
        needed.level > 0 ? needed.level === 1 && !contents.files.has(`${folder}/__init__.py`) : !isProvided(needed.name)
      )
        missing.push({ path, missing: needed });
    }
  }
  return missing;
}

/** A Python file, compiled or not, or a folder; or what may be one, as far as it could be read. */
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
