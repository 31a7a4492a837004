import { tagLimits, tagValueAllowed, tagValuePattern } from "../sagemaker/limits.ts";
import type { Problem } from "./problem.ts";
import { isKnown } from "./unknownYet.ts";

/**
 * The rules for tags. Messages never show a value: it may be a secret.
 *
 * @param tags names and values
 */
export function* tagRules(tags: Readonly<Record<string, string>>): Generator<Problem> {
  const entries = Object.entries(tags);
  if (entries.length > tagLimits.count) {
    yield {
      path: [],
      code: "tags-count",
      message: `must be at most ${tagLimits.count} with CostEnv and CostService, and are ${entries.length}`,
    };
  }
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > tagLimits.key || !tagCharacters.test(key) || /^aws:/i.test(key)) {
      yield {
        path: [key],
        code: "tag-key",
        message: "must have a key of 1 to 128 letters, digits, spaces or _ . : / = + - @ that doesn't start with aws:",
      };
    }
    if (isKnown(value) && !tagValuePattern.test(value)) {
      yield { path: [key], code: "tag-value", message: `must have a value of ${tagValueAllowed}` };
    }
  }
}

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
