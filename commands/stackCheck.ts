import * as path from "node:path";
import { readStackConfig } from "../preview/stackConfig.ts";
import type { CheckTarget } from "../sagemaker/checkTarget.ts";
import { configuredRegion } from "../sagemaker/region.ts";
import { describeProblem } from "../endpoint/problem.ts";
import { regionProblems } from "../endpoint/settings/namespaces.ts";
import { checkSettings } from "../endpoint/settings/checkSettings.ts";
import { servingTarget } from "../endpoint/servingTarget.ts";

/** What a stack serves, as needed to check its model. */
export interface StackCheck {
  /** The model repository or archive; absent if the model isn't on this machine or there are many. */
  readonly source?: string;
  /** Whether there are many models, each with its own repository. */
  readonly multiModel: boolean;
  /** The options of the model's check. */
  readonly target: CheckTarget;
}

/**
 * Reads from a stack's configuration what to check its model for.
 *
 * @param directory the project's folder
 * @param stack the stack's name
 * @throws Error listing every problem of the configuration
 */
export function readStackCheck(directory: string, stack: string): StackCheck {
  const { project, config } = readStackConfig(directory, stack);
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
  const raw = Object.fromEntries(own.map(([key, value]) => [key.slice(project.length + 1), value]));
  const { settings, problems } = checkSettings(raw, { directory, name: "triton", region: configuredRegion(config) });
  const lines = [...regionProblems(config), ...problems.map((problem) => describeProblem(problem))];
  if (!settings || lines.length > 0) {
    throw new Error(
      `the configuration of the stack ${stack} has problems:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    );
  }
  const source = settings.modelRepository ?? settings.modelArchive;
  return {
    source: source && path.resolve(directory, source),
    multiModel: settings.multiModel !== undefined,
    target: servingTarget(settings, undefined, configuredRegion(config)),
  };
}
