/** The current state of a variant. */
export interface LiveVariant {
  /** The variant's name. */
  readonly variantName: string;
  /** The desired number of instances, as last set by autoscaling or a person. */
  readonly desiredInstanceCount: number;
}

/** An endpoint as SageMaker describes it. */
export interface LiveEndpoint {
  /** The endpoint's name. */
  readonly endpointName: string;
  /** The endpoint's ARN. */
  readonly endpointArn: string;
  /** SageMaker's status, for example `InService`. */
  readonly status: string;
  /** The configuration in service. */
  readonly endpointConfigName: string;
  /** The configuration that SageMaker is moving it to right now; absent while it only scales. */
  readonly pendingConfigName?: string;
  /** Why the last create or update failed, if it did. */
  readonly failureReason?: string;
  /** The alarms that roll its releases back. */
  readonly alarmNames: readonly string[];
  /** When it was created, in milliseconds since 1970. */
  readonly creationTime: number;
  /** When it was last changed, by whatever. */
  readonly changedAt?: Date;
  /** The variants in service. */
  readonly variants: readonly LiveVariant[];
}
