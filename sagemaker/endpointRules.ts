import { autoscalingProblems, firstInstanceCount, type AutoscalingOptions } from "./autoscaling.ts";
import { instanceTypeProblem } from "./instanceTypes.ts";
import { namePattern, tagProblems, variantLimits } from "./limits.ts";
import { rolloutProblems, type RolloutPolicy } from "./rollout.ts";

/** What of an endpoint can be judged before anything is registered. */
export interface EndpointShape {
  /** The component's name: the names that Pulumi makes up begin with it. */
  readonly name: string;
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The production variant. */
  readonly variant: Readonly<Partial<Record<keyof typeof variantLimits, number>>> & {
    readonly instanceType: string;
    readonly initialInstanceCount?: number;
    readonly initialVariantWeight?: number;
  };
  /** Whether earlier releases are kept. */
  readonly keepReleases?: boolean;
  /** How the endpoint goes over to a new release. */
  readonly rollout?: RolloutPolicy;
  /** How the instance count follows the load. */
  readonly autoscaling?: AutoscalingOptions;
  /** Tags of every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Everything that SageMaker would refuse in an endpoint, after minutes and with half of the stack made.
 *
 * @param shape what can be judged
 * @returns one sentence for each problem, naming the argument, its value and what is allowed; empty where there is none
 */
export function endpointProblems({
  name,
  endpointName,
  variant,
  keepReleases,
  rollout,
  autoscaling,
  tags,
}: EndpointShape): string[] {
  const instanceType = instanceTypeProblem(variant.instanceType);
  return [
    // The longest made-up name is `<name>-server-configuration-` and seven characters, of 63.
    ...(/^[a-z][a-z0-9-]{0,34}$/.test(name)
      ? []
      : [`name "${name}" is not allowed: use 1 to 35 lowercase letters, digits and hyphens, a letter first`]),
    ...(namePattern.test(endpointName)
      ? []
      : [`endpointName "${endpointName}" is not allowed: use 1 to 63 letters, digits and hyphens inside`]),
    ...(instanceType === undefined ? [] : [`variant.instanceType "${variant.instanceType}" ${instanceType}`]),
    ...whole("initialInstanceCount", variant.initialInstanceCount, 1, Infinity),
    ...(variant.initialVariantWeight === undefined || variant.initialVariantWeight >= 0
      ? []
      : [`variant.initialVariantWeight ${variant.initialVariantWeight} is not allowed: use a number from 0`]),
    ...Object.entries(variantLimits).flatMap(([key, { min, max }]) =>
      whole(key, variant[key as keyof typeof variantLimits], min, max),
    ),
    ...(rollout === undefined
      ? []
      : rolloutProblems(rollout, {
          keepReleases,
          instanceCount: firstInstanceCount(variant.initialInstanceCount, autoscaling),
        }).map((problem) => `rollout ${problem}`)),
    ...(autoscaling === undefined
      ? []
      : autoscalingProblems(autoscaling, variant).map((problem) => `autoscaling ${problem}`)),
    ...tagProblems(tags).map((problem) => `tags ${problem}`),
  ];
}

function whole(key: string, value: number | undefined, min: number, max: number): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
  const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  return [`variant.${key} ${value} is not allowed: use a whole number ${range}`];
}
