import * as z from "zod";
import { takeOverKinds } from "../../sagemaker/takeOver.ts";
import { either, matching, object, oneOf } from "../fields.ts";
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
  takeOver: z
    .array(oneOf(takeOverKinds), `must be a list of ${either(takeOverKinds)}`)
    .default([])
    .meta({
      description:
        "What the first update takes over although another tool made it: endpoint, bucket, repository, autoscaling. Written by `npm run adopt`; remove it afterwards.",
    }),
});

/** The validated settings of a stack. */
export type Settings = z.output<typeof settingsSchema>;
