import { fileURLToPath } from "node:url";
import { quoted } from "./quoted.ts";

/** How a command was called: npm scripts and `npx sagemaker-triton` are names of the same commands. */
export interface Invocation {
  /** What help and messages call the command, for example `npm run plan --`. */
  readonly name: string;
  /** Whether it runs as this package's npm script: in the package's folder, and npm takes options without `--` for its own. */
  readonly script: boolean;
}

/**
 * Finds out how a command was called.
 *
 * @param command the command, for example `plan`
 * @param environment the process's environment
 */
export function invocationOf(command: string, environment: NodeJS.ProcessEnv): Invocation {
  const script = isOwnScript(command, environment);
  return { name: script ? scriptName(command) : `sagemaker-triton ${command}`.trimEnd(), script };
}

/**
 * Another command as whoever called this one would type it.
 *
 * @param command the other command
 * @param environment the process's environment
 */
export function typedName(command: string, environment: NodeJS.ProcessEnv): string {
  // What runs is the first argument of the bin, whatever the script.
  return isOwnScript(process.argv[2] ?? "", environment) ? scriptName(command) : `npx sagemaker-triton ${command}`;
}

function isOwnScript(
  command: string,
  { npm_lifecycle_event: event, npm_package_json: file }: NodeJS.ProcessEnv,
): boolean {
  return event === command && file === fileURLToPath(new URL("../package.json", import.meta.url));
}

function scriptName(command: string): string {
  return `npm ${command === "start" ? "" : "run "}${command} --`;
}

/** An option as far as npm matters. */
export interface NamedOption {
  /** For example `--config-file`. */
  readonly long?: string;
  /** Whether a value has to follow. */
  readonly required: boolean;
}

/**
 * The command as it has to be typed, where npm kept options for itself: `npm run plan --stack=prod` reaches the script as
 * `npm run plan`, and would plan another stack.
 *
 * @param invocation how the command was called
 * @param options the command's options
 * @param args the arguments that came through
 * @param environment the process's environment, where npm puts what it keeps
 * @returns the right line; `undefined` where npm kept nothing
 */
export function rightLine(
  { name, script }: Invocation,
  options: readonly NamedOption[],
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (!script) return undefined;
  const rest = [...args];
  const kept = options.flatMap(({ long, required }) => {
    const value = long && environment[`npm_config_${long.slice(2).replaceAll("-", "_")}`];
    if (!value) return [];
    if (!required) return value === "true" ? [long] : [];
    // Without "=", npm takes the option for a switch and passes its value on.
    const given = value === "true" ? rest.shift() : value;
    return [`${long} ${given === undefined ? "<value>" : quoted(given)}`];
  });
  return kept.length === 0 ? undefined : [name, ...kept, ...rest.map(quoted)].join(" ");
}
