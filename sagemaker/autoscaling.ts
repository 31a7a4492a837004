import { isBurstable } from "./instanceTypes.ts";

/** Bounds of the instance count. Absent is left as it is. */
export interface ScalableTargetAction {
  /** The least number of instances, from 1. */
  readonly minCapacity?: number;
  /** The greatest number of instances. */
  readonly maxCapacity?: number;
}

/**
 * New bounds at a certain time, for example before the working hours begin.
 * Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
 */
export interface ScheduledAction {
  /** A name, unique among the actions. */
  readonly scheduledActionName: string;
  /** When: `cron(<minutes> <hours> <day of month> <month> <day of week> <year>)`, `at(<date>T<time>)` or `rate(<n> <unit>)`. */
  readonly schedule: string;
  /** The time zone of `cron` and `at`, by its IANA name. Default: UTC. */
  readonly timezone?: string;
  /** The new bounds. */
  readonly scalableTargetAction: ScalableTargetAction;
}

/** How the instance count follows the load. */
export interface AutoscalingOptions {
  /** The least number of instances, from 1; from 0 with asynchronous inference. A release begins with it, or with 1. */
  readonly minCapacity: number;
  /** The greatest number of instances. */
  readonly maxCapacity: number;
  /** The invocations in a minute that each instance is to have on average; not with asynchronous inference. */
  readonly invocationsPerInstance?: number;
  /** The requests in the queue that there are to be for each instance; with asynchronous inference only. */
  readonly backlogSizePerInstance?: number;
  /** How long after instances were taken away no more are taken, in seconds. Default: AWS's 300. */
  readonly scaleInCooldown?: number;
  /** How long after instances were added no more are added, in seconds. Default: AWS's 300. */
  readonly scaleOutCooldown?: number;
  /** Bounds by the clock. Default: none. */
  readonly scheduledActions?: readonly ScheduledAction[];
}

/** What autoscaling is judged with; absent where not known. */
export interface AutoscalingContext {
  /** The variant's instance type. */
  readonly instanceType?: string;
  /** How many instances the variant is to begin with, where that is said on its own. */
  readonly initialInstanceCount?: number;
  /** What queues the requests, where they are queued. */
  readonly asyncInference?: unknown;
}

/**
 * Everything that speaks against autoscaling.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 *
 * @param autoscaling the options, each value by itself sound
 * @param context what they are judged with
 * @returns one sentence for each problem, to be read after the setting's name; empty where there is none
 */
export function autoscalingProblems(autoscaling: AutoscalingOptions, context: AutoscalingContext): string[] {
  const { minCapacity, maxCapacity, scheduledActions = [] } = autoscaling;
  const { instanceType, initialInstanceCount, asyncInference } = context;
  const first = firstInstanceCount(undefined, autoscaling);
  const names = scheduledActions.map(({ scheduledActionName }) => scheduledActionName);
  return [
    ...(instanceType !== undefined && isBurstable(instanceType)
      ? [
          `is not allowed with ${instanceType}, a burstable type, which SageMaker does not scale: use another type, for example ml.m5.large`,
        ]
      : []),
    ...targetProblems(autoscaling, asyncInference !== undefined),
    ...(minCapacity > maxCapacity
      ? [`has a minCapacity of ${minCapacity} above its maxCapacity of ${maxCapacity}: use at most ${maxCapacity}`]
      : []),
    ...(initialInstanceCount !== undefined && initialInstanceCount !== first
      ? [
          `begins with ${first === minCapacity ? `its minCapacity of ${minCapacity}` : "one instance"}, and initialInstanceCount is ${initialInstanceCount}: leave initialInstanceCount out`,
        ]
      : []),
    ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `has two scheduledActions named ${name}: use a name for each`,
    ),
    ...scheduledActions.flatMap((action) =>
      actionProblems(action, asyncInference !== undefined).map(
        (problem) => `has a scheduledAction ${action.scheduledActionName} that ${problem}`,
      ),
    ),
  ];
}

/** A time as Application Auto Scaling takes it: `at(…)`, `rate(…)`, or `cron(…)` with six fields. */
export const schedulePattern =
  /^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$/;

/**
 * Whether a time zone is known by this name.
 *
 * @param timezone an IANA name, for example `Europe/Berlin`
 */
export function isTimezone(timezone: string): boolean {
  try {
    // Offsets such as +01:00, which JavaScript takes for zones, too, are none to AWS.
    return /^[A-Z]/.test(timezone) && new Intl.DateTimeFormat("en", { timeZone: timezone }).format().length > 0;
  } catch {
    return false;
  }
}

/**
 * How many instances a release begins with: an endpoint can't be made with none.
 *
 * @param initialInstanceCount what is said on its own
 * @param autoscaling how the count follows the load, where it does
 */
export function firstInstanceCount(
  initialInstanceCount: number | undefined,
  autoscaling: AutoscalingOptions | undefined,
): number {
  return Math.max(autoscaling?.minCapacity ?? initialInstanceCount ?? 1, 1);
}

/** What is kept at a value: the invocations of each instance, or where they are queued the requests that wait for each. */
function targetProblems(autoscaling: AutoscalingOptions, queued: boolean): string[] {
  const { minCapacity, maxCapacity, invocationsPerInstance, backlogSizePerInstance } = autoscaling;
  const [right, wrong] = queued
    ? (["backlogSizePerInstance", "invocationsPerInstance"] as const)
    : (["invocationsPerInstance", "backlogSizePerInstance"] as const);
  const given = { invocationsPerInstance, backlogSizePerInstance };
  const because = queued ? "with asyncInference requests are queued" : "without asyncInference nothing is queued";
  return [
    ...(given[right] === undefined ? [`has no ${right}: set it`] : []),
    ...(given[wrong] === undefined ? [] : [`has a ${wrong}, and ${because}: use ${right}`]),
    ...(minCapacity < 1 && !queued
      ? ["has a minCapacity of 0, which SageMaker allows with asyncInference only: use 1 or more"]
      : []),
    ...(maxCapacity < 1 ? ["has a maxCapacity of 0: use 1 or more"] : []),
  ];
}

function actionProblems({ schedule, scalableTargetAction }: ScheduledAction, queued: boolean): string[] {
  const { minCapacity, maxCapacity } = scalableTargetAction;
  const [, , dayOfMonth, , dayOfWeek] = /^cron\((.*)\)$/.exec(schedule)?.[1]?.split(" ") ?? [];
  return [
    ...(minCapacity === undefined && maxCapacity === undefined
      ? ["changes nothing: set its minCapacity, its maxCapacity or both"]
      : []),
    ...(minCapacity === 0 && !queued
      ? ["sets a minCapacity of 0, which SageMaker allows with asyncInference only: use 1 or more"]
      : []),
    ...(minCapacity !== undefined && maxCapacity !== undefined && minCapacity > maxCapacity
      ? [`sets a minCapacity of ${minCapacity} above its maxCapacity of ${maxCapacity}: use at most ${maxCapacity}`]
      : []),
    ...(dayOfMonth !== undefined && (dayOfMonth === "?") === (dayOfWeek === "?")
      ? [`has the schedule ${schedule}: use ? for either the day of the month or the day of the week`]
      : []),
  ];
}
