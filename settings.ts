import { statSync, type Stats } from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import type * as z from "zod";
import { combinationProblems } from "./sagemaker/combinations.ts";
import { decode } from "./settings/fields.ts";
import { knownKeys } from "./settings/knownKeys.ts";
import { settingsSchema, type Settings } from "./settings/schema.ts";

/** One thing wrong with a stack's configuration. */
export interface SettingsProblem {
  /** The setting, for example `instanceType` or `vpcConfig.subnets`. */
  readonly key: string;
  /** The value, where one was given and it is no secret. */
  readonly value?: unknown;
  /** What is wrong and what is allowed, to be read after the value. */
  readonly message: string;
}

/**
 * Reads this stack's settings from Pulumi's configuration.
 *
 * @returns the settings
 * @throws pulumi.RunError naming every problem, before anything is registered
 */
export function readSettings(): Settings {
  const namespace = `${pulumi.getProject()}:`;
  const raw = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [key.slice(namespace.length), value]),
  );
  const { settings, problems } = checkSettings(raw, process.cwd());
  if (settings) return settings;
  const lines = problems.map(({ key, value, message }) => {
    const secret = isSecretSetting(rootOf(key));
    if (secret && isMasked(value)) return `  ${key}: ${undecryptable}`;
    return `  ${key}:${value === undefined ? "" : ` ${secret ? "[secret]" : shown(value)}`} ${message}`;
  });
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  throw new pulumi.RunError(`the configuration of the stack ${pulumi.getStack()} has ${count}:\n${lines.join("\n")}`);
}

/** What stands for a secret where nothing can decrypt it: in a plan. */
const mask = "[secret]";

const undecryptable =
  "[secret] can't be checked here, where nothing decrypts it: use pulumi preview, or another value in a file for --config-file";

function isMasked(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(mask);
}

/** A long value is known by its beginning. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/**
 * Whether the stack's configuration keeps the setting, or a part of it, as a secret (`pulumi config set --secret`).
 *
 * @param key the setting
 */
export function isSecretSetting(key: string): boolean {
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  return secretKeys.includes(`${pulumi.getProject()}:${key}`);
}

/**
 * Checks a configuration whole: every value by itself, unknown keys, and what does not go together.
 *
 * @param raw the configuration as Pulumi gives it: texts, and objects as JSON; an empty text or object is not set
 * @param directory the folder that relative paths start from
 * @returns the settings where there is no problem; every problem otherwise
 */
export function checkSettings(
  raw: Readonly<Record<string, string>>,
  directory: string,
): { settings?: Settings; problems: SettingsProblem[] } {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== "" && value !== "{}"));
  const parsed = settingsSchema.safeParse(given, { error: allowedType });
  const problems = distinct(parsed.error ? parsed.error.issues.flatMap((issue) => describe(issue, given)) : []);
  const wrong = new Set(problems.map(({ key }) => rootOf(key)));
  const sound = settingsSchema.partial().safeParse({
    ...Object.fromEntries(Object.entries(given).filter(([key]) => key in settingsSchema.shape && !wrong.has(key))),
  });
  problems.push(
    ...combinationProblems(sound.data ?? {})
      // A source that is given but wrong is reported once, not also as missing.
      .filter(({ key }) => !wrong.has(rootOf(key)))
      .map((problem) => ({ ...problem, value: decode(valueAt(given, problem.key)) })),
    ...pathProblems(sound.data ?? {}, directory, ""),
    ...Object.entries(sound.data?.variants ?? {}).flatMap(([variantName, own]) =>
      pathProblems(own, directory, `variants.${variantName}.`),
    ),
    ...pathProblems(sound.data?.shadow ?? {}, directory, "shadow."),
    ...multiModelPathProblems(sound.data ?? {}, directory),
  );
  return parsed.success && problems.length === 0 ? { settings: parsed.data, problems } : { problems };
}

/** What is allowed where a schema says nothing of it: an object's settings. */
function allowedType(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "invalid_type" && issue.expected === "object"
    ? `use an object with ${knownKeys(settingsSchema, issue.path ?? []).join(", ")}`
    : undefined;
}

type ModelPaths = Pick<Settings, "modelRepository" | "modelArchive">;

function pathProblems(settings: ModelPaths, directory: string, prefix: string): SettingsProblem[] {
  const problem = (name: keyof ModelPaths, kind: "isDirectory" | "isFile", message: string) => {
    const value = settings[name];
    if (value === undefined) return [];
    return entryAt(path.resolve(directory, value))?.[kind]()
      ? []
      : [{ key: prefix + name, value, message: message.replace(":", ` in ${directory}:`) }];
  };
  return [
    ...problem("modelRepository", "isDirectory", "is no folder: use a path to a model repository"),
    ...problem("modelArchive", "isFile", "is no file: use a path to a .tar.gz"),
  ];
}

function multiModelPathProblems({ multiModel }: Pick<Settings, "multiModel">, directory: string): SettingsProblem[] {
  const value = multiModel?.modelRepositories;
  if (value === undefined || entryAt(path.resolve(directory, value))?.isDirectory()) return [];
  const message = `is no folder in ${directory}: use a path to a folder of model repositories`;
  return [{ key: "multiModel.modelRepositories", value, message }];
}

/** What is at a path, and nothing where the system takes no such path. */
function entryAt(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** `vpcConfig.subnets.0` is a part of the setting `vpcConfig`. */
function rootOf(key: string): string {
  return key.split(".")[0] ?? key;
}

function valueAt(given: Readonly<Record<string, unknown>>, key: string): unknown {
  const [root = "", ...inner] = key.split(".");
  return inner.reduce<unknown>(
    (object, name) => (object as Record<string, unknown> | undefined)?.[name],
    inner.length > 0 ? decode(given[root]) : given[root],
  );
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): SettingsProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(settingsSchema, issue.path);
    return issue.keys.map((key) => ({
      key: [...issue.path, key].join("."),
      message: `is no setting: do you mean ${closest(key, known)}?`,
    }));
  }
  const key = issue.path.map(String).join(".");
  const value = issue.path.length > 1 ? valueAt(given, key) : objectOrText(given[key]);
  if (value === undefined) return [{ key, message: "is not set, and has to be" }];
  return [
    {
      key,
      value,
      message:
        issue.message.startsWith("is ") || issue.message.startsWith("has ")
          ? issue.message
          : `is not allowed: ${issue.message}`,
    },
  ];
}

/** A text in place of a list is told by both of the list's bounds. */
function distinct(problems: readonly SettingsProblem[]): SettingsProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.key} ${problem.message}`, problem])).values()];
}

/** A value as it is written in the stack's file: JSON of an object is one, `"5"` stays a text. */
function objectOrText(value: unknown): unknown {
  const decoded = decode(value);
  return typeof decoded === "object" && decoded !== null ? decoded : value;
}
