import type * as z from "zod";
import { matching, object } from "../fields.ts";
import { endpointSchema } from "../schema.ts";
import { tagValueAllowed, tagValuePattern } from "../../sagemaker/limits.ts";

/** Every setting of a stack: those of an endpoint, and the cost tags that only a stack has. */
export const settingsSchema = object({
  ...endpointSchema.shape,
  costEnv: matching(tagValuePattern, tagValueAllowed)
    .optional()
    .meta({ description: "The CostEnv tag of every resource. Default: the stack's name." }),
  costService: matching(tagValuePattern, tagValueAllowed)
    .optional()
    .meta({ description: "The CostService tag of every resource. Default: the project's name." }),
});

/** The validated settings of a stack. */
export type Settings = z.output<typeof settingsSchema>;
