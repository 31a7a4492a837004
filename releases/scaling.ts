import type {
  PutScalingPolicyCommandInput,
  PutScheduledActionCommandInput,
  RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import type { LiveVariant } from "./endpointState.ts";

/** A variant that scales by itself, in the words of the calls that set it up again. */
export interface ScaledVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** How many instances it had. */
  readonly desiredInstanceCount: number;
  /** The scalable target. */
  readonly target: RegisterScalableTargetCommandInput;
  /** Its scaling policies. */
  readonly policies: readonly PutScalingPolicyCommandInput[];
  /** The ARNs of policies that alarms of the stack's call, by the policies' names. */
  readonly calledPolicies?: Readonly<Record<string, string>>;
  /** Its scheduled actions. */
  readonly scheduledActions: readonly PutScheduledActionCommandInput[];
}

/** What a variant of a configuration needs to be told from another. */
export interface ConfiguredVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** Its instance type. */
  readonly instanceType?: string;
  /** How many instances it begins with. */
  readonly initialInstanceCount?: number;
}

/**
 * The variants that SageMaker wants deregistered from autoscaling before an update: those that lose their instance type.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-update.html
 *
 * @param scaled the variants that scale by themselves
 * @param serving the configuration that serves
 * @param planned the configuration that is to serve
 */
export function toDeregister(
  scaled: readonly ScaledVariant[],
  serving: readonly ConfiguredVariant[],
  planned: readonly ConfiguredVariant[],
): ScaledVariant[] {
  const typeIn = (variants: readonly ConfiguredVariant[], name: string) =>
    variants.find(({ variantName }) => variantName === name)?.instanceType;
  return scaled.filter(({ variantName }) => typeIn(serving, variantName) !== typeIn(planned, variantName));
}

/**
 * What is known of scaled variants from before and from now. What is there now is truer; what is there no more was taken
 * away by an update that did not end.
 *
 * @param before what was remembered
 * @param now what is there
 */
export function merge(before: readonly ScaledVariant[], now: readonly ScaledVariant[]): ScaledVariant[] {
  const names = new Set([...before, ...now].map(({ variantName }) => variantName));
  return [...names].flatMap((name) => {
    const [old, current] = [before, now].map((list) => list.find(({ variantName }) => variantName === name));
    const known = current ?? old;
    if (!known) return [];
    return [
      {
        ...known,
        desiredInstanceCount: Math.max(old?.desiredInstanceCount ?? 0, current?.desiredInstanceCount ?? 0),
        calledPolicies: { ...old?.calledPolicies, ...current?.calledPolicies },
        policies: union(current?.policies, old?.policies, ({ PolicyName }) => PolicyName),
        scheduledActions: union(
          current?.scheduledActions,
          old?.scheduledActions,
          ({ ScheduledActionName }) => ScheduledActionName,
        ),
      },
    ];
  });
}

function union<T>(first: readonly T[] = [], second: readonly T[] = [], key: (item: T) => string | undefined): T[] {
  return [...first, ...second.filter((item) => !first.some((other) => key(other) === key(item)))];
}

/**
 * The counts that an update took away: an update begins with the configuration's count, whatever autoscaling had made of
 * it. Counts are only raised, within the target's bounds; autoscaling takes away what is too much.
 *
 * @param scaled the variants as they were
 * @param live the variants as they are
 * @returns what UpdateEndpointWeightsAndCapacities takes; empty where nothing is missing
 */
export function countsToRestore(
  scaled: readonly ScaledVariant[],
  live: readonly LiveVariant[],
): { VariantName: string; DesiredInstanceCount: number }[] {
  return scaled.flatMap(({ variantName, desiredInstanceCount, target }) => {
    const current = live.find((variant) => variant.variantName === variantName);
    const count = Math.min(desiredInstanceCount, target.MaxCapacity ?? desiredInstanceCount);
    return current && current.desiredInstanceCount < count
      ? [{ VariantName: variantName, DesiredInstanceCount: count }]
      : [];
  });
}

/**
 * The counts that autoscaling left behind where it was taken out.
 *
 * @param unscaled the names of the variants that it was taken from
 * @param configured the variants as their configuration has them
 * @param live the variants as they are
 * @returns what UpdateEndpointWeightsAndCapacities takes; empty where each has the configuration's count
 */
export function countsToReset(
  unscaled: readonly string[],
  configured: readonly ConfiguredVariant[],
  live: readonly LiveVariant[],
): { VariantName: string; DesiredInstanceCount: number }[] {
  return configured.flatMap(({ variantName, initialInstanceCount }) => {
    const current = live.find((variant) => variant.variantName === variantName);
    if (!unscaled.includes(variantName) || !current || initialInstanceCount === undefined) return [];
    return current.desiredInstanceCount === initialInstanceCount
      ? []
      : [{ VariantName: variantName, DesiredInstanceCount: initialInstanceCount }];
  });
}
