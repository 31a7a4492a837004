import * as pulumi from "@pulumi/pulumi";
import type { Path } from "../endpoint/problem.ts";
import { unknownYet } from "../endpoint/unknownYet.ts";

/**
 * Calls a function with the values: at once if all of them are known, otherwise inside `apply`.
 *
 * @param values the values, of which any part may be an Output
 * @param use what to make of them
 */
export function whenKnown<T, U>(values: T, use: (known: pulumi.Unwrap<T>) => U): pulumi.Input<U> {
  return hasLater(values) ? pulumi.output(values).apply((known) => use(known)) : use(values as pulumi.Unwrap<T>);
}

/**
 * Whether a value is known only while resources are created.
 *
 * @param value any value
 */
export function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function hasLater(value: unknown): boolean {
  return isLater(value) || (isPlainObject(value) && Object.values(value).some(hasLater));
}

/**
 * Replaces every value that isn't known yet.
 *
 * @param value a description of an endpoint
 * @param replace called with each such value and its path
 */
export function replaceLater(
  value: unknown,
  replace: (later: unknown, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (value === unknownYet || isLater(value)) return replace(value, path);
  if (Array.isArray(value)) return value.map((item, index) => replaceLater(item, replace, [...path, index]));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, replaceLater(inner, replace, [...path, key])]),
  );
}

function isPlainObject(value: unknown): value is object {
  return Array.isArray(value) || (typeof value === "object" && value !== null && isPrototypeOfPlain(value));
}

function isPrototypeOfPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
