import { environmentLimits } from "../sagemaker/limits.ts";
import type { Problem } from "./problem.ts";
import { looksSecret } from "./secretValues.ts";
import { isKnown } from "./unknownYet.ts";

/**
 * The rules for a container's environment. Messages never show a value: it may be a secret.
 *
 * @param environment names and values
 * @param whole what the container gets, with the variables that other settings make. Default: the same
 */
export function* environmentRules(
  environment: Readonly<Record<string, string>>,
  whole: Readonly<Record<string, string>> = environment,
): Generator<Problem> {
  const { count, key: longestKey, value: longestValue, bytes: most } = environmentLimits;
  const all = Object.entries(whole);
  const bytes = all
    .flatMap(([key, value]) => (isKnown(value) ? [key, value] : [key]))
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (all.length > count) {
    const entries = Object.keys(environment).length;
    const more = all.length > entries ? `${entries} and ${all.length - entries} from other settings` : String(entries);
    yield {
      path: [],
      code: "environment-count",
      message: `must have at most ${count} entries, but has ${more}`,
    };
  }
  if (bytes > most) {
    yield { path: [], code: "environment-bytes", message: `must have at most ${most} bytes in all, but has ${bytes}` };
  }
  for (const [key, value] of Object.entries(environment)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) || key.length > longestKey) {
      yield {
        path: [key],
        code: "environment-name",
        message: `must have a name of at most ${longestKey} letters, digits and underscores that doesn't start with a digit`,
      };
    }
    if (!isKnown(value)) continue;
    if (looksSecret(key, value)) {
      yield {
        path: [key],
        code: "environment-secret",
        severity: "warning",
        message: `looks like a secret, but is kept and shown as plain text: set it with \`pulumi config set --secret --path environment.${key}\`, or wrap it in pulumi.secret()`,
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
