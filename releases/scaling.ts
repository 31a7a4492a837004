import type {
  PutScalingPolicyCommandInput,
  PutScheduledActionCommandInput,
  RegisterScalableTargetCommandInput,
} from "@aws-sdk/client-application-auto-scaling";
import type { LiveVariant } from "./liveEndpoint.ts";

/** A variant with autoscaling, as the inputs of the calls that restore it. */
export interface ScaledVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** How many instances it had. */
  readonly desiredInstanceCount: number;
  /** The scalable target. */
  readonly target: RegisterScalableTargetCommandInput;
  /** Its scaling policies. */
  readonly policies: readonly PutScalingPolicyCommandInput[];
  /** The ARNs of the policies that the stack's alarms trigger, by policy name. */
  readonly calledPolicies?: Readonly<Record<string, string>>;
  /** Its scheduled actions. */
  readonly scheduledActions: readonly PutScheduledActionCommandInput[];
}

/** The part of a configuration's variant that matters for scaling. */
export interface ConfiguredVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** Its instance type. */
  readonly instanceType?: string;
  /** How many instances it starts with. */
  readonly initialInstanceCount?: number;
}

/**
 * The variants that SageMaker requires to be deregistered from autoscaling before an update: those whose instance type
 * changes.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-update.html
 *
 * @param scaled the variants with autoscaling
 * @param serving the configuration in service
 * @param planned the planned configuration
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
 * Merges the saved and the current state of scaled variants. The current state takes precedence; whatever is missing
 * from it was removed by an interrupted update.
 *
 * @param before the saved state
 * @param now the current state
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
 * The instance counts to restore: an update starts with the configuration's count, whatever autoscaling had set. Counts
 * are only raised, within the target's limits; autoscaling removes any excess.
 *
 * @param scaled the variants as they were
 * @param live the variants as they are
 * @returns the input of UpdateEndpointWeightsAndCapacities; empty if nothing is missing
 */
export function countsToRestore(
  scaled: readonly ScaledVariant[],
  live: readonly LiveVariant[],
): { VariantName: string; DesiredInstanceCount: number }[] {
  return savedCounts(scaled).filter(({ VariantName, DesiredInstanceCount }) =>
    live.some(
      ({ variantName, desiredInstanceCount }) =>
        variantName === VariantName && desiredInstanceCount < DesiredInstanceCount,
    ),
  );
}

/**
 * The instance counts that variants had, within their targets' limits.
 *
 * @param scaled the variants as they were
 * @returns the input of UpdateEndpointWeightsAndCapacities
 */
export function savedCounts(scaled: readonly ScaledVariant[]): { VariantName: string; DesiredInstanceCount: number }[] {
  return scaled.map(({ variantName, desiredInstanceCount, target }) => ({
    VariantName: variantName,
    DesiredInstanceCount: Math.min(desiredInstanceCount, target.MaxCapacity ?? desiredInstanceCount),
  }));
}

/**
 * The instance counts to reset after autoscaling was removed.
 *
 * @param unscaled the names of the variants that had it
 * @param configured the variants in the configuration
 * @param live the variants as they are
 * @returns the input of UpdateEndpointWeightsAndCapacities; empty if each has the configuration's count
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
