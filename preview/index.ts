/**
 * A stack's plan for unit tests, without AWS, Docker or the Pulumi CLI.
 *
 * @module sagemaker-triton/testing
 */
export { previewStack, type Plan, type PlannedOptions, type PlannedResource, type PreviewOptions } from "./plan.ts";
export { PlanMocks } from "./planMocks.ts";
export { countByType, renderPlan } from "./renderPlan.ts";
export { useMocks } from "./useMocks.ts";
