import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { controls, type Control } from "./controls.ts";

/** One policy per control. Those that need several resources run once all of these are known. */
export const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = controls.map((control) => ({
  name: control.name,
  description: `[${control.id}] ${control.title}.`,
  enforcementLevel: control.enforcementLevel ?? "mandatory",
  remediationSteps: control.remedy,
  url: documentation(control.id),
  ...validation(control),
}));

type Validation = Pick<ResourceValidationPolicy, "validateResource"> | Pick<StackValidationPolicy, "validateStack">;

function validation({ types, companion, met, remedy }: Control): Validation {
  if (!companion) {
    return {
      validateResource: ({ type, name, props }, reportViolation) => {
        if (types.includes(type) && !met(props)) reportViolation(`${name}: ${remedy}.`);
      },
    };
  }
  return {
    validateStack: ({ resources }, reportViolation) => {
      const companions = resources.filter(({ type }) => type === companion.type);
      for (const resource of resources.filter(({ type }) => types.includes(type))) {
        const own = companions.filter((other) => companion.by.some((property) => refers(other, property, resource)));
        if (!own.some(({ props }) => met(props))) reportViolation(`${resource.name}: ${remedy}.`, resource.urn);
      }
    },
  };
}

/** By an output of the resource, or by its name as a string. */
function refers(companion: PolicyResource, property: string, resource: PolicyResource): boolean {
  const sources = companion.propertyDependencies[property] ?? [];
  if (sources.length > 0) return sources.some(({ urn }) => urn === resource.urn);
  const { bucket, name } = resource.props as { readonly bucket?: string; readonly name?: string };
  return companion.props[property] === (bucket ?? name);
}

function documentation(id: string): string {
  const [service = "", number = ""] = id.toLowerCase().split(".");
  return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number}`;
}
