import type * as z from "zod";
import { nearestKey } from "./knownKeys.ts";
import type { Path, Problem } from "./problem.ts";

/**
 * The problems without those that a mistyped key causes: the key that was meant counts as missing, and a rule that asks for one
 * of several keys of the same object doesn't know that one of them was meant.
 *
 * @param schema the schema of the whole
 * @param problems the problems
 */
export function withoutMistyped(schema: z.core.$ZodType, problems: readonly Problem[]): Problem[] {
  const unknown = problems.filter(({ code }) => code === "unknown-key");
  return problems.filter(({ path, code, message }) => {
    if (!message.startsWith("must be set")) return true;
    return !unknown.some((mistyped) => {
      const at = mistyped.path.slice(0, -1);
      if (!isEqual(at, path.slice(0, -1))) return false;
      const isMeant = nearestKey(schema, at, String(mistyped.path.at(-1))) === path.at(-1);
      return isMeant || (at.length > 0 && code !== "missing");
    });
  });
}

function isEqual(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
