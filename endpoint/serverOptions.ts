import { closest, distance } from "../text/nearest.ts";
import type { ServerSettings } from "../sagemaker/serverEnvironment.ts";
import { startVariables, variablesOfSageMaker } from "../sagemaker/startVariables.ts";
import { optionValueProblem, readServerOptions, type ServerOption } from "../triton/releases/serverOptions.ts";
import { firstWith, holds } from "../triton/releases/releaseFacts.ts";
import { either } from "./fields.ts";
import type { Problem } from "./problem.ts";
import { table } from "../text/table.ts";

const additionalArgs = "SAGEMAKER_TRITON_ADDITIONAL_ARGS";

/** The image whose start script and Triton read the environment. */
export interface ServingImage {
  /** `YY.MM` of the Triton in it; absent if it is unknown. */
  readonly release?: string;
  /**
   * True if its start script and Triton are those of a release; others may support more, so problems are only warnings.
   */
  readonly isRelease: boolean;
  /** True if it serves many models, whose requests take another route. Default: `false`. */
  readonly isMultiModel?: boolean;
}

/**
 * The rules for how the container's start script and Triton read the environment. An argument that Triton doesn't know
 * keeps it from starting. Paths start from the variant. Messages never show a value: it may be a secret.
 * Source: docker/sagemaker/serve and src/command_line_parser.cc in https://github.com/triton-inference-server/server
 *
 * @param settings the settings that become environment variables
 * @param image the image that reads it
 */
export function* serverOptionRules(settings: ServerSettings, image: ServingImage): Generator<Problem> {
  const { environment } = settings;
  for (const [name, value] of Object.entries(environment)) yield* variableRules(name, value);
  const text = environment[additionalArgs] ?? "";
  // Another rule covers what an older start script doesn't pass on.
  if (text === "" || (image.release !== undefined && image.release < "23.07")) return;
  const { options, faults } = readServerOptions(text, image.release);
  for (const message of faults) {
    yield {
      path: ["environment", additionalArgs],
      code: "server-option",
      message,
      ...(!image.isRelease && { severity: "warning" }),
    };
  }
  for (const option of options) yield* optionRules(option, image);
  const has = (name: string) => options.some((option) => option.name === name);
  if (has("response-cache-byte-size") && has("cache-config")) {
    yield {
      path: ["environment", additionalArgs],
      code: "server-option-breaks",
      message: "has --response-cache-byte-size, which Triton refuses beside --cache-config: remove it",
    };
  }
  yield* unheededRules(options, image);
  yield* repeatedRules(options);
}

/** The rules for an option's effect on an endpoint on SageMaker. */
function* optionRules({ name, value = "" }: ServerOption, { release = "" }: ServingImage): Generator<Problem> {
  const breaks = breaking[name]?.(value, release);
  if (breaks === undefined) return;
  yield {
    path: ["environment", additionalArgs],
    code: "server-option-breaks",
    message: `has --${name}, ${breaks}: remove it`,
  };
}

/** Source: `triton/releases/releases.json`, which names its own */
function* unheededRules(
  options: readonly ServerOption[],
  { release, isMultiModel = false }: ServingImage,
): Generator<Problem> {
  const rule = isMultiModel ? "restricted-api-multi-model" : "restricted-api";
  const isRestricted = options.some(({ name }) => name === "http-restricted-api");
  if (!isRestricted || release === undefined || holds(rule, release)) return;
  const since = firstWith(rule);
  const route = isMultiModel ? "/models/<model>/invoke, the route of multi-model endpoints," : "SageMaker's endpoint";
  yield {
    path: ["environment", additionalArgs],
    code: "server-option-unheeded",
    message: `has --http-restricted-api, which Triton applies to ${route} from ${since} on, and the image is ${release}, so ${isMultiModel ? "no inference" : "nothing"} is restricted: use an image of ${since} or newer, or remove it`,
    severity: "warning",
  };
}

const off = /^(false|off|0)$/i;

/** Options that keep the endpoint from answering, by their values. */
const breaking: Readonly<Record<string, ((value: string, release: string) => string | undefined) | undefined>> = table({
  help: () => "which prints Triton's options and ends it",
  "allow-sagemaker": (value) => (off.test(value) ? "which turns off what SageMaker's requests go to" : undefined),
  "sagemaker-port": (value) => (value === "8080" ? undefined : "but SageMaker's requests go to port 8080"),
  "model-control-mode": (value) =>
    /^explicit$/i.test(value) ? undefined : "but the start needs the mode explicit, which it passes itself",
  "load-model": (value) =>
    value === "*" ? "but Triton takes * only alone, and the start loads a model, too" : undefined,
  "http-restricted-api": (value, release) =>
    holds("restricted-api", release) && /^[^:]*\bhealth\b/.test(value)
      ? "which restricts health, but SageMaker's /ping has no such header, so no instance would become healthy"
      : undefined,
});

/** Options that the start script passes too: Triton uses the last, which is the one here. */
function* repeatedRules(options: readonly ServerOption[]): Generator<Problem> {
  const repeated = new Map(options.flatMap((option) => (settingOf(option) ? [[option.name, settingOf(option)]] : [])));
  for (const [name, setting = ""] of repeated) {
    yield {
      path: ["environment", additionalArgs],
      code: "server-option-repeated",
      message: `has --${name}, which the container's start passes, too; Triton takes the one here. Set ${setting} instead`,
      severity: "warning",
    };
  }
}

/** The setting or variable for an option. */
function settingOf({ name, value = "" }: ServerOption): string | undefined {
  if (name === "backend-config") {
    const setting = /^python,(shm-(?:default|growth)-byte-size)=/.exec(value)?.[1];
    return setting && `modelServer.${camelCase(setting)}`;
  }
  const [variable] = Object.entries(startVariables).find(([, known]) => known?.option === name) ?? [];
  if (variable === undefined || name === "model-load-gpu-limit") return undefined;
  const setting = camelCase(variable.replace("SAGEMAKER_TRITON_", "").toLowerCase().replaceAll("_", "-"));
  return variable === "SAGEMAKER_TRITON_DISABLE_MODEL_NAMESPACING" ? variable : `modelServer.${setting}`;
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function* variableRules(name: string, value: string): Generator<Problem> {
  const path = ["environment", name];
  const reserved = variablesOfSageMaker[name];
  if (reserved !== undefined) {
    yield { path, code: "environment-reserved", message: `can't be set, because ${reserved}: remove it` };
    return;
  }
  const variable = startVariables[name];
  if (variable === undefined) {
    const meant = meantVariable(name);
    if (meant === undefined) return;
    yield {
      path,
      code: "environment-unread",
      message: `is read by neither the container's start nor Triton: did you mean ${meant}?`,
      severity: "warning",
    };
    return;
  }
  // The start script ignores an empty value.
  const words = value === "" ? undefined : valueProblem(name, value);
  if (words === undefined) return;
  const isPing = name.endsWith("PING_MODE");
  yield {
    path,
    code: "environment-value-refused",
    message: isPing
      ? `must be ${words}: Triton takes everything else for ready`
      : `must be ${words}, because the server would not start`,
    ...(isPing && { severity: "warning" }),
  };
}

function valueProblem(name: string, value: string): string | undefined {
  const { option, value: kind, values } = startVariables[name] ?? {};
  if (values) return values.includes(value) ? undefined : either(values);
  if (kind ?? option) return optionValueProblem(kind ?? option ?? "", value);
  return undefined;
}

/** Guesses the intended variable of a mistyped name; `undefined` for a name unrelated to Triton. */
function meantVariable(name: string): string | undefined {
  const known = Object.keys(startVariables);
  const upper = name.toUpperCase();
  const inFull = [upper, `SAGEMAKER_${upper}`, `SAGEMAKER_TRITON_${upper}`].find((other) => known.includes(other));
  const nearest = closest(upper, known);
  const isNear = upper.startsWith("SAGEMAKER_TRITON_") || distance(upper, nearest) <= 3;
  return inFull ?? (isNear ? nearest : undefined);
}
