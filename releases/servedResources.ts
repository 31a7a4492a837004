import { imageRepository } from "../sagemaker/imageUri.ts";
import { logGroupName } from "../sagemaker/monitoring.ts";
import { needsOf, permits } from "./rolePermissions.ts";
import { usesKey, type Served } from "./served.ts";

/** A resource that is about to be deleted, as Pulumi's state has it. */
export interface DeletedResource {
  /** Pulumi's type token. */
  readonly type: string;
  /** The provider's id. */
  readonly id: string;
  /** Its outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Whether the program registers the same thing again, so that only its entry in the state is old. */
  readonly registered: boolean;
  /** The documents of the other policies of the same role, as JSON; only of a role policy. */
  readonly otherPolicies?: readonly string[];
}

/** The endpoint's own type: whether it may go depends on the program, not on a rule. */
export const endpointType = "aws:sagemaker/endpoint:Endpoint";

/** A role policy is replaced when it changes, so a successor may permit what it permitted. */
export const rolePolicyType = "aws:iam/rolePolicy:RolePolicy";

/** The types of objects in S3. */
export const objectTypes = ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/objectCopy:ObjectCopy"];

/** A rule of each guarded type: the resource in words, if it serves. */
const rules: Readonly<Record<string, (served: Served, resource: DeletedResource) => string | undefined>> = {
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": ({ endpointConfigNames }, { id }) =>
    named("configuration", id, endpointConfigNames.includes(id)),
  "aws:sagemaker/model:Model": ({ models }, { id }) =>
    named("Model", id, models.map(({ modelName }) => modelName).includes(id)),
  ...Object.fromEntries(objectTypes.map((type) => [type, servedObject])),
  "aws:s3/bucket:Bucket": (served, { outputs: { bucket } }) => named("bucket", bucket, usesBucket(served, bucket)),
  "aws:kms/key:Key": (served, { outputs: { arn } }) => named("key", arn, usesKey(served, String(arn))),
  "aws:ecr/repository:Repository": (served, { outputs: { name, repositoryUrl } }) =>
    named("repository", name, imagesOf(served).map(imageRepository).includes(String(repositoryUrl))),
  "docker:index/registryImage:RegistryImage": (served, { outputs: { name, keepRemotely, sha256Digest } }) => {
    const copies = [String(name), `${imageRepository(String(name))}@${String(sha256Digest)}`];
    return named("image", name, keepRemotely !== true && imagesOf(served).some((image) => copies.includes(image)));
  },
  "aws:iam/role:Role": ({ models }, { outputs: { arn, name } }) =>
    named(
      "role",
      name,
      models.some(({ roleArn }) => roleArn === arn),
    ),
  [rolePolicyType]: (served, { id, outputs: { policy, role }, otherPolicies = [] }) =>
    named(
      "role policy",
      id,
      needsOf(served, String(role))
        .filter(typeof policy === "string" ? permits(policy) : () => true)
        .some((need) => !otherPolicies.some((other) => permits(other)(need))),
    ),
  "aws:cloudwatch/logGroup:LogGroup": ({ endpointName }, { outputs: { name } }) =>
    named("log group", name, name === logGroupName(endpointName)),
  "aws:ec2/securityGroup:SecurityGroup": (served, { id }) => named("security group", id, usesGroup(served, id)),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (served, { outputs: { securityGroupId } }) =>
    named("egress rule of the security group", securityGroupId, usesGroup(served, securityGroupId)),
};

/** Whether a type of resource may be a part of what an endpoint serves, so that a deletion must be checked. */
export function isGuarded(type: string): boolean {
  return type === endpointType || type in rules;
}

/**
 * Finds out whether an endpoint needs a resource in order to serve, or to start another instance.
 *
 * @param served what the endpoint serves
 * @param resource the resource
 * @returns the resource in words, for example `the Model triton-server-model-1a2b3c4`; `undefined` if it isn't needed
 */
export function servedPart(served: Served, resource: DeletedResource): string | undefined {
  return rules[resource.type]?.(served, resource);
}

function named(what: string, name: unknown, serves: boolean): string | undefined {
  return serves ? `the ${what} ${String(name)}` : undefined;
}

/**
 * Of many models each is requested by its own name, and whoever removes one from the settings wants it to be gone: the
 * endpoint goes on serving the others.
 */
function servedObject({ models }: Served, { outputs: { bucket, key }, registered }: DeletedResource) {
  const url = `s3://${String(bucket)}/${String(key)}`;
  const serves = models
    .filter(({ multiModel }) => registered || !multiModel)
    .some(({ modelData }) => modelData.some((data) => (data.endsWith("/") ? url.startsWith(data) : url === data)));
  return named("model data", url, serves);
}

function usesBucket({ models, writes }: Served, bucket: unknown): boolean {
  return [...models.flatMap(({ modelData }) => modelData), ...writes].some((url) =>
    url.startsWith(`s3://${String(bucket)}/`),
  );
}

function usesGroup({ models }: Served, id: unknown): boolean {
  return models.some(({ securityGroupIds }) => securityGroupIds.some((group) => group === id));
}

function imagesOf({ models }: Served): string[] {
  return models.flatMap(({ images }) => images);
}
