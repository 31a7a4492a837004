import type { Cloud, CloudResource } from "./cloud.ts";
import { account, arn, pushedImage, region } from "./provider/resourceTypes.ts";
import type { Properties } from "./provider/values.ts";
import { types } from "./types.ts";

/**
 * What keeps an instance that starts now from serving a Model: its image, its model data and their key have to be there, and
 * its role has to be allowed to read them.
 *
 * @param cloud where they are
 * @param model the Model
 * @returns a sentence for each
 */
export function* modelProblems(cloud: Cloud, model: CloudResource): Generator<string> {
  const text = JSON.stringify(model.inputs);
  const role = roleOf(cloud, model);
  if (!role) yield `the role of ${model.id} is gone`;
  const may = (action: string, resource: string) => !role || allows(cloud, role, action, resource);
  yield* imageProblems(cloud, text, may);
  yield* modelDataProblems(cloud, text, may);
  yield* networkProblems(cloud, model);
}

type May = (action: string, resource: string) => boolean;

function* imageProblems(cloud: Cloud, model: string, may: May): Generator<string> {
  const image = imageIn(model);
  // An image that is elsewhere is none of the stack's.
  if (!image) return;
  const { repositoryUrl, repository, separator, reference } = image;
  if (!cloud.get(types.repository, repository)) yield `the repository ${repository} is gone`;
  const there = cloud
    .all(pushedImage)
    .some(({ inputs }) => inputs.repositoryUrl === repositoryUrl && inputs.digest === reference);
  if (!there) yield `the image ${repository}${separator}${reference.slice(0, 15)} is gone`;
  const arn = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  if (!may("ecr:BatchGetImage", arn)) yield `the role may not pull from ${repository}`;
  const [encryption] = (cloud.get(types.repository, repository)?.inputs.encryptionConfigurations ?? []) as Properties[];
  yield* keyProblems(cloud, encryption?.kmsKey as string | undefined);
}

/** An image in the account's registry. */
interface OwnImage {
  readonly repositoryUrl: string;
  readonly repository: string;
  /** What comes before the reference: `@` before a digest, `:` before a tag. */
  readonly separator: string;
  readonly reference: string;
}

/**
 * The first image in a text of JSON that is in the account's registry.
 *
 * @param json the text
 */
export function imageIn(json: string): OwnImage | undefined {
  const found = new RegExp(`"(${account}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com/([^@":]+))([@:])([^"]+)"`).exec(
    json,
  );
  if (!found) return undefined;
  const [, repositoryUrl = "", repository = "", separator = "", reference = ""] = found;
  return { repositoryUrl, repository, separator, reference };
}

function* modelDataProblems(cloud: Cloud, model: string, may: May): Generator<string> {
  const [, bucket = "", key = ""] = /"s3:\/\/([^/"]+)\/([^"]*)"/.exec(model) ?? [];
  if (bucket === "") return;
  if (bucket.startsWith(elsewhere)) {
    if (!may("s3:GetObject", `arn:aws:s3:::${bucket}/${key}`)) yield `the role may not read s3://${bucket}/${key}`;
    return;
  }
  const objects = [types.object, types.objectCopy].flatMap((type) =>
    cloud
      .all(type)
      .filter(({ id }) => (key.endsWith("/") ? id.startsWith(`${bucket}/${key}`) : id === `${bucket}/${key}`)),
  );
  if (!cloud.get(types.bucket, bucket)) yield `the bucket ${bucket} is gone`;
  if (objects.length === 0) yield `the model data s3://${bucket}/${key} is gone`;
  for (const { id, outputs } of objects) {
    if (!may("s3:GetObject", `arn:aws:s3:::${id}`)) yield `the role may not read s3://${id}`;
    const kmsKey = outputs.kmsKeyId as string;
    if (kmsKey !== "" && !may("kms:Decrypt", kmsKey)) yield `the role may not decrypt s3://${id}`;
    yield* keyProblems(cloud, kmsKey);
  }
}

/** Buckets that a case's settings name, and that no stack made, begin so; nobody takes anything away there. */
export const elsewhere = "elsewhere";

function* networkProblems(cloud: Cloud, model: CloudResource): Generator<string> {
  const { securityGroupIds = [] } = (model.inputs.vpcConfig ?? {}) as { securityGroupIds?: string[] };
  for (const id of securityGroupIds.filter((group) => group.length === "sg-".length + 17)) {
    if (!cloud.get(types.securityGroup, id)) yield `the security group ${id} is gone`;
    if (!cloud.all(types.egressRule).some(({ inputs }) => inputs.securityGroupId === id)) {
      yield `the security group ${id} lets nothing out`;
    }
  }
}

/**
 * What is wrong with a key: the stack's own can be deleted, one that was given is not looked at.
 *
 * @param cloud where it is
 * @param keyArn the key
 */
export function* keyProblems(cloud: Cloud, keyArn: string | undefined): Generator<string> {
  const id = keyArn?.split("/").at(-1) ?? "";
  if (id === "" || id.startsWith(givenKeys)) return;
  if (!cloud.get(types.key, id)) yield `the key ${id} is to be deleted`;
}

/**
 * What keeps SageMaker from rolling an endpoint's update back: its alarms have to be there, and its Models' roles have to be
 * allowed to look at them.
 *
 * @param cloud where they are
 * @param endpointName the endpoint
 * @param models the Models that it serves
 * @returns a sentence for each
 */
export function* rollbackProblems(
  cloud: Cloud,
  endpointName: string,
  models: readonly CloudResource[],
): Generator<string> {
  const { deploymentConfig } = cloud.get(types.endpoint, endpointName)?.inputs ?? {};
  const { autoRollbackConfiguration } = (deploymentConfig ?? {}) as DeploymentConfig;
  for (const { alarmName } of autoRollbackConfiguration?.alarms ?? []) {
    if (!cloud.get(types.alarm, alarmName)) yield `the rollback alarm ${alarmName} is gone`;
    for (const model of models) {
      const role = roleOf(cloud, model);
      if (role && !allows(cloud, role, "cloudwatch:DescribeAlarms", arn("cloudwatch", `alarm:${alarmName}`)))
        yield `the role may not look at the rollback alarm ${alarmName}`;
    }
  }
}

interface DeploymentConfig {
  readonly autoRollbackConfiguration?: { readonly alarms: readonly { readonly alarmName: string }[] };
}

function roleOf(cloud: Cloud, model: CloudResource): CloudResource | undefined {
  return cloud.all(types.role).find(({ outputs }) => outputs.arn === model.inputs.executionRoleArn);
}

/** Keys that a case's settings name, and that no stack made, begin so. */
const givenKeys = "1234";

function allows(cloud: Cloud, role: CloudResource, action: string, resource: string): boolean {
  return cloud
    .all(types.rolePolicy)
    .filter(({ inputs }) => inputs.role === role.id)
    .flatMap(({ inputs }) => (JSON.parse(inputs.policy as string) as { Statement: Statement[] }).Statement)
    .some(
      ({ Effect, Action, Resource }) =>
        Effect === "Allow" && matches(Action, action) && (Resource === undefined || matches(Resource, resource)),
    );
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

function matches(patterns: string | readonly string[], value: string): boolean {
  return [patterns].flat().some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${escaped}$`).test(value);
  });
}
