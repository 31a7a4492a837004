import { stringify } from "yaml";

/** What settings are suggested from. */
export interface SuggestionOptions {
  /** The greatest rate that was kept to, in requests a second. */
  readonly capacity: number;
  /** How many instances bore it. Default: 1. */
  readonly instances?: number;
  /** The greatest rate to expect, in requests a second. Default: what was measured. */
  readonly peak?: number;
  /** The part of its capacity that an instance is planned to use. Default: 0.5, where AWS begins. */
  readonly safetyFactor?: number;
}

/** Settings for a load. */
export interface SuggestedSettings {
  /** Requests in a minute that each instance is to have. */
  readonly invocationsPerInstance: number;
  /** The least number of instances. */
  readonly minCapacity: number;
  /** The instances that the peak needs. */
  readonly maxCapacity: number;
}

/**
 * Settings that bear a peak: each instance is planned to use a part of what it can bear, so that there is room until more
 * are there.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-loadtest.html
 *
 * @param options what was measured, and what is expected
 */
export function suggestSettings(options: SuggestionOptions): SuggestedSettings {
  const { capacity, instances = 1, peak = capacity, safetyFactor = 0.5 } = options;
  const invocationsPerInstance = Math.max(1, Math.floor((capacity / instances) * safetyFactor * 60));
  const maxCapacity = Math.max(1, Math.ceil((peak * 60) / invocationsPerInstance));
  // From two instances on, SageMaker spreads them over availability zones.
  return { invocationsPerInstance, minCapacity: Math.min(2, maxCapacity), maxCapacity };
}

/**
 * The settings as lines for a stack's file.
 *
 * @param settings the settings
 */
export function settingsSnippet({ invocationsPerInstance, minCapacity, maxCapacity }: SuggestedSettings): string {
  return stringify({
    config: {
      // Autoscaling begins with its least number, and a count that says otherwise is refused.
      "sagemaker-triton:initialInstanceCount": minCapacity,
      "sagemaker-triton:autoscaling": { minCapacity, maxCapacity, invocationsPerInstance },
    },
  }).trimEnd();
}
