import { stringify } from "yaml";

/** The measured capacity and the expected peak. */
export interface SuggestionOptions {
  /** The measured capacity, in requests a second. */
  readonly capacity: number;
  /** How many instances it was measured on. Default: 1. */
  readonly instances?: number;
  /** The expected peak, in requests a second. Default: the measured capacity. */
  readonly peak?: number;
  /** How long requests waited in Triton at that capacity, in milliseconds, if that is known. */
  readonly queue?: number;
  /** The planned fraction of an instance's capacity. Default: 0.5, where AWS suggests to start. */
  readonly safetyFactor?: number;
}

/** Suggested settings. */
export interface SuggestedSettings {
  /** The target of requests per minute and instance. */
  readonly invocationsPerInstance: number;
  /** How long requests may wait in Triton, if that was measured. */
  readonly queueTimeInMicroseconds?: number;
  /** The minimum number of instances. */
  readonly minCapacity: number;
  /** The number of instances that the peak needs. */
  readonly maxCapacity: number;
}

/**
 * Suggests settings for a peak: each instance is planned to use a fraction of its capacity, which leaves headroom until
 * more instances have started.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
 *
 * @param options the measured capacity and the expected peak
 */
export function suggestSettings(options: SuggestionOptions): SuggestedSettings {
  const { capacity, instances = 1, peak = capacity, safetyFactor = 0.5, queue } = options;
  const invocationsPerInstance = Math.max(1, Math.floor((capacity / instances) * safetyFactor * 60));
  const maxCapacity = Math.max(1, Math.ceil((peak * 60) / invocationsPerInstance));
  // From two instances on, SageMaker spreads them over availability zones.
  return {
    invocationsPerInstance,
    ...(queue !== undefined && { queueTimeInMicroseconds: Math.max(1, Math.round(queue * 1000)) }),
    minCapacity: Math.min(2, maxCapacity),
    maxCapacity,
  };
}

/**
 * Formats the settings as lines for a stack's configuration file.
 *
 * @param project the Pulumi project's name, the namespace of its settings
 * @param settings the settings
 */
export function settingsSnippet(project: string, { minCapacity, maxCapacity, ...targets }: SuggestedSettings): string {
  return stringify({
    config: {
      // Autoscaling starts with its minimum, and any other count is refused.
      [`${project}:initialInstanceCount`]: minCapacity,
      [`${project}:autoscaling`]: { minCapacity, maxCapacity, ...targets },
    },
  }).trimEnd();
}
