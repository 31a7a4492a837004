import * as z from "zod";
import type { Range } from "../sagemaker/limits.ts";

/**
 * A text of a certain form.
 *
 * @param pattern the form
 * @param allowed what is allowed, as a request: `use …`
 */
export function matching(pattern: RegExp, allowed: string) {
  const error = `is not allowed: ${allowed}`;
  return z.string(error).regex(pattern, error);
}

/**
 * A path to a file or a folder.
 *
 * @param what what is to be there, for example `a model repository`
 */
export function pathTo(what: string) {
  const error = `is not allowed: use a path to ${what}`;
  return z.string(error).min(1, error);
}

/**
 * A whole number in a range.
 *
 * @param range the least and the greatest number
 */
export function wholeNumber({ min, max }: Range) {
  const error = `is not allowed: use a whole number from ${min} to ${max}`;
  return decoded(z.int(error).min(min, error).max(max, error));
}

/** A share of a whole, in percent. */
export function percent() {
  const error = "is not allowed: use a number from 0 to 100";
  return z.number(error).min(0, error).max(100, error);
}

/** A standard SNS topic. */
export function topicArn() {
  return matching(
    /^arn:aws(-cn|-us-gov)?:sns:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]{1,256}$/,
    "use the ARN of a standard SNS topic, arn:aws:sns:<region>:<account>:<name>",
  );
}

/** Addresses that messages are sent to; AWS Budgets takes ten. */
export function emailAddresses() {
  const error = "is not allowed: use 1 to 10 e-mail addresses";
  return z.array(z.email(error), error).min(1, error).max(10, error);
}

/** Yes or no. */
export function flag() {
  return decoded(z.boolean("is not allowed: use true or false"));
}

/**
 * A list of AWS ids of one kind.
 *
 * @param prefix what the ids begin with, for example `subnet`
 * @param range how many there may be
 */
export function ids(prefix: string, { min, max }: Range) {
  const error = `is not allowed: use ${min} to ${max} ids like ${prefix}-0123456789abcdef0`;
  return z
    .array(z.string(error).regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), error), error)
    .min(min, error)
    .max(max, error);
}

/**
 * Names and texts that a rule looks at.
 *
 * @param problemsOf the rule: one sentence for each problem
 */
export function checked(problemsOf: (entries: Readonly<Record<string, string>>) => string[]) {
  const entries = z.record(z.string(), z.string("is not allowed: use texts"), "is not allowed: use names and texts");
  return decoded(
    entries.superRefine((value, context) => {
      for (const message of problemsOf(value)) context.addIssue({ code: "custom", message });
    }),
  );
}

/**
 * A value that is no text: Pulumi gives it as JSON.
 *
 * @param schema the value's own schema
 */
export function decoded<T extends z.ZodType>(schema: T) {
  return z.preprocess(decode, schema);
}

/**
 * A value of Pulumi's configuration as what it stands for.
 *
 * @param value a text; JSON is parsed, everything else stays as it is
 */
export function decode(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
