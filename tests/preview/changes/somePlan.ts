import type { Plan, PlannedOptions, PlannedResource } from "../../../preview/plan.ts";

/** A plan of a stack with these resources and nothing else. */
export function somePlan(resources: readonly PlannedResource[], stack = "prod"): Plan {
  return { project: "birds", stack, resources, outputs: {}, notes: [] };
}

/** A resource; its type may be as short as `sagemaker/model:Model`. */
export function someResource(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>> = {},
  options: PlannedOptions = {},
): PlannedResource {
  return { type: /^(aws|docker|sagemaker-triton):/.test(type) ? type : `aws:${type}`, name, inputs, options };
}

/** A policy as text. */
export function somePolicy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
