import * as z from "zod";
import { isTimezone, schedulePattern } from "../sagemaker/schedules.ts";
import { pendingMetricSince } from "../sagemaker/serverMetrics.ts";
import { isBurstable } from "../sagemaker/instanceTypes.ts";
import { matching, object, positive, wholeNumber } from "./fields.ts";
import { plain } from "./open.ts";
import type { Problem } from "./problem.ts";
import type { ServerlessOptions } from "./serverless.ts";

const capacity = () => wholeNumber({ min: 0, max: 10_000 });
const cooldown = () => wholeNumber({ min: 0, max: 86_400 });
/**
 * The seconds that AWS waits after a change of the instance count if nothing is set.
 * Source: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export const defaultCooldownInSeconds = 300;

const timezone = "must be an IANA time zone, for example Europe/Berlin";

const scheduledAction = object({
  scheduledActionName: plain(
    matching(
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/,
      "1 to 64 letters, digits, hyphens and underscores, starting with a letter or digit",
    ).meta({ description: "The action's name, unique among the actions." }),
  ),
  schedule: matching(
    schedulePattern,
    "cron(<six fields>), at(<date>T<time>) or rate(<n> <unit>), for example cron(0 7 ? * MON-FRI *)",
  ).meta({
    description:
      "When the action runs: cron(<minutes> <hours> <day of month> <month> <day of week> <year>), at(<date>T<time>) or rate(<n> <unit>).",
  }),
  timezone: z
    .string(timezone)
    .refine(isTimezone, timezone)
    .optional()
    .meta({ description: "The IANA time zone that cron and at use. Default: UTC." }),
  scalableTargetAction: object({
    minCapacity: capacity()
      .optional()
      .meta({ description: "The new minimum number of instances. Default: unchanged." }),
    maxCapacity: capacity()
      .optional()
      .meta({ description: "The new maximum number of instances. Default: unchanged." }),
  }).meta({ description: "The new limits." }),
});

const share = "must be above 0 and at most 1: the share of the provisioned concurrency in use";

/** The scaling of a variant's instances, or of its provisioned concurrency, with the load. */
export const autoscalingSchema = object({
  minCapacity: plain(
    capacity().meta({
      description:
        "The minimum number of instances: 1 or more, or 0 with asyncInference. A release starts with this number, but at least one. With serverless: the least provisioned concurrency.",
    }),
  ),
  maxCapacity: capacity().meta({
    description: "The maximum number of instances, 1 or more. With serverless: the greatest provisioned concurrency.",
  }),
  invocationsPerInstance: positive("the invocations per minute to average on each instance").optional().meta({
    description:
      "Invocations per minute to average on each instance. An endpoint of instances needs this or concurrentRequestsPerModel.",
  }),
  concurrentRequestsPerModel: positive("the concurrent requests to average on each model").optional().meta({
    description:
      "Concurrent requests, also waiting ones, to average on each instance's model. CloudWatch gets them every 10 seconds, so instances are added sooner than with invocationsPerInstance.",
  }),
  backlogSizePerInstance: positive("the requests that may wait for each instance")
    .optional()
    .meta({ description: "Requests that may wait in the queue for each instance; required with asyncInference." }),
  provisionedConcurrencyUtilization: z.number(share).gt(0, share).max(1, share).optional().meta({
    description: "The share of the provisioned concurrency to use on average, up to 1; required with serverless.",
  }),
  queueTimeInMicroseconds: positive("the microseconds that requests may wait in Triton on average").optional().meta({
    description:
      "Microseconds that requests may wait in Triton on average, in addition to the target above: the one that needs the most instances counts. Needs monitoring.serverMetrics.",
  }),
  pendingRequests: positive("the requests that may wait in Triton on each instance on average").optional().meta({
    description:
      "Requests that may wait in Triton on each instance on average, in addition to the target above. Needs monitoring.serverMetrics and release 23.09 or newer.",
  }),
  scaleInCooldown: cooldown()
    .optional()
    .meta({
      description: `Seconds to wait after removing instances before removing more. Default: ${defaultCooldownInSeconds}, from AWS.`,
    }),
  scaleOutCooldown: cooldown()
    .optional()
    .meta({
      description: `Seconds to wait after adding instances before adding more. Default: ${defaultCooldownInSeconds}, from AWS.`,
    }),
  scheduledActions: plain(
    z
      .array(scheduledAction, "must be a list of actions")
      .optional()
      .meta({ description: "Changes of the limits at set times. Default: none." }),
  ),
});

/** The scaling of a variant's instances, or of its provisioned concurrency, with the load. */
export type AutoscalingOptions = z.output<typeof autoscalingSchema>;
type ScheduledAction = z.output<typeof scheduledAction>;

/** The facts about the variant that the rules use; absent if unknown. */
interface AutoscalingContext {
  readonly instanceType?: string;
  readonly initialInstanceCount?: number;
  /** The queue of requests, if there is one. */
  readonly asyncInference?: unknown;
  /** Triton's own metrics, if they are reported. */
  readonly serverMetrics?: unknown;
  /** `YY.MM` of the image's Triton, if it is known. */
  readonly release?: string;
  /** The containers, if there are no instances. */
  readonly serverless?: Pick<ServerlessOptions, "maxConcurrency" | "provisionedConcurrency">;
}

/** What decides which metric can be tracked. */
type Serving = "instances" | "asyncInference" | "serverless";

/**
 * The metrics that can be tracked. Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-code-define.html,
 * async-inference-autoscale.html and serverless-endpoints-autoscale.html
 */
const targets = {
  instances: ["invocationsPerInstance", "concurrentRequestsPerModel"],
  asyncInference: ["backlogSizePerInstance"],
  serverless: ["provisionedConcurrencyUtilization"],
} as const satisfies Record<Serving, readonly (keyof AutoscalingOptions)[]>;

/**
 * The targets on Triton's own metrics. They add to another one: without it nothing would wait as long as there are enough
 * instances, however few are needed, so all but one would be removed until requests wait again.
 */
const serverTargets = ["queueTimeInMicroseconds", "pendingRequests"] as const;

/**
 * Whether a variant scales with Triton's own metrics.
 *
 * @param autoscaling its autoscaling, if there is any
 */
export function scalesByServer(autoscaling: AutoscalingOptions | undefined): boolean {
  return serverTargets.some((target) => autoscaling?.[target] !== undefined);
}

/**
 * The rules for autoscaling.
 * Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html and
 * serverless-endpoints-autoscale.html
 *
 * @param autoscaling the options
 * @param context the variant that scales
 */
export function* autoscalingRules(autoscaling: AutoscalingOptions, context: AutoscalingContext): Generator<Problem> {
  const { minCapacity, maxCapacity, scheduledActions = [] } = autoscaling;
  const { instanceType, initialInstanceCount, serverless } = context;
  const queued = context.asyncInference !== undefined;
  if (instanceType !== undefined && isBurstable(instanceType)) {
    yield {
      path: [],
      code: "autoscaling-burstable",
      message: `can't be used with ${instanceType}, because SageMaker doesn't scale burstable types: use another type, for example ml.m5.large`,
    };
  }
  yield* targetRules(autoscaling, serverless ? "serverless" : queued ? "asyncInference" : "instances");
  yield* serverTargetRules(autoscaling, context);
  if (minCapacity < 1 && !queued) yield* zeroInstances(["minCapacity"]);
  if (maxCapacity < 1) yield { path: ["maxCapacity"], code: "autoscaling-capacity", message: "must be 1 or more" };
  if (minCapacity > maxCapacity) yield minAboveMax(["minCapacity"], maxCapacity);
  const first = firstInstanceCount(undefined, autoscaling);
  if (initialInstanceCount !== undefined && initialInstanceCount !== first) {
    const reason = first === minCapacity ? `its minCapacity of ${minCapacity}` : "one instance";
    yield {
      path: [],
      code: "autoscaling-first-count",
      message: `starts with ${reason}, but initialInstanceCount is ${initialInstanceCount}: remove initialInstanceCount`,
    };
  }
  const names = scheduledActions.map(({ scheduledActionName }) => scheduledActionName);
  for (const [index, action] of scheduledActions.entries()) {
    const at = ["scheduledActions", index];
    if (names.indexOf(action.scheduledActionName) !== index) {
      yield {
        path: [...at, "scheduledActionName"],
        code: "autoscaling-action-name",
        message: "must be unique among the scheduledActions",
      };
    }
    for (const problem of actionRules(action, queued)) yield { ...problem, path: [...at, ...problem.path] };
    for (const problem of limitRules(action, autoscaling)) yield { ...problem, path: [...at, ...problem.path] };
  }
  if (serverless) yield* concurrencyRules(autoscaling, serverless);
}

/**
 * An action that sets one of the two capacities must leave it on the right side of the other, whichever action has set that
 * before.
 * Source: https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-policy-overview.html (Considerations)
 */
function* limitRules(
  { scalableTargetAction: { minCapacity, maxCapacity } }: ScheduledAction,
  { minCapacity: first, maxCapacity: last, scheduledActions = [] }: AutoscalingOptions,
): Generator<Problem> {
  const set = (key: "minCapacity" | "maxCapacity") =>
    scheduledActions.flatMap(({ scalableTargetAction }) => scalableTargetAction[key] ?? []);
  const greatest = Math.max(last, ...set("maxCapacity"));
  const least = Math.min(first, ...set("minCapacity"));
  if (maxCapacity === undefined && minCapacity !== undefined && minCapacity > greatest) {
    yield {
      path: ["scalableTargetAction", "minCapacity"],
      code: "autoscaling-action-limit",
      message: `must be at most ${greatest}, the greatest maxCapacity that is ever set: set maxCapacity here, too`,
    };
  }
  if (minCapacity === undefined && maxCapacity !== undefined && maxCapacity < least) {
    yield {
      path: ["scalableTargetAction", "maxCapacity"],
      code: "autoscaling-action-limit",
      message: `must be at least ${least}, the least minCapacity that is ever set: set minCapacity here, too`,
    };
  }
}

/**
 * The number of instances that a release starts with. At least one, because an endpoint can't be created without instances.
 *
 * @param initialInstanceCount the count set explicitly
 * @param autoscaling the autoscaling, if there is any
 */
export function firstInstanceCount(
  initialInstanceCount: number | undefined,
  autoscaling: Pick<AutoscalingOptions, "minCapacity"> | undefined,
): number {
  return Math.max(autoscaling?.minCapacity ?? initialInstanceCount ?? 1, 1);
}

/** Exactly one metric is tracked, one of those of the way of serving. */
function* targetRules(autoscaling: AutoscalingOptions, serving: Serving): Generator<Problem> {
  const fitting: readonly (keyof AutoscalingOptions)[] = targets[serving];
  const given = Object.values(targets)
    .flat()
    .filter((key) => autoscaling[key] !== undefined);
  const [chosen, ...others] = given.filter((key) => fitting.includes(key));
  const right = fitting.join(" or ");
  const how = serving === "instances" ? "without asyncInference" : `with ${serving}`;
  if (chosen === undefined) {
    const also = fitting.length > 1 ? `, or ${fitting.slice(1).join(" or ")}` : "";
    const what = serving === "serverless" ? "the provisioned concurrency" : "the instance count";
    yield {
      path: [fitting[0] ?? ""],
      code: "autoscaling-target-missing",
      message: `must be set${also}, because ${what} follows it ${how}`,
    };
  }
  for (const key of others) {
    const message = `can't be used with ${String(chosen)}, because one metric decides: remove one of the two`;
    yield { path: [key], code: "autoscaling-target", message };
  }
  for (const key of given.filter((each) => !fitting.includes(each))) {
    const message = `can't be used, because ${misfit(key, serving)}: use ${right}`;
    yield { path: [key], code: "autoscaling-target", message };
  }
}

function* serverTargetRules(
  autoscaling: AutoscalingOptions,
  { serverMetrics, release }: AutoscalingContext,
): Generator<Problem> {
  for (const target of serverTargets) {
    if (autoscaling[target] === undefined || serverMetrics !== undefined) continue;
    yield {
      path: [target],
      code: "autoscaling-server-metrics",
      message: "needs monitoring.serverMetrics, which reports it: set it",
    };
  }
  const since = pendingMetricSince(release);
  if (autoscaling.pendingRequests === undefined || since === undefined) return;
  yield {
    path: ["pendingRequests"],
    code: "autoscaling-pending-release",
    message: `needs an image of ${since} or newer, because Triton ${release ?? ""} doesn't report it: use queueTimeInMicroseconds`,
  };
}

function misfit(key: keyof AutoscalingOptions, serving: Serving): string {
  if (key === "backlogSizePerInstance") return "nothing is queued without asyncInference";
  if (key === "provisionedConcurrencyUtilization") return "nothing is provisioned without serverless";
  return serving === "serverless"
    ? "there are no instances with serverless"
    : "requests are queued with asyncInference";
}

/** The provisioned concurrency of a release and of autoscaling: both at least 1, and at most what the endpoint may process at all. */
function* concurrencyRules(
  { minCapacity, maxCapacity }: AutoscalingOptions,
  { maxConcurrency, provisionedConcurrency }: NonNullable<AutoscalingContext["serverless"]>,
): Generator<Problem> {
  if (provisionedConcurrency === undefined) {
    yield {
      path: [],
      code: "autoscaling-on-demand",
      message:
        "can't be used with serverless unless serverless.provisionedConcurrency is set, because SageMaker scales the other containers by itself, up to maxConcurrency: set it, or remove autoscaling",
    };
    return;
  }
  if (maxCapacity > maxConcurrency) {
    yield {
      path: ["maxCapacity"],
      code: "autoscaling-concurrency",
      message: `must be at most serverless.maxConcurrency, which is ${maxConcurrency}`,
    };
  }
  if (provisionedConcurrency < minCapacity || provisionedConcurrency > maxCapacity) {
    yield {
      path: [],
      code: "autoscaling-first-count",
      message: `must include serverless.provisionedConcurrency, with which a release starts: it is ${provisionedConcurrency}, not ${minCapacity} to ${maxCapacity}`,
    };
  }
}

function* actionRules({ schedule, scalableTargetAction }: ScheduledAction, queued: boolean): Generator<Problem> {
  const { minCapacity, maxCapacity } = scalableTargetAction;
  if (minCapacity === undefined && maxCapacity === undefined) {
    yield {
      path: ["scalableTargetAction"],
      code: "autoscaling-action-empty",
      message: "must set minCapacity, maxCapacity or both, because otherwise it changes nothing",
    };
  }
  if (minCapacity === 0 && !queued) yield* zeroInstances(["scalableTargetAction", "minCapacity"]);
  if (minCapacity !== undefined && maxCapacity !== undefined && minCapacity > maxCapacity) {
    yield minAboveMax(["scalableTargetAction", "minCapacity"], maxCapacity);
  }
  const [, , dayOfMonth, , dayOfWeek] = /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(" ") ?? [];
  if (dayOfMonth !== undefined && (dayOfMonth === "?") === (dayOfWeek === "?")) {
    yield {
      path: ["schedule"],
      code: "autoscaling-schedule-days",
      message: "must have ? as either the day of the month or the day of the week",
    };
  }
}

function* zeroInstances(path: Problem["path"]): Generator<Problem> {
  yield {
    path,
    code: "autoscaling-capacity-zero",
    message: "must be 1 or more: SageMaker allows 0 only with asyncInference",
  };
}

function minAboveMax(path: Problem["path"], maxCapacity: number): Problem {
  return { path, code: "autoscaling-capacity-order", message: `must be at most maxCapacity, which is ${maxCapacity}` };
}
