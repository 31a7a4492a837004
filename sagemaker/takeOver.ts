/** What the first update of a stack can take over although another tool made it. */
export const takeOverKinds = ["endpoint", "bucket", "repository", "autoscaling"] as const;
