import type { EarlierResource } from "./earlierStack.ts";

/** A resource in AWS that has the name of a planned one. */
export interface FoundResource {
  /** Its tags; absent if AWS doesn't show them, as for another account's bucket. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Its ARN. */
  readonly arn: string;
  /** SageMaker's status of an endpoint. */
  readonly status?: string;
  /** The configuration that an endpoint serves. */
  readonly endpointConfigName?: string;
  /** The ARN of the KMS key that encrypts a repository; empty without one. */
  readonly kmsKeyArn?: string;
  /** Whether an endpoint was created after the one in the state that it replaces. */
  readonly newer?: boolean;
  /** The alarms that roll an endpoint's releases back. */
  readonly alarmNames?: readonly string[];
  /** What a bucket has that the stack would replace, for example `lifecycle rules`. */
  readonly rules?: readonly string[];
}

/** The stack that wants the name. */
export interface ClaimingStack {
  /** The project's name. */
  readonly project: string;
  /** The stack's name. */
  readonly stack: string;
  /** Its resources at the start of this run. */
  readonly earlier: readonly EarlierResource[];
  /** The tags of every resource; a value may not be known yet. */
  readonly tags: Readonly<Record<string, unknown>>;
  /** The ARN of the key for its repository; empty without one, absent if it isn't known yet. */
  readonly kmsKeyArn?: string;
  /** What it takes over although another tool made it. Default: nothing. */
  readonly takeOver?: readonly string[] | undefined;
}
