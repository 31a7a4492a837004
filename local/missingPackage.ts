/**
 * What to do about a package that a model imports and nothing provides.
 *
 * @param reason why Triton could not load the model, in its own words
 * @returns a line for people; empty where no package is missing
 */
export function missingPackageRemedy(reason: string): string {
  // A name with a number is that of a version's folder: a module beside the code is missing, not a package.
  const [, name] = /No module named '([^'.\d][^'.]*)/.exec(reason) ?? [];
  if (name === undefined) return "";
  return `\nNothing provides ${name}: Triton's image has Python's standard library and numpy. Put an execution environment that has it into the model's folder (EXECUTION_ENV_PATH), or use an image of your own. The local Triton also installs what requirements.txt beside model.py lists; the container does not.`;
}
