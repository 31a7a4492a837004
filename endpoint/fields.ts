import * as z from "zod";
import type { Range } from "../sagemaker/limits.ts";

/**
 * A string of a certain form.
 *
 * @param pattern the form
 * @param allowed the form in words, to follow `must be`
 */
export function matching(pattern: RegExp, allowed: string) {
  return z.string(`must be ${allowed}`).regex(pattern, `must be ${allowed}`);
}

/**
 * A path to a file or a folder on this machine.
 *
 * @param what what it leads to, for example `a model repository`
 */
export function pathTo(what: string) {
  return z.string(`must be a path to ${what}`).min(1, `must be a path to ${what}`);
}

/**
 * A whole number.
 *
 * @param range the smallest and the largest number allowed
 * @param reason whose limit it is, for the message. Default: SageMaker's, which needs no word
 */
export function wholeNumber({ min, max }: Range, reason = "") {
  const error = `must be a whole number from ${min} to ${max}${reason && `, ${reason}`}`;
  return z.int(error).min(min, error).max(max, error);
}

/**
 * A range in words, for a description: `1 to 16`.
 *
 * @param range the smallest and the largest number
 */
export function between({ min, max }: Range): string {
  return `${min} to ${max}`;
}

/**
 * A number above 0.
 *
 * @param what its unit in words, to follow `must be a number above 0`
 */
export function positive(what: string) {
  const error = `must be a number above 0${what && `, ${what}`}`;
  return z.number(error).positive(error);
}

/** A percentage from 0 to 100. */
export function percent() {
  return z
    .number("must be a number from 0 to 100")
    .min(0, "must be a number from 0 to 100")
    .max(100, "must be a number from 0 to 100");
}

/** True or false. */
export function flag() {
  return z.boolean("must be true or false");
}

/**
 * One of a few words.
 *
 * @param values the words
 */
export function oneOf<const T extends readonly [string, string, ...string[]]>(values: T) {
  return z.enum(values, `must be ${either(values)}`);
}

/**
 * An object with exactly these fields.
 *
 * @param shape the fields
 */
export function object<T extends z.core.$ZodLooseShape>(shape: T) {
  const error = `must be an object with ${Object.keys(shape).join(", ")}`;
  return z.strictObject(shape, { error: ({ code }) => (code === "invalid_type" ? error : undefined) });
}

const identifiers = new WeakSet<z.core.$ZodType>();

/**
 * Marks a value that identifies what exists: an id, an ARN, a name, an address. Another resource's is right by itself, so
 * its form isn't checked: in a unit test the mocks make it up.
 *
 * @param schema the value's schema
 */
export function identifying<S extends z.core.$ZodType>(schema: S): S {
  identifiers.add(schema);
  return schema;
}

/**
 * An id, an ARN or the name of a resource that exists.
 *
 * @param pattern the form
 * @param allowed the form in words, to follow `must be`
 */
export function identifier(pattern: RegExp, allowed: string) {
  return identifying(matching(pattern, allowed));
}

/**
 * Whether a value identifies what exists.
 *
 * @param schema the value's schema
 */
export function isIdentifier(schema: z.core.$ZodType): boolean {
  return identifiers.has(schema);
}

/** The ARN of a standard SNS topic. */
export function topicArn() {
  return identifier(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]{1,256}$/,
    "the ARN of a standard SNS topic, arn:aws:sns:<region>:<account>:<name>",
  );
}

/**
 * The number of addresses that AWS Budgets notifies.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
 */
const mostAddresses = 10;

/** Addresses to notify. */
export function emailAddresses() {
  const error = `must be a list of 1 to ${mostAddresses} e-mail addresses`;
  return z.array(z.email("must be an e-mail address"), error).min(1, error).max(mostAddresses, error);
}

/**
 * A list of AWS ids of one kind.
 *
 * @param prefix the prefix of the ids, for example `subnet`
 * @param range how many ids are allowed
 */
export function ids(prefix: string, { min, max }: Range) {
  const error = `must be a list of ${min} to ${max} ids such as ${prefix}-0123456789abcdef0`;
  const id = identifier(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id such as ${prefix}-0123456789abcdef0`);
  return z.array(id, error).min(min, error).max(max, error);
}

/** Names and strings. */
export function strings() {
  return z.record(z.string(), z.string("must be a string"), "must be an object with string values");
}

type WithoutDefault<T> = T extends z.ZodDefault<infer Inner> ? z.ZodOptional<Inner> : T;

/** The same fields, each absent if it isn't set. */
export function withoutDefaults<T extends Readonly<Record<string, z.ZodType>>>(
  fields: T,
): { -readonly [Key in keyof T]: WithoutDefault<T[Key]> } {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType).optional() : field,
    ]),
  ) as { -readonly [Key in keyof T]: WithoutDefault<T[Key]> };
}

/**
 * An object without some of its fields.
 *
 * @param keys the fields to leave out
 */
export function omit<T extends object, K extends keyof T>(object: T, ...keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}

/** `a, b or c`. */
export function either(values: readonly (string | number)[]): string {
  return [values.slice(0, -1).join(", "), values.at(-1)].filter((part) => part !== "").join(" or ");
}
