import facts from "./pythonModules.json" with { type: "json" };
import { pythonOf } from "./releases.ts";

/**
 * Whether the Python of Triton's image has a module by itself, its standard library or a package.
 *
 * @param name the module's first name, for example `numpy`
 * @param release `YY.MM`. Default: whether that of any release has it
 */
export function imageHasModule(name: string, release?: string): boolean {
  // What begins so belongs to the inside of the standard library, and differs with each Python.
  if (name.startsWith("_")) return true;
  const { always, ...versions } = facts.standardLibrary;
  if (always.includes(name)) return true;
  const python = release === undefined ? undefined : pythonOf(release);
  const libraries = [
    ...(python === undefined || python === "3.10" ? versions["3.10"] : []),
    ...(python === undefined || python === "3.12" ? versions["3.12"] : []),
  ];
  return (
    libraries.includes(name) ||
    facts.image.modules.some(({ from, names }) => names.includes(name) && (release === undefined || from <= release))
  );
}
