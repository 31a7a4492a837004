import { judge } from "../judge.ts";
import { shownValue, type Problem } from "../problem.ts";
import { endpointProblems, type Surroundings } from "../rules.ts";
import { decode } from "./decode.ts";
import { pathRules } from "./paths.ts";
import { settingsSchema, type Settings } from "./schema.ts";

/** A problem with a stack's configuration. */
export interface SettingsProblem extends Problem {
  /** The decoded value; absent if there is none or it may be a secret. */
  readonly value?: unknown;
}

/** The facts that the check uses. */
export interface SettingsContext extends Surroundings {
  /** The folder that paths are relative to. */
  readonly directory: string;
}

/**
 * Checks a complete configuration: single values, unknown keys and combinations.
 *
 * @param raw the configuration as Pulumi returns it: strings, with objects as JSON; an empty string or object counts as
 * not set
 * @param context what the check needs to know
 * @returns the settings, or every problem
 */
export function checkSettings(
  raw: Readonly<Record<string, string>>,
  { directory, ...surroundings }: SettingsContext,
): { settings?: Settings; problems: SettingsProblem[] } {
  const given = Object.fromEntries(
    Object.entries(raw)
      .filter(([, value]) => value !== "" && value !== "{}")
      .map(([key, value]) => [key, Object.hasOwn(settingsSchema.shape, key) ? decode(fieldOf(key), value) : value]),
  );
  const { value: settings, problems } = judge(settingsSchema, given, (sound) => [
    ...costTagRules(sound),
    // Every stack has these two tags.
    ...endpointProblems({ ...sound, tags: { ...sound.tags, CostEnv: "", CostService: "any" } }, surroundings),
    ...pathRules(sound, directory),
  ]);
  // Warnings are left to TritonEndpoint, which judges the same endpoint and logs them.
  if (settings) return { settings, problems: [] };
  return { problems: problems.map((problem) => ({ ...problem, value: shownValue(problem, given) })) };
}

function fieldOf(key: string) {
  return settingsSchema.shape[key as keyof Settings];
}

function* costTagRules({ tags = {} }: Partial<Settings>): Generator<Problem> {
  for (const [key, setting] of Object.entries({ CostEnv: "costEnv", CostService: "costService" })) {
    if (Object.hasOwn(tags, key)) {
      yield { path: ["tags", key], code: "cost-tag", message: `can't be set here: use the setting ${setting}` };
    }
  }
}
