import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { policies } from "../../policy/policies.ts";
import type { Plan, PlannedResource } from "../../preview/plan.ts";

/** What the pack finds in a plan: a policy's name, and the resource that violates it. */
export interface Violation {
  readonly policy: string;
  readonly resource: string;
  readonly message: string;
}

/** Runs the pack over a plan, as Pulumi does over a stack. */
export async function violationsOf(plan: Plan): Promise<Violation[]> {
  const resources = plan.resources.map(analyzed);
  for (const resource of resources) resource.propertyDependencies = dependencies(resource, resources);
  const found: Violation[] = [];
  for (const policy of policies) {
    const validate = "validateStack" in policy ? policy.validateStack : undefined;
    await validate?.({ ...unused, resources }, (report, urn) => {
      found.push({ policy: policy.name, resource: nameOf(resources, urn), message: text(report) });
    });
    const validateResource = "validateResource" in policy ? [policy.validateResource ?? []].flat() : [];
    for (const resource of resources) {
      for (const validation of validateResource) {
        await validation({ ...resource, ...unused }, (report) => {
          found.push({ policy: policy.name, resource: resource.name, message: text(report) });
        });
      }
    }
  }
  return found;
}

/** A plan in which some inputs of a resource are others. */
export function changed(plan: Plan, name: string, inputs: Readonly<Record<string, unknown>>): Plan {
  if (!plan.resources.some((resource) => resource.name === name)) throw new Error(`no resource is named ${name}`);
  const resources = plan.resources.map((resource) =>
    resource.name === name ? { ...resource, inputs: { ...resource.inputs, ...inputs } } : resource,
  );
  return { ...plan, resources };
}

/** A plan without a resource. */
export function without(plan: Plan, name: string): Plan {
  if (!plan.resources.some((resource) => resource.name === name)) throw new Error(`no resource is named ${name}`);
  return { ...plan, resources: plan.resources.filter((resource) => resource.name !== name) };
}

/** A plan with one more resource. */
export function added(plan: Plan, type: string, name: string, inputs: Readonly<Record<string, unknown>>): Plan {
  return { ...plan, resources: [...plan.resources, { type, name, inputs, options: {} }] };
}

const unused = {
  opts: {
    protect: false,
    ignoreChanges: [],
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
  },
  stackTags: new Map<string, string>(),
  getConfig: (() => ({})) as ResourceValidationArgs["getConfig"],
  isType: () => false,
  asType: () => undefined,
  notApplicable: (): never => {
    throw new Error("not applicable");
  },
};

function analyzed({ type, name, inputs }: PlannedResource): PolicyResource {
  const { opts, isType, asType } = unused;
  const props = { ...inputs };
  return {
    type,
    name,
    props,
    urn: `urn:${type}::${name}`,
    opts,
    isType,
    asType,
    dependencies: [],
    propertyDependencies: {},
  };
}

/** In a plan, what only AWS knows is a reference: `${triton-storage-bucket.bucket}`. */
function dependencies(resource: PolicyResource, all: readonly PolicyResource[]): Record<string, PolicyResource[]> {
  return Object.fromEntries(
    Object.entries(resource.props as Record<string, unknown>).map(([property, value]) => {
      const shown = JSON.stringify(value) as string | undefined;
      return [property, all.filter(({ name }) => shown?.includes(`\${${name}.`))];
    }),
  );
}

function nameOf(resources: readonly PolicyResource[], urn: string | undefined): string {
  return resources.find((resource) => resource.urn === urn)?.name ?? "";
}

function text(report: string | { readonly message?: string }): string {
  return typeof report === "string" ? report : (report.message ?? "");
}
