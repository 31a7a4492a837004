import * as pulumi from "@pulumi/pulumi";
import { describeProblem } from "../problem.ts";
import { configuredRegion } from "../../sagemaker/region.ts";
import { checkSettings, type SettingsProblem } from "./checkSettings.ts";
import { configurationProblems } from "./namespaces.ts";
import type { Settings } from "./schema.ts";
import { isMasked, isSecretSetting } from "./secrets.ts";
import { listed } from "../../text/printable.ts";
import { RunError } from "../../text/pulumi.ts";

/**
 * Reads this stack's settings from Pulumi's configuration.
 *
 * @param name the name of the component that uses them
 * @throws pulumi.RunError listing every problem, before anything is registered
 */
export function readSettings(name: string): Settings {
  const config = pulumi.runtime.allConfig() as Partial<Record<string, string>>;
  const namespace = `${pulumi.getProject()}:`;
  const raw = Object.fromEntries(
    Object.entries(config).flatMap(([key, value = ""]) =>
      key.startsWith(namespace) ? [[key.slice(namespace.length), value]] : [],
    ),
  );
  const region = configuredRegion(config);
  const { settings, problems } = checkSettings(raw, { directory: process.cwd(), name, region });
  const lines = [...configurationProblems(config), ...problems.map(describe)];
  if (settings && lines.length === 0) return settings;
  const count = lines.length === 1 ? "one problem" : `${lines.length} problems`;
  const text = listed(lines)
    .map((line) => `  ${line}`)
    .join("\n");
  throw new RunError(`the configuration of the stack ${pulumi.getStack()} has ${count}:\n${text}`);
}

/** A secret is not shown. */
function describe({ value, ...problem }: SettingsProblem): string {
  const [root = ""] = problem.path as readonly string[];
  if (isSecretSetting(root)) {
    const masked = { ...problem, message: "can't be checked here, because nothing can decrypt it: use pulumi preview" };
    return describeProblem(isMasked(value) ? masked : problem, "[secret]");
  }
  return describeProblem(problem, value);
}
