import { statSync } from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import * as z from "zod";
import { combinationProblems } from "./sagemaker/combinations.ts";
import { imageTagPattern } from "./sagemaker/imageReleases.ts";
import { parseEcrImage } from "./sagemaker/imageUri.ts";
import { instanceTypeProblem } from "./sagemaker/instanceTypes.ts";
import {
  environmentProblems,
  namePattern,
  tagProblems,
  variantLimits,
  vpcLimits,
  type Range,
} from "./sagemaker/limits.ts";

/** Every setting of a stack: key, type and what is allowed. `Pulumi.yaml` declares the same keys with their defaults. */
export const settingsSchema = z.strictObject({
  endpointName: matching(namePattern, "use 1 to 63 letters, digits and hyphens inside").optional(),
  modelRepository: z.string().optional(),
  modelArchive: z.string().optional(),
  modelDataUrl: matching(
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[^?#]+\.tar\.gz$/,
    "use s3://<bucket>/<key> of a .tar.gz",
  ).optional(),
  modelDataFormat: z.enum(["archive", "prefix"], "use archive or prefix").default("archive"),
  defaultModelName: matching(/^[^/]+$/, "use the name of a folder in the model repository").optional(),
  environment: checked(environmentProblems).default({}),
  bucketName: matching(
    /^(?!xn--|sthree-)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "use 3 to 63 lowercase letters, digits, hyphens and dots inside",
  ).optional(),
  imageTag: matching(imageTagPattern, "use <year>.<month>-py3, for example 26.05-py3").default("26.05-py3"),
  imageDigest: matching(/^sha256:[0-9a-f]{64}$/, "use sha256: and 64 hexadecimal digits").optional(),
  upstreamImage: matching(
    /^[a-z0-9.:_/-]+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    "use an image reference, for example nvcr.io/nvidia/tritonserver:24.10-py3",
  ).optional(),
  imageUri: z
    .string()
    .refine((uri) => parseEcrImage(uri), {
      error: "is not allowed: use <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag> or …@sha256:<digest>",
    })
    .optional(),
  repositoryName: matching(
    /^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/,
    "use 2 to 256 lowercase letters and digits, with . _ - / between them",
  ).optional(),
  immutableTags: flag().default(false),
  instanceType: z.string().superRefine((instanceType, context) => {
    const message = instanceTypeProblem(instanceType);
    if (message) context.addIssue({ code: "custom", message });
  }),
  initialInstanceCount: wholeNumber({ min: 1, max: 10_000 }).default(1),
  initialVariantWeight: decoded(z.number("is not allowed: use a number from 0").min(0)).default(1),
  containerStartupHealthCheckTimeoutInSeconds: wholeNumber(
    variantLimits.containerStartupHealthCheckTimeoutInSeconds,
  ).default(300),
  modelDataDownloadTimeoutInSeconds: wholeNumber(variantLimits.modelDataDownloadTimeoutInSeconds).default(1200),
  volumeSizeInGb: wholeNumber(variantLimits.volumeSizeInGb).optional(),
  inferenceAmiVersion: matching(
    /^al[0-9]+-ami-sagemaker-inference-gpu-[0-9-]+$/,
    "use a host image for GPUs, for example al2023-ami-sagemaker-inference-gpu-4-1",
  ).optional(),
  vpcConfig: decoded(
    z.strictObject({
      subnets: ids("subnet", vpcLimits.subnets),
      securityGroupIds: ids("sg", vpcLimits.securityGroupIds),
    }),
  ).optional(),
  protect: flag().default(false),
  keepReleases: flag().default(false),
  costEnv: z.string().optional(),
  costService: z.string().optional(),
  tags: checked(tagProblems).default({}),
});

/** The settings of a stack, checked. */
export type Settings = z.output<typeof settingsSchema>;

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
    const secret = isSecretSetting(key.split(".")[0] ?? key);
    const shown = value === undefined ? "" : ` ${secret ? "[secret]" : JSON.stringify(value)}`;
    return `  ${key}:${shown} ${message}`;
  });
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  throw new pulumi.RunError(`the configuration of the stack ${pulumi.getStack()} has ${count}:\n${lines.join("\n")}`);
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
  const parsed = settingsSchema.safeParse(given);
  const problems = parsed.error ? parsed.error.issues.flatMap((issue) => describe(issue, given)) : [];
  const wrong = new Set(problems.map(({ key }) => key.split(".")[0]));
  const sound = settingsSchema.partial().safeParse({
    ...Object.fromEntries(Object.entries(given).filter(([key]) => key in settingsSchema.shape && !wrong.has(key))),
  });
  problems.push(
    ...combinationProblems(sound.data ?? {})
      // A source that is given but wrong is reported once, not also as missing.
      .filter(({ key }) => !wrong.has(key))
      .map((problem) => ({ ...problem, value: decode(given[problem.key]) })),
    ...pathProblems(sound.data ?? {}, directory),
  );
  return parsed.success && problems.length === 0 ? { settings: parsed.data, problems } : { problems };
}

function pathProblems(settings: Partial<Settings>, directory: string): SettingsProblem[] {
  const problem = (key: "modelRepository" | "modelArchive", kind: "isDirectory" | "isFile", message: string) => {
    const value = settings[key];
    if (value === undefined) return [];
    const found = statSync(path.resolve(directory, value), { throwIfNoEntry: false });
    return found?.[kind]() ? [] : [{ key, value, message: message.replace(":", ` in ${directory}:`) }];
  };
  return [
    ...problem("modelRepository", "isDirectory", "is no folder: use a path to a model repository"),
    ...problem("modelArchive", "isFile", "is no file: use a path to a .tar.gz"),
  ];
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): SettingsProblem[] {
  if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
    const known = Object.keys(settingsSchema.shape);
    return issue.keys.map((key) => ({ key, message: `is no setting: do you mean ${closest(key, known)}?` }));
  }
  const [first = "", ...rest] = issue.path.map(String);
  const key = [first, ...rest].join(".");
  const value = rest.reduce<unknown>(
    (object, name) => (object as Record<string, unknown> | undefined)?.[name],
    rest.length > 0 ? decode(given[first]) : given[first],
  );
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

function matching(pattern: RegExp, allowed: string) {
  return z.string().regex(pattern, `is not allowed: ${allowed}`);
}

function wholeNumber({ min, max }: Range) {
  const error = `is not allowed: use a whole number from ${min} to ${max}`;
  return decoded(z.int(error).min(min, error).max(max, error));
}

function flag() {
  return decoded(z.boolean("is not allowed: use true or false"));
}

function ids(prefix: string, { min, max }: Range) {
  const error = `is not allowed: use ${min} to ${max} ids like ${prefix}-0123456789abcdef0`;
  return z
    .array(z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), error), error)
    .min(min, error)
    .max(max, error);
}

function checked(problemsOf: (entries: Readonly<Record<string, string>>) => string[]) {
  const entries = z.record(z.string(), z.string("is not allowed: use texts"), "is not allowed: use names and texts");
  return decoded(
    entries.superRefine((value, context) => {
      for (const message of problemsOf(value)) context.addIssue({ code: "custom", message });
    }),
  );
}

/** Pulumi gives every value that is no text as JSON. */
function decoded<T extends z.ZodType>(schema: T) {
  return z.preprocess(decode, schema);
}

function decode(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
