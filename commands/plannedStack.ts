import type { Plan, PreviewOptions } from "../preview/plan.ts";

/**
 * Runs the program of a stack, see `previewStack`. Pulumi is only loaded then: it takes half a second and 60 MB, which
 * `--help` and requests to a server needn't wait for.
 *
 * @param options what to plan
 */
export async function plannedStack(options: PreviewOptions): Promise<Plan> {
  const { previewStack } = await import("../preview/plan.ts");
  return previewStack(options);
}
