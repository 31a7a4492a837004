import { fileURLToPath } from "node:url";
import { quoted } from "./quoted.ts";

/** How a command was called: npm scripts and `npx sagemaker-triton` run the same commands. */
export interface Invocation {
  /** The command's name in help and messages, for example `npm run plan --`. */
  readonly name: string;
  /**
   * Whether it runs as this package's npm script, so in the package's folder and with npm keeping options given without
   * `--`.
   */
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

/** The part of an option that matters for npm. */
export interface NamedOption {
  /** For example `--config-file`, or `--no-wait`. */
  readonly long?: string;
  /** For example `-y`. */
  readonly short?: string;
  /** Whether it needs a value. */
  readonly required: boolean;
}

/**
 * Corrects a command line from which npm kept options: `npm run plan --stack=prod` reaches the script as `npm run
 * plan`, and would plan another stack.
 *
 * @param invocation how the command was called
 * @param options the command's options
 * @param args the arguments that reached the script
 * @param environment the process's environment, in which npm stores the options it keeps
 * @returns the correct command line; `undefined` if npm kept nothing
 */
export function rightLine(
  { name, script }: Invocation,
  options: readonly NamedOption[],
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (!script) return undefined;
  const rest = [...args];
  const kept = options.flatMap(({ long, short, required }) => {
    // An option that is there needn't be asked for, even if npm has a setting of its name.
    if (long === undefined || args.some((arg) => arg === long || arg === short)) return [];
    const value = settingOf(long, environment);
    if (!value) return [];
    if (!required) return value === "true" ? [long] : [];
    // Without "=", npm treats the option as a flag and passes its value on.
    const given = value === "true" ? rest.shift() : value;
    return [`${long} ${given === undefined ? "<value>" : quoted(given)}`];
  });
  return kept.length === 0 ? undefined : [name, ...kept, ...rest.map(quoted)].join(" ");
}

/** What npm stores of an option: `--no-wait` is the setting `wait`, which is then empty. */
function settingOf(long: string, environment: NodeJS.ProcessEnv): string | undefined {
  const setting = (name: string) => environment[`npm_config_${name.replaceAll("-", "_")}`];
  const [, negated] = /^--no-(.*)$/.exec(long) ?? [];
  if (negated === undefined) return setting(long.slice(2));
  return setting(negated) === "" ? "true" : undefined;
}
