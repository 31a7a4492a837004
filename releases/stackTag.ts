import { tagLimits } from "../sagemaker/limits.ts";

/** The tag of a bucket or repository with a given name that says which stack it belongs to. */
export const stackTag = "sagemaker-triton:stack";

/**
 * The tag's value, for example `sagemaker-triton/prod:kept`. It says whether the resource stays in AWS when it leaves the
 * stack: one that doesn't, and isn't in the stack's place for it, may still be waiting to be deleted.
 *
 * @param project the project's name
 * @param stack the stack's name
 * @param kept whether the resource stays in AWS when it leaves the stack
 */
export function stackTagValue(project: string, stack: string, kept: boolean): string {
  return `${project}/${stack}${kept ? ":kept" : ""}`;
}

/**
 * The tags of a resource with a given name: those of every resource, and the stack's if there is room for it.
 *
 * @param tags the tags of every resource
 * @param value the tag's value
 */
export function withStackTag<Value>(
  tags: Readonly<Record<string, Value | string>>,
  value: string,
): Readonly<Record<string, Value | string>> {
  return Object.keys(tags).length < tagLimits.count ? { ...tags, [stackTag]: value } : tags;
}
