import * as pulumi from "@pulumi/pulumi";
import { stackTagValue, withStackTag } from "../releases/stackTag.ts";

/**
 * Tags of every taggable resource. They are set on each resource rather than the provider, so that they still apply if
 * a program brings its own provider.
 */
export type Tags = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * The tags of a resource that may have a given name. With one it is also tagged with its stack, which takes it over by
 * that tag if it exists without being in the stack's state.
 *
 * @param tags the tags of every resource
 * @param givenName the resource's name; absent if Pulumi makes one up
 * @param kept whether the resource stays in AWS when it leaves the stack
 */
export function namedTags(tags: Tags, givenName: pulumi.Input<string> | undefined, kept: boolean): Tags {
  if (givenName === undefined) return tags;
  return withStackTag(tags, stackTagValue(pulumi.getProject(), pulumi.getStack(), kept));
}
