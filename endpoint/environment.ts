import { environmentLimits } from "../sagemaker/limits.ts";
import type { Problem } from "./problem.ts";

/**
 * The rules for a container's environment. Messages never show a value: it may be a secret.
 *
 * @param environment names and values
 */
export function* environmentRules(environment: Readonly<Record<string, string>>): Generator<Problem> {
  const { count, key: longestKey, value: longestValue, bytes: most } = environmentLimits;
  const entries = Object.entries(environment);
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (entries.length > count) {
    yield {
      path: [],
      code: "environment-count",
      message: `must have at most ${count} entries, but has ${entries.length}`,
    };
  }
  if (bytes > most) {
    yield { path: [], code: "environment-bytes", message: `must have at most ${most} bytes in all, but has ${bytes}` };
  }
  for (const [key, value] of entries) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) || key.length > longestKey) {
      yield {
        path: [key],
        code: "environment-name",
        message: `must have a name of at most ${longestKey} letters, digits and underscores that doesn't start with a digit`,
      };
    }
    if (value.length > longestValue) {
      yield {
        path: [key],
        code: "environment-value",
        message: `must have at most ${longestValue} characters, but has ${value.length}`,
      };
    }
  }
}
