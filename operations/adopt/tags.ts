import type { Findings } from "./findings.ts";
import type { OldResource } from "./oldStack.ts";
import { isObject, textOf } from "./template.ts";
import { defined, type Values } from "./variants.ts";

/**
 * The tags of what is taken over, which every resource of the new stack gets.
 *
 * @param takenOver the resources, the endpoint first
 * @param findings what is found out
 */
export function tagSettings(takenOver: readonly OldResource[], findings: Findings): Values {
  const all = new Map<string, string>();
  for (const resource of takenOver) {
    const list = findings.read(resource, "Tags");
    for (const tag of Array.isArray(list) ? list.filter(isObject) : []) {
      const [key, value] = [textOf(tag.Key), textOf(tag.Value)];
      // AWS's own can't be set.
      if (key.startsWith("aws:")) continue;
      const before = all.get(key);
      if (before === undefined) all.set(key, value);
      else if (before !== value)
        findings.cannotDescribe(
          resource,
          ["Tags"],
          `its tag ${key} changes from ${value} to ${before}, because all resources have the same tags`,
        );
    }
  }
  const { CostEnv: costEnv, CostService: costService, ...tags } = Object.fromEntries(all);
  return defined({ costEnv, costService, ...(Object.keys(tags).length > 0 && { tags }) });
}
