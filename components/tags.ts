import type * as pulumi from "@pulumi/pulumi";

/**
 * Tags of every taggable resource. They are set on each resource rather than the provider, so that they still apply if
 * a program brings its own provider.
 */
export type Tags = Readonly<Record<string, pulumi.Input<string>>>;
