/**
 * Tags of every taggable resource. They are given to each resource, not to the provider: a program that brings its own
 * provider keeps them.
 */
export type Tags = Readonly<Record<string, string>>;
