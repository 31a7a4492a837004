import { looksSecret } from "../endpoint/secretValues.ts";
import type { Plan } from "./plan.ts";

/**
 * A plan to show to people: values of environments that look like secrets are replaced by `[secret]`, as are those that
 * the stack's configuration encrypts.
 *
 * @param plan the plan
 */
export function hideSecrets(plan: Plan): Plan {
  const resources = plan.resources.map((resource) => ({
    ...resource,
    inputs: hidden(resource.inputs) as Plan["outputs"],
  }));
  return { ...plan, resources };
}

function hidden(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return value.map((each) => hidden(each));
  if (typeof value !== "object" || value === null) return value;
  const show = (name: string, inner: unknown): unknown =>
    key === "environment" && typeof inner === "string" && looksSecret(name, inner) ? "[secret]" : hidden(inner, name);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, show(name, inner)]));
}
