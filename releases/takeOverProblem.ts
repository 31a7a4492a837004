import type { ClaimingStack, FoundResource } from "./foundResource.ts";
import type { NamedResource } from "./namedResources.ts";
import { memoryKeys } from "./memory.ts";
import { stackTag } from "./stackTag.ts";

/**
 * Finds what taking over a resource that another tool made would cost: the engine would import it and change it in one
 * step, and only warn in the preview.
 *
 * @param named the planned resource
 * @param found the one that has its name
 * @param by the stack
 * @returns why it can't be taken over, and what to do; `undefined` if it can
 */
export function takeOverProblem(
  { kind, replaces }: NamedResource,
  found: FoundResource,
  by: ClaimingStack,
): string | undefined {
  const { tags, status, alarmNames = [], rules = [], endpointConfigName = "" } = found;
  // Only a bucket's name can be another account's.
  if (tags === undefined)
    return `it belongs to another AWS account or region, or its tags can't be read: ${useInstead}`;
  const owner = tags[stackTag];
  if (owner !== undefined) return `it belongs to the stack ${owner}: destroy or change that stack first`;
  if (replaces !== undefined) {
    return `this stack already has ${replaces} in its place, which would be deleted: take it over with another stack`;
  }
  if (kind === "endpoint") {
    if (status !== "InService") return `it is ${status ?? "not in service"}: wait until it is InService, or repair it`;
    if (/-server-configuration-[0-9a-f]{7}$/.test(endpointConfigName))
      return `it serves ${endpointConfigName}, which another stack of this program made: use that stack`;
    if (alarmNames.length > 0)
      return `its rollback alarms ${alarmNames.join(", ")} can only be set when an endpoint is created: remove them where they were set, and update it there`;
  }
  if (rules.length > 0) return `its ${rules.join(" and ")} would be replaced: ${useInstead}`;
  const lost = lostTags(tags, by);
  if (lost.length > 0) {
    return `its tags ${lost.join(", ")} would be removed: set them with pulumi config set --path 'tags["NAME"]' VALUE, or remove them`;
  }
  return undefined;
}

const useInstead = "set bucket instead of bucketName, and remove bucket from takeOver";

/** Tags that nobody planned. AWS's own can't be removed, and the release watch's are its own. */
function lostTags(tags: Readonly<Record<string, string>>, by: ClaimingStack): string[] {
  const own = memoryKeys(tags);
  return Object.entries(tags).flatMap(([key, value]) =>
    key in by.tags || key.startsWith("aws:") || own.includes(key) ? [] : [`${key}=${value}`],
  );
}
