import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { Cloud, CloudResource } from "../cloud.ts";
import { types } from "../types.ts";
import { isObject, type Properties } from "./values.ts";

/** The account that everything is in. */
export const account = "123456789012";
/** The region that everything is in. */
export const region = "us-east-1";

/** How a type of resource lives in the cloud. */
export interface ResourceType {
  /** The id that the provider gives it. */
  readonly id: (inputs: Properties) => string;
  /** What the provider says of it beside its inputs. */
  readonly outputs: (inputs: Properties, id: string) => Properties;
  /** What happens when it is made or changed: throws where AWS would refuse; returns more outputs. */
  readonly put?: (cloud: Cloud, inputs: Properties, id: string) => Properties | undefined;
  /** What happens before it is deleted: throws where AWS would refuse. */
  readonly remove?: (cloud: Cloud, resource: CloudResource) => void;
  /** Whether AWS refuses a second one of the same id; others are overwritten. */
  readonly unique?: boolean;
  /** Whether the type's names are in lower case. */
  readonly lowerCase?: boolean;
}

/** An image in a registry, which outlives the resource that pushed it. Its id is `<repository URL>:<tag>`. */
export const pushedImage = "registry:image";

/** The digest of some content. */
export function digestOf(content: string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** An ARN in the stand-in's account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

const hex = (length: number) => randomBytes(length).toString("hex").slice(0, length);
const text = (inputs: Properties, key: string) => inputs[key] as string;
const tagged = (inputs: Properties) => ({ tagsAll: inputs.tags ?? {} });

/** A part of a bucket that is a resource of its own. */
const partOfBucket: ResourceType = {
  id: (inputs) => text(inputs, "bucket"),
  outputs: () => ({}),
  put: (cloud, inputs) => {
    needBucket(cloud, inputs);
    return undefined;
  },
};

/** How each type lives in the cloud; SageMaker's and autoscaling's besides are told to the emulator. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  [types.bucket]: {
    id: (inputs) => text(inputs, "bucket"),
    outputs: (inputs, id) => ({
      arn: `arn:aws:s3:::${id}`,
      region,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
      ...tagged(inputs),
    }),
    put: (cloud, _, id) => {
      if (cloud.taken.has(id)) throw new Error(`creating S3 Bucket (${id}): BucketAlreadyExists`);
      return undefined;
    },
    remove: (cloud, { id, outputs }) => {
      const objects = [types.object, types.objectCopy].flatMap((type) =>
        cloud.all(type).filter(({ inputs }) => inputs.bucket === id),
      );
      if (objects.length > 0 && outputs.forceDestroy !== true) {
        throw new Error(`deleting S3 Bucket (${id}): BucketNotEmpty: The bucket you tried to delete is not empty`);
      }
      for (const object of objects) cloud.remove(object.type, object.id);
    },
    unique: true,
    lowerCase: true,
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": partOfBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": partOfBucket,
  [types.bucketEncryption]: partOfBucket,
  "aws:s3/bucketVersioning:BucketVersioning": partOfBucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": partOfBucket,
  "aws:s3/bucketPolicy:BucketPolicy": partOfBucket,
  "aws:s3/bucketLogging:BucketLogging": partOfBucket,
  [types.object]: {
    id: (inputs) => `${text(inputs, "bucket")}/${text(inputs, "key")}`,
    outputs: (inputs, id) => ({ arn: `arn:aws:s3:::${id}`, versionId: hex(16), ...tagged(inputs) }),
    put: (cloud, inputs, id) => {
      needBucket(cloud, inputs);
      const file = isObject(inputs.source) ? inputs.source.path : undefined;
      if (typeof file === "string" && !existsSync(file))
        throw new Error(`opening S3 object source (${file}): no such file`);
      return encryptedLike(cloud, inputs, cloud.get(types.object, id));
    },
  },
  [types.objectCopy]: {
    id: (inputs) => `${text(inputs, "bucket")}/${text(inputs, "key")}`,
    outputs: (inputs, id) => ({ arn: `arn:aws:s3:::${id}`, versionId: hex(16), ...tagged(inputs) }),
    put: (cloud, inputs, id) => {
      const source = text(inputs, "source");
      if (!cloud.get(types.object, source)) throw new Error(`copying S3 Object: NoSuchKey: ${source}`);
      return encryptedLike(cloud, inputs, cloud.get(types.objectCopy, id));
    },
  },
  [types.repository]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({
      arn: arn("ecr", `repository/${id}`),
      registryId: account,
      repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${id}`,
      ...tagged(inputs),
    }),
    remove: (cloud, { id, outputs }) => {
      const images = cloud.all(pushedImage).filter(({ inputs }) => inputs.repositoryUrl === outputs.repositoryUrl);
      if (images.length > 0 && outputs.forceDelete !== true) {
        throw new Error(`ECR Repository (${id}) not empty, consider using force_delete`);
      }
      for (const image of images) cloud.remove(pushedImage, image.id);
    },
    unique: true,
    lowerCase: true,
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    id: (inputs) => text(inputs, "repository"),
    outputs: () => ({ registryId: account }),
  },
  [types.role]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({
      arn: `arn:aws:iam::${account}:role/${id}`,
      uniqueId: `AROA${hex(12)}`,
      ...tagged(inputs),
    }),
    // The provider deletes the policies that hang on the role only with `forceDetachPolicies`.
    remove: (cloud, { id, outputs }) => {
      const policies = cloud.all(types.rolePolicy).filter(({ inputs }) => inputs.role === id);
      if (policies.length > 0 && outputs.forceDetachPolicies !== true) {
        throw new Error(`deleting IAM Role (${id}): DeleteConflict: Cannot delete entity, must delete policies first.`);
      }
      for (const policy of policies) cloud.remove(policy.type, policy.id);
    },
    unique: true,
  },
  [types.rolePolicy]: {
    id: (inputs) => `${text(inputs, "role")}:${text(inputs, "name")}`,
    outputs: () => ({}),
    put: (cloud, inputs) => {
      if (!cloud.get(types.role, text(inputs, "role")))
        throw new Error(`putting IAM Role Policy: NoSuchEntity: ${text(inputs, "role")}`);
      return undefined;
    },
  },
  [types.key]: {
    id: () => randomUUID(),
    outputs: (inputs, id) => ({ arn: arn("kms", `key/${id}`), keyId: id, ...tagged(inputs) }),
  },
  [types.logGroup]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({ arn: arn("logs", `log-group:${id}`), ...tagged(inputs) }),
    unique: true,
  },
  [types.alarm]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({ arn: arn("cloudwatch", `alarm:${id}`), ...tagged(inputs) }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: (inputs) => text(inputs, "dashboardName"),
    outputs: (_, id) => ({ dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${id}` }),
  },
  [types.topic]: {
    id: (inputs) => arn("sns", text(inputs, "name")),
    outputs: (inputs, id) => ({ arn: id, owner: account, ...tagged(inputs) }),
  },
  "aws:sns/topicPolicy:TopicPolicy": { id: (inputs) => text(inputs, "arn"), outputs: () => ({ owner: account }) },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: (inputs) => `${text(inputs, "topic")}:${hex(8)}`,
    outputs: (_, id) => ({ arn: id, pendingConfirmation: true }),
  },
  [types.securityGroup]: {
    id: () => `sg-${hex(17)}`,
    outputs: (inputs, id) => ({ arn: arn("ec2", `security-group/${id}`), ownerId: account, ...tagged(inputs) }),
  },
  [types.egressRule]: {
    id: () => `sgr-${hex(17)}`,
    outputs: (inputs, id) => ({
      arn: arn("ec2", `security-group-rule/${id}`),
      securityGroupRuleId: id,
      ...tagged(inputs),
    }),
  },
  [types.vpcEndpoint]: {
    id: () => `vpce-${hex(17)}`,
    outputs: (inputs, id) => ({
      arn: arn("ec2", `vpc-endpoint/${id}`),
      state: "available",
      prefixListId: "pl-63a5400a",
      ...tagged(inputs),
    }),
  },
  [types.routeTableAssociation]: {
    id: () => `a-${hex(17)}`,
    outputs: () => ({}),
  },
  "aws:budgets/budget:Budget": {
    id: (inputs) => `${account}:${text(inputs, "name")}`,
    outputs: (inputs) => ({ arn: arn("budgets", text(inputs, "name")), ...tagged(inputs) }),
  },
  [types.remoteImage]: {
    id: (inputs) => digestOf(text(inputs, "name")) + text(inputs, "name"),
    outputs: (inputs) => ({ imageId: digestOf(`image ${text(inputs, "name")}`), repoDigest: inputs.name }),
  },
  [types.tag]: {
    id: (inputs) => `${text(inputs, "sourceImage")}.${text(inputs, "targetImage")}`,
    outputs: (inputs) => ({ sourceImageId: inputs.sourceImage }),
  },
  [types.registryImage]: {
    id: (inputs) => digestOf(text(inputs, "name") + JSON.stringify(inputs.triggers)),
    // Told by the push itself.
    outputs: () => ({ sha256Digest: "" }),
    put: (cloud, inputs) => {
      const name = text(inputs, "name");
      const repositoryUrl = name.slice(0, name.lastIndexOf(":"));
      const pushed = { repositoryUrl, digest: taggedDigest(cloud, name) };
      if (!cloud.all(types.repository).some(({ outputs }) => outputs.repositoryUrl === repositoryUrl)) {
        throw new Error(`pushing ${name}: RepositoryNotFoundException`);
      }
      cloud.put({ type: pushedImage, id: name, inputs: pushed, outputs: pushed });
      return { sha256Digest: pushed.digest };
    },
    remove: (cloud, { outputs }) => {
      if (outputs.keepRemotely !== true) cloud.remove(pushedImage, text(outputs, "name"));
    },
  },
  [types.model]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({ arn: arn("sagemaker", `model/${id}`), ...tagged(inputs) }),
  },
  [types.configuration]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({ arn: arn("sagemaker", `endpoint-config/${id}`), ...tagged(inputs) }),
  },
  [types.endpoint]: {
    id: (inputs) => text(inputs, "name"),
    outputs: (inputs, id) => ({ arn: arn("sagemaker", `endpoint/${id}`), ...tagged(inputs) }),
  },
  [types.scalableTarget]: {
    id: (inputs) => text(inputs, "resourceId"),
    outputs: (inputs) => ({ roleArn: `arn:aws:iam::${account}:role/aws-service-role/sagemaker`, ...tagged(inputs) }),
  },
  [types.scalingPolicy]: { id: (inputs) => text(inputs, "name"), outputs: () => ({ alarmArns: [] }) },
  [types.scheduledAction]: {
    id: (inputs) => `${text(inputs, "name")}-${text(inputs, "resourceId")}`,
    outputs: () => ({ arn: arn("autoscaling", `scheduledAction:${hex(8)}`) }),
  },
};

function needBucket(cloud: Cloud, inputs: Properties): void {
  if (!cloud.get(types.bucket, text(inputs, "bucket"))) throw new Error(`NoSuchBucket: ${text(inputs, "bucket")}`);
}

/** An object is encrypted as its bucket says when it is written, and stays so, whatever the bucket says later. */
function encryptedLike(cloud: Cloud, inputs: Properties, before: CloudResource | undefined): Properties {
  const written = before === undefined || JSON.stringify(before.inputs.source) !== JSON.stringify(inputs.source);
  const encryption = cloud.get(types.bucketEncryption, text(inputs, "bucket"));
  const key = /arn:aws:kms:[^"]*/.exec(JSON.stringify(encryption?.inputs ?? {}))?.[0] ?? "";
  return { kmsKeyId: written ? key : before.outputs.kmsKeyId };
}

/** The digest of the local image that has the tag: it is what a push sends, whatever else the resource says. */
function taggedDigest(cloud: Cloud, tag: string): string {
  const tagged = cloud.all(types.tag).find(({ outputs }) => outputs.targetImage === tag);
  const image = cloud.all(types.remoteImage).find(({ outputs }) => outputs.imageId === tagged?.outputs.sourceImage);
  const pushed = cloud.get(pushedImage, tag)?.outputs.digest as string | undefined;
  const digest = image === undefined ? pushed : text(image.outputs, "name").split("@")[1];
  if (digest === undefined) throw new Error(`pushing ${tag}: an image does not exist locally with the tag`);
  return digest;
}
