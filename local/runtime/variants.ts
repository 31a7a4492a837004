import type { IncomingHttpHeaders } from "node:http";
import type { Container } from "../container.ts";
import { validationError } from "./apiError.ts";

/** A variant that answers requests. */
export interface ServedVariant {
  readonly name: string;
  /** Its share of the requests, relative to the others' weights. */
  readonly weight: number;
  /** Whether requests must name a target model. */
  readonly multiModel: boolean;
  readonly container: Container;
}

/**
 * The variant that answers a request: the one that it names, or a random one by weight.
 *
 * @param random a number from 0 to 1. Default: a random one
 * @throws ApiError if it names none of them
 */
export function chooseVariant(
  variants: readonly ServedVariant[],
  headers: IncomingHttpHeaders,
  random = Math.random(),
): ServedVariant {
  const target = headers["x-amzn-sagemaker-target-variant"];
  const names = variants.map(({ name }) => name).join(", ");
  if (target !== undefined) {
    const named = variants.find(({ name }) => name === target);
    if (named) return named;
    throw validationError(`Variant ${String(target)} not found for the endpoint: it has ${names}`);
  }
  let rest = random * variants.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = variants.find(({ weight }) => (rest -= weight) < 0);
  if (chosen) return chosen;
  throw validationError(`No variant has a weight above 0: name one of ${names} with TargetVariant`);
}
