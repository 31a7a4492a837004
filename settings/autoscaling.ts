import * as z from "zod";
import { isTimezone, schedulePattern } from "../sagemaker/autoscaling.ts";
import { decoded, matching, wholeNumber } from "./fields.ts";

const capacity = wholeNumber({ min: 0, max: 10_000 });
const cooldown = wholeNumber({ min: 0, max: 86_400 });
const timezone = "is not allowed: use a time zone's IANA name, for example Europe/Berlin";
const invocations = "is not allowed: use a number above 0, invocations in a minute";
const backlog = "is not allowed: use a number above 0, requests that wait";

const scheduledAction = z.strictObject({
  scheduledActionName: matching(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/, "use 1 to 64 letters, digits, hyphens and _"),
  schedule: matching(
    schedulePattern,
    "use cron(<six fields>), at(<date>T<time>) or rate(<n> <unit>), for example cron(0 7 ? * MON-FRI *)",
  ),
  timezone: z.string(timezone).refine(isTimezone, timezone).optional(),
  scalableTargetAction: z.strictObject({ minCapacity: capacity.optional(), maxCapacity: capacity.optional() }),
});

/** How the instance count follows the load: the setting `autoscaling`. */
export const autoscalingSchema = decoded(
  z.strictObject({
    minCapacity: capacity,
    maxCapacity: capacity,
    invocationsPerInstance: z.number(invocations).positive(invocations).optional(),
    backlogSizePerInstance: z.number(backlog).positive(backlog).optional(),
    scaleInCooldown: cooldown.optional(),
    scaleOutCooldown: cooldown.optional(),
    scheduledActions: z.array(scheduledAction, "is not allowed: use a list of actions").optional(),
  }),
);
