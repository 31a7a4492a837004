import { called, type Findings } from "./findings.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject, textOf } from "./template.ts";
import { Unknown } from "./unknown.ts";

/**
 * What nobody needs and nobody deletes any more once the old stack is gone.
 *
 * @param stack what runs today
 * @param endpoint the endpoint that is taken over
 * @param findings what becomes of each resource
 * @returns their names, for example `Model penguins`
 */
export function leftOver({ resources }: OldStack, endpoint: OldResource, { unused }: Findings): string[] {
  // A role's policies go with it.
  const others = resources.filter((one) => one !== endpoint && !unused.includes(one) && !one.type.endsWith("Policy"));
  return unused.filter((one) => one.retained && !others.some(({ properties }) => namesIt(properties, one))).map(called);
}

function namesIt(value: unknown, resource: OldResource): boolean {
  if (value instanceof Unknown) return value.logicalId === resource.logicalId;
  if (Array.isArray(value) || isObject(value)) return Object.values(value).some((part) => namesIt(part, resource));
  const { name } = resource;
  return typeof name === "string" && (value === name || textOf(value).endsWith(`/${name}`));
}
