import { exampleOf, isOfKind, kindInWords } from "../config/parameterKinds.ts";
import type { ConfigPath, ModelConfig } from "../config/modelConfig.ts";
import { backendParametersOf, isRead, type ParameterFact, type ParameterFacts } from "../releases/backendParameters.ts";
import type { Finding } from "../repository/finding.ts";
import type { ServedModel } from "../repository/servedModel.ts";
import { closest, distance } from "../../text/nearest.ts";

/** The facts about the server that decide which parameters are read. */
export interface ParameterReader {
  /** `YY.MM` of the image's Triton. Default: the newest. */
  readonly release?: string;
  /** The instance's accelerator. Default: unknown; what only a GPU's instance reads is checked. */
  readonly accelerator?: "cpu" | "gpu";
}

/** The parameters of one list, and who reads them. */
export interface Reading extends ParameterReader {
  /** The reader's name in messages. */
  readonly reader: string;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** All that is read of the list. */
  readonly facts: ParameterFacts;
  /** The list's place in the configuration. */
  readonly at: ConfigPath;
  /** True if an instance of the model may be on a GPU. */
  readonly onGpu: boolean;
}

/**
 * The rules for the parameters that a model's backend reads: all of them are data of one shape.
 * Source: `backendParameters.json`, which names its own: https://github.com/triton-inference-server's backends
 */
export function* backendParameterRules(
  { config, completed, configPath, name }: ServedModel,
  reader: ParameterReader,
): Generator<Finding> {
  if (!config || !completed || config.ensemble_scheduling) return;
  const { backend, platform } = completed;
  const tables = backendParametersOf(backend, platform, config.runtime);
  const values = Object.fromEntries(
    Object.entries(config.parameters).map(([name, value]) => [name, value?.string_value]),
  );
  const facts = Object.assign({}, ...tables.map(({ parameters }) => parameters)) as ParameterFacts;
  const onGpu = mayUseGpu(config, reader);
  const reading = { ...reader, reader: backend, values, facts, at: ["parameters"], onGpu };
  for (const { parameters } of tables) {
    yield* missingFindings(parameters, reading, configPath === undefined ? { path: name } : {});
    for (const [name, fact] of Object.entries(parameters)) yield* parameterFindings(name, fact, reading);
  }
  // A Python model reads parameters of its own.
  if (backend === "python" || tables.length === 0) return;
  yield* misspelt(reading);
}

/** Checks whether an instance of a model may be on a GPU. */
export function mayUseGpu({ instance_group: groups }: ModelConfig, { accelerator }: ParameterReader): boolean {
  return accelerator !== "cpu" && !(groups.length > 0 && groups.every(({ kind }) => kind === "KIND_CPU"));
}

function* missingFindings(
  facts: ParameterFacts,
  { reader, values, release }: Reading,
  where: Pick<Finding, "path">,
): Generator<Finding> {
  for (const [name, fact] of Object.entries(facts)) {
    const { required = false, kind, replaces, replacedBy, since, until } = fact;
    if (!required || !isRead(fact, release) || !isWanted(fact, values) || values[name] !== undefined) continue;
    const earlier = replaces === undefined ? undefined : values[replaces];
    if (earlier !== undefined && isOfKind(kind, earlier)) continue;
    const later = replacedBy !== undefined && values[replacedBy] !== undefined ? replacedBy : undefined;
    const releases = until === undefined ? (since === undefined ? "" : ` from ${since} on`) : ` up to ${until}`;
    yield {
      code: "backend-parameter-missing",
      ...where,
      message: `The backend ${reader} needs the parameter ${name}${releases}, without which the model doesn't load${release === undefined ? "" : `, and the image is ${release}`}.`,
      remedy:
        later === undefined
          ? `Add parameters { key: "${name}" value { string_value: "${exampleOf(kind)}" } }; it takes ${kindInWords(kind)}.`
          : `Rename ${later} to ${name}, or use an image of ${facts[later]?.since ?? ""} or newer, which reads it.`,
    };
  }
}

/** Checks whether a parameter is surely read beside the others. */
function isWanted({ when }: ParameterFact, values: Reading["values"]): boolean {
  return when === undefined || when.some((other) => /^(true|1)$/i.test(values[other] ?? ""));
}

/** Checks whether a parameter is read beside the others once these have the values that they need. */
function mayBeWanted({ when }: ParameterFact, { values, facts }: Reading): boolean {
  const given = (when ?? []).flatMap((other) => values[other] ?? []);
  if (given.length === 0) return when?.every((other) => facts[other]?.required) ?? true;
  return given.some((value) => !/^(false|0)$/i.test(value));
}

/**
 * The findings for the value of a parameter.
 * Source: `backendParameters.json`, which names its own: https://github.com/triton-inference-server's backends
 */
export function* parameterFindings(name: string, fact: ParameterFact, reading: Reading): Generator<Finding> {
  const { reader, values, at, release, onGpu } = reading;
  const value = values[name];
  if (value === undefined || (fact.gpu && !onGpu) || !mayBeWanted(fact, reading)) return;
  if (!isRead(fact, release)) {
    yield* unread(name, fact, reading);
    return;
  }
  const problem = valueProblem(fact, value, release);
  if (problem === undefined) return;
  const ignored = fact.otherwise === "ignored";
  yield {
    code: ignored ? "backend-parameter-ignored" : "backend-parameter-invalid",
    at: [...at, name],
    message: `The parameter ${name} is "${value}", but ${ignored ? `${reader} uses its default for anything but` : `the backend expects`} ${problem.expected}.`,
    remedy: `Write "${problem.instead}"${problem.isOnly ? "" : ", or another such value"}${fact.required ? "" : ", or remove the parameter"}.`,
  };
}

interface ValueProblem {
  /** The values that are taken. */
  readonly expected: string;
  /** One of them, the most alike. */
  readonly instead: string;
  /** True if it is surely the one that is meant. */
  readonly isOnly: boolean;
}

function valueProblem(fact: ParameterFact, value: string, release: string | undefined): ValueProblem | undefined {
  const { kind, words, anyCase = false } = fact;
  if (!words) {
    if (isOfKind(kind, value, fact)) return undefined;
    return { expected: kindInWords(kind, fact), instead: exampleOf(kind), isOnly: false };
  }
  const given = anyCase ? value.toLowerCase() : value;
  const since = Object.hasOwn(words, given) ? words[given] : undefined;
  if (since !== undefined && (release === undefined || since <= release)) return undefined;
  const taken = Object.keys(words).filter((word) => release === undefined || (words[word] ?? "") <= release);
  const list = taken.join(", ").replace(/, ([^,]*)$/, " or $1");
  const later = since === undefined ? "" : ` in Triton ${String(release)}, and ${given} from ${since} on`;
  const instead = closest(given.toLowerCase(), taken);
  return { expected: `${list}${later}`, instead, isOnly: distance(given.toLowerCase(), instead.toLowerCase()) <= 2 };
}

/** The warning for a parameter that only other releases read. */
function* unread(name: string, fact: ParameterFact, { values, at, release, reader }: Reading): Generator<Finding> {
  const { since, until, replaces, replacedBy } = fact;
  const other = replacedBy ?? replaces;
  // Under both of its names, it is for images of either kind. What is required under its other name is reported as missing.
  if (release === undefined || (other !== undefined && values[other] !== undefined)) return;
  if (fact.required && replaces !== undefined) return;
  const isOld = until !== undefined && release > until;
  const read = isOld ? `up to ${until} only` : `from ${String(since)} on`;
  const instead = other === undefined ? "" : `, or use ${other} in its place`;
  yield {
    code: "backend-parameter-ignored",
    at: [...at, name],
    message: `The backend ${reader} reads the parameter ${name} ${read}, and the image is ${release}.`,
    remedy: isOld
      ? other === undefined
        ? "Remove it."
        : `Use ${other} in its place.`
      : `Remove it${instead}, or use an image of ${String(since)} or newer.`,
  };
}

/** The warnings for parameters with almost the name of one that is read. */
function* misspelt({ reader, values, facts, at }: Reading): Generator<Finding> {
  const known = Object.keys(facts);
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    const meant = known.find((other) => other.toLowerCase() === name.toLowerCase()) ?? closest(name, known);
    const isAlike = meant.toLowerCase() === name.toLowerCase() || (meant.length > 5 && distance(name, meant) <= 2);
    if (!isAlike || values[meant] !== undefined) continue;
    yield {
      code: "backend-parameter-ignored",
      at: [...at, name],
      message: `The backend ${reader} doesn't read a parameter ${name}.`,
      remedy: `Did you mean ${meant}?`,
    };
  }
}
