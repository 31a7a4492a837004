import { z } from "zod";
import type { Plan } from "../plan.ts";

/**
 * Reads a plan that `plan --json` printed, of this release or of an earlier one.
 *
 * @param text the JSON document
 * @param problem what to say if it isn't one; where it is wrong follows
 * @throws Error if it isn't a plan
 */
export function readPlan(text: string, problem: string): Plan {
  const found = planSchema.safeParse(parsed(text, problem));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new Error(`${problem}: ${["it", ...(issue?.path ?? [])].join(".")} ${issue?.message ?? ""}`);
}

function parsed(text: string, problem: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${problem}: it isn't JSON`);
  }
}

const needed = (what: string) => `must be ${what}`;
const object = z.record(z.string(), z.unknown(), needed("an object"));

/** As much of a plan as is read when two are compared; what is added later has a default. */
const planSchema = z.looseObject(
  {
    project: z.string(needed("the project's name")),
    stack: z.string(needed("the stack's name")),
    resources: z.array(
      z.looseObject({
        type: z.string(needed("a type")),
        name: z.string(needed("a name")),
        parent: z.string(needed("a name")).optional(),
        inputs: object,
        options: object.default({}),
      }),
      needed("a list of resources"),
    ),
    outputs: object.default({}),
    notes: z.array(z.string()).default([]),
  },
  needed("an object"),
);
