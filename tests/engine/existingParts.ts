import type { Cloud } from "./cloud.ts";
import { account, region } from "./provider/resourceTypes.ts";
import type { Properties } from "./provider/values.ts";
import { types } from "./types.ts";

/** What somebody else made, for settings that name it. */
export const existing = {
  buckets: ["team-models", "other-team-models"],
  repositories: ["team/images", "other-team/images"],
  roles: ["team-role", "other-team-role"],
} as const;

/**
 * Puts it into a cloud.
 *
 * @param cloud the cloud
 */
export function addExistingParts(cloud: Cloud): void {
  const add = (type: string, id: string, inputs: Properties, outputs: Properties = {}) => {
    cloud.put({ type, id, inputs, outputs: { ...inputs, ...outputs } });
  };
  for (const bucket of existing.buckets) add(types.bucket, bucket, { bucket }, { arn: `arn:aws:s3:::${bucket}` });
  for (const name of existing.repositories) {
    add(types.repository, name, { name }, { repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}` });
  }
  for (const name of existing.roles) {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
    add(types.role, name, { name }, { arn: `arn:aws:iam::${account}:role/${name}` });
    add(types.rolePolicy, `${name}:all`, { role: name, name: "all", policy });
  }
}
