import facts from "./pythonModules.json" with { type: "json" };
import { knownReleases, pythonOf } from "../releases/releases.ts";

interface ImageModules {
  readonly from: string;
  readonly names: readonly string[];
  /** True if an environment's own Python finds them, too. */
  readonly inEnvironments?: boolean;
}

interface StandardLibrary {
  readonly always: readonly string[];
  readonly byPython: Readonly<Record<string, readonly string[] | undefined>>;
}

/**
 * Checks whether the Python in Triton's image has a module, from its standard library or a package.
 *
 * @param name the module's top-level name, for example `numpy`
 * @param release `YY.MM`. Default: whether any release has it
 */
export function imageHasModule(name: string, release?: string): boolean {
  return standardLibraryHas(name, release) || hasAmong(facts.image.modules, name, release);
}

/**
 * Checks whether the Python of an execution environment finds a module that is none of the environment's packages: in its standard
 * library, or where the image's backends put theirs.
 *
 * @param name the module's first name, for example `triton_python_backend_utils`
 * @param release `YY.MM` of the Triton. Default: whether any release has it
 */
export function environmentFindsModule(name: string, release?: string): boolean {
  const modules: readonly ImageModules[] = facts.image.modules;
  const reached = modules.filter(({ inEnvironments }) => inEnvironments === true);
  return standardLibraryHas(name, release) || hasAmong(reached, name, release);
}

function hasAmong(modules: readonly ImageModules[], name: string, release: string | undefined): boolean {
  return modules.some(({ from, names }) => names.includes(name) && (!isKnown(release) || from <= release));
}

/** A release older than all known ones may have any of the modules. */
function isKnown(release: string | undefined): release is string {
  return release !== undefined && release >= (knownReleases[0] ?? "");
}

function standardLibraryHas(name: string, release: string | undefined): boolean {
  // Names with this prefix are internal to the standard library and differ between Python versions.
  if (name.startsWith("_")) return true;
  const { always, byPython }: StandardLibrary = facts.standardLibrary;
  if (always.includes(name)) return true;
  const python = release === undefined ? undefined : pythonOf(release);
  const libraries = python === undefined ? Object.values(byPython).flat() : (byPython[python] ?? []);
  return libraries.includes(name);
}
