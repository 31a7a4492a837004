import * as path from "node:path";
import { readStackConfig } from "../preview/stackConfig.ts";
import type { CheckTarget } from "../sagemaker/checkTarget.ts";
import { configuredRegion } from "../sagemaker/region.ts";
import { describeProblem } from "../endpoint/problem.ts";
import { regionProblems } from "../settings/namespaces.ts";
import { checkSettings } from "../settings/checkSettings.ts";
import { servingTarget } from "../settings/endpointArgs.ts";

/** What a stack serves, as far as a check of its model goes. */
export interface StackCheck {
  /** The model repository or archive; absent where the model is not on this machine, or there are many. */
  readonly source?: string;
  /** Whether there are many models, each a repository of its own. */
  readonly multiModel: boolean;
  /** What a model is checked for. */
  readonly target: CheckTarget;
}

/**
 * Reads from a stack's configuration what its model is checked for.
 *
 * @param directory the project's folder
 * @param stack the stack's name
 * @throws Error naming every problem of the configuration
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
    target: { ...servingTarget(settings), region: configuredRegion(config) },
  };
}
