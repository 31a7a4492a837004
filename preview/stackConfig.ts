import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** A stack's configuration as the engine would hand it to the program. */
export interface StackConfig {
  /** The project's name. */
  readonly project: string;
  /** The program's file, absolute. */
  readonly program: string;
  /** Namespaced keys with values as texts; what is no text is JSON. */
  readonly config: Record<string, string>;
  /** The keys that hold a secret. Secrets can't be decrypted here: `[secret]` stands in their place. */
  readonly secretKeys: string[];
}

/** A stack that has no configuration file. */
export class UnknownStackError extends Error {}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` as the engine does: what the stack does not set has the project's default.
 * Source: https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 *
 * @param directory the project's folder
 * @param stack the stack's name
 * @param configFile the stack's configuration file, as in `pulumi --config-file`. Default: `Pulumi.<stack>.yaml`
 * @throws UnknownStackError where the stack has no configuration file
 */
export function readStackConfig(directory: string, stack: string, configFile?: string): StackConfig {
  const stackFile = path.resolve(directory, configFile ?? `Pulumi.${stack}.yaml`);
  if (!existsSync(stackFile)) {
    if (configFile !== undefined) throw new UnknownStackError(`there is no configuration file ${configFile}`);
    const stacks = readdirSync(directory).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    throw new UnknownStackError(`there is no stack "${stack}": use one of ${stacks.sort().join(", ")}`);
  }
  const project = parse(readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")) as ProjectFile;
  const values = (parse(readFileSync(stackFile, "utf8")) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const defaults = Object.entries(project.config ?? {}).flatMap(([key, { value, default: fallback = value }]) =>
    fallback === undefined ? [] : [[key.includes(":") ? key : `${project.name}:${key}`, fallback] as const],
  );
  const merged = { ...Object.fromEntries(defaults), ...values };
  return {
    project: project.name,
    program: path.join(directory, project.main ?? "index.ts"),
    config: Object.fromEntries(Object.entries(merged).map(([key, value]) => [key, asText(maskSecrets(value))])),
    secretKeys: Object.keys(merged).filter((key) => JSON.stringify(merged[key]).includes('{"secure":')),
  };
}

interface ProjectFile {
  readonly name: string;
  readonly main?: string;
  readonly config?: Record<string, { readonly default?: unknown; readonly value?: unknown }>;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskSecrets(inner)]));
}
