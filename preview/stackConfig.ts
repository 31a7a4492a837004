import { lstatSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { readYamlFile } from "./yamlFile.ts";

/** A stack's configuration as the engine would pass it to the program. */
export interface StackConfig {
  /** The project's name. */
  readonly project: string;
  /** The program's file, absolute. */
  readonly program: string;
  /** Namespaced keys with string values; other values are JSON. */
  readonly config: Record<string, string>;
  /** The keys that hold a secret. Secrets can't be decrypted here and are replaced by `[secret]`. */
  readonly secretKeys: string[];
}

/** The stack has no configuration file. */
export class UnknownStackError extends Error {}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` as the engine does: settings that the stack doesn't set have the
 * project's defaults.
 * Source: https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 *
 * @param directory the project's folder
 * @param stack the stack's name
 * @param configFile the stack's configuration file, as in `pulumi --config-file`. Default: `Pulumi.<stack>.yaml`
 * @throws UnknownStackError if the stack has no configuration file
 * @throws Error if the file isn't a stack's configuration
 */
export function readStackConfig(directory: string, stack: string, configFile?: string): StackConfig {
  const project = readProject(directory);
  const stackFile = path.resolve(directory, configFile ?? `Pulumi.${stack}.yaml`);
  if (isMissing(stackFile)) {
    if (configFile !== undefined) throw new UnknownStackError(`the configuration file ${configFile} does not exist`);
    const stacks = readdirSync(directory).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const remedy =
      stacks.length > 0
        ? `use one of ${stacks.sort().join(", ")}`
        : `${project.name} has none with a configuration yet: create it with pulumi stack init ${stack}, and pulumi config set`;
    throw new UnknownStackError(`there is no stack "${stack}": ${remedy}`);
  }
  const values = readValues(stackFile, project.name);
  const defaults = Object.entries(project.config ?? {}).flatMap(([key, { value, default: fallback = value }]) =>
    fallback === undefined ? [] : [[namespaced(key, project.name), fallback] as const],
  );
  const merged = { ...Object.fromEntries(defaults), ...values };
  return {
    project: project.name,
    program: path.join(directory, project.main ?? "index.ts"),
    config: Object.fromEntries(Object.entries(merged).map(([key, value]) => [key, asText(maskSecrets(value))])),
    secretKeys: Object.keys(merged).filter((key) => JSON.stringify(merged[key]).includes('{"secure":')),
  };
}

/**
 * Reads the name of a project, which is the namespace of its configuration.
 *
 * @param directory the project's folder
 */
export function projectName(directory: string): string {
  return readProject(directory).name;
}

function readProject(directory: string): ProjectFile {
  const file = path.join(directory, "Pulumi.yaml");
  const content = readYamlFile(file);
  if (isObject(content) && typeof content.name === "string") return content as unknown as ProjectFile;
  throw new Error(`${file}: must be a Pulumi project, an object with name: and runtime:`);
}

/**
 * Whether the name doesn't exist; files that can't be read, broken links and folders are reported when reading them.
 */
function isMissing(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function readValues(file: string, project: string): Record<string, unknown> {
  const values = configOf(file) ?? {};
  if (typeof values !== "object" || Array.isArray(values)) {
    throw new Error(`${file}: "config" must be an object: use config: with lines like ${project}:imageTag: 26.05-py3`);
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [namespaced(key, project), value]));
}

/** A key without a namespace belongs to the project. */
function namespaced(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function configOf(file: string): unknown {
  const content = readYamlFile(file);
  if (content === null) return {};
  if (isObject(content)) return content.config;
  throw new Error(`${file}: must be a stack's configuration, an object with config:`);
}

function isObject(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

interface ProjectFile {
  readonly name: string;
  readonly main?: string;
  readonly config?: Record<string, { readonly default?: unknown; readonly value?: unknown }>;
}

/** As in the engine, a key without a value is an empty string. */
function asText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskSecrets(inner)]));
}
