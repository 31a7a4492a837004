import type { ClaimingStack, FoundResource } from "./foundResource.ts";
import type { NamedKind, NamedResource } from "./namedResources.ts";
import { stackTag, stackTagValue } from "./stackTag.ts";
import { takeOverProblem } from "./takeOverProblem.ts";

/**
 * Decides whether a resource that has a planned name belongs to the stack, which then imports it. It does
 *
 * - if it is tagged with the stack, as buckets and repositories with given names are;
 * - if the settings say that it is taken over, and nothing is lost by it;
 * - for an endpoint, if it serves a configuration of the stack: an interrupted update created both;
 * - for the log group of an endpoint that is the stack's own, or if it has no tags but the stack's: SageMaker created it
 *   for an earlier endpoint of this name, or an interrupted update did.
 *
 * @param named the planned resource
 * @param found the one that has its name
 * @param by the stack
 * @returns why it can't be taken over and what to do; `undefined` if it can
 */
export function ownershipProblem(named: NamedResource, found: FoundResource, by: ClaimingStack): string | undefined {
  const { kind, id, replaces } = named;
  const { setting, noun } = words[kind];
  const status = found.status === undefined ? "" : ` (${found.status})`;
  const exists = `${setting} ${shownName(named)}: can't be used, because the ${noun} ${id}${status}`;
  if (!isOwn(named, found, by) && by.takeOver?.includes(kind)) {
    const key = keyProblem(found, by);
    const problem = takeOverProblem(named, found, by) ?? (key === undefined ? undefined : `it exists ${key}`);
    return problem && `takeOver: the ${noun} ${id} can't be taken over, because ${problem}`;
  }
  if (!isOwn(named, found, by)) {
    const another = `use another ${setting}`;
    if (found.tags === undefined)
      return `${exists} belongs to another AWS account or region, or its tags can't be read: ${another}`;
    return `${exists} already exists and doesn't belong to this stack: ${another}. If it is yours, npm run up takes it over after: ${tagging(named, found, by)}`;
  }
  const otherKey = keyProblem(found, by);
  if (otherKey !== undefined) return `${exists} already exists ${otherKey}`;
  if (replaces === undefined || found.newer || found.tags?.[stackTag] === value(by, true)) return undefined;
  if (kind === "logGroup") return undefined;
  return `${exists} already exists, and an unfinished update to ${replaces} may still be going to delete it: set ${setting} to ${replaces}, update, and then change it`;
}

function keyProblem({ kmsKeyArn }: FoundResource, by: ClaimingStack): string | undefined {
  if (kmsKeyArn === undefined || by.kmsKeyArn === undefined || kmsKeyArn === by.kmsKeyArn) return undefined;
  const key = kmsKeyArn === "" ? "no KMS key" : `the KMS key ${kmsKeyArn}`;
  return `with ${key}, which ECR can't change: use another repositoryName, or that key`;
}

function isOwn(
  { kind, id }: NamedResource,
  { tags = {}, endpointConfigName }: FoundResource,
  by: ClaimingStack,
): boolean {
  if ([value(by, true), value(by, false)].includes(tags[stackTag] ?? "")) return true;
  const inState = (type: string, name: string | undefined) =>
    by.earlier.some((resource) => resource.type === type && resource.outputs.name === name);
  if (kind === "endpoint") {
    return inState("aws:sagemaker/endpointConfiguration:EndpointConfiguration", endpointConfigName);
  }
  return (
    kind === "logGroup" &&
    (inState("aws:sagemaker/endpoint:Endpoint", id.slice(id.lastIndexOf("/") + 1)) ||
      Object.entries(tags).every(([key, tag]) => by.tags[key] === tag))
  );
}

function value({ project, stack }: ClaimingStack, kept: boolean): string {
  return stackTagValue(project, stack, kept);
}

const words: Readonly<Record<NamedKind, { readonly setting: string; readonly noun: string }>> = {
  endpoint: { setting: "endpointName", noun: "endpoint" },
  bucket: { setting: "bucketName", noun: "bucket" },
  repository: { setting: "repositoryName", noun: "repository" },
  logGroup: { setting: "endpointName", noun: "log group" },
};

/** The setting's value; a log group is named after its endpoint. */
function shownName({ id }: NamedResource): string {
  return id.startsWith("/") ? id.slice(id.lastIndexOf("/") + 1) : id;
}

/** The command that marks a resource as the stack's. */
function tagging({ kind, id, replaces }: NamedResource, { arn }: FoundResource, by: ClaimingStack): string {
  const mark = value(by, replaces !== undefined);
  switch (kind) {
    case "bucket":
      return `aws s3api put-bucket-tagging --bucket ${id} --tagging "TagSet=[{Key=${stackTag},Value=${mark}}]"`;
    case "repository":
      return `aws ecr tag-resource --resource-arn ${arn} --tags Key=${stackTag},Value=${mark}`;
    case "endpoint":
      return `aws sagemaker add-tags --resource-arn ${arn} --tags Key=${stackTag},Value=${mark}`;
    case "logGroup":
      return `aws logs tag-resource --resource-arn ${arn} --tags ${stackTag}=${mark}`;
  }
}
