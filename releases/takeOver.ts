import { getLogGroup } from "@pulumi/aws/cloudwatch/getLogGroup.js";
import { getRepository } from "@pulumi/aws/ecr/getRepository.js";
import * as pulumi from "@pulumi/pulumi";
import { scaledVariants } from "./autoscaling.ts";
import { bucketRules, bucketTags } from "./bucketTags.ts";
import { connect, type AwsClients, type AwsConnection } from "./connection.ts";
import { describeEndpoint, readTags } from "./endpoints.ts";
import { requireImportingEngine } from "./importingEngine.ts";
import { namedResources, type NamedResource, type PlannedNames } from "./namedResources.ts";
import type { ClaimingStack, FoundResource } from "./foundResource.ts";
import { ownershipProblem } from "./ownership.ts";
import { lookUp } from "./providerLookups.ts";

/** Resources of AWS that have the names of resources which the stack is going to create. */
export interface ExistingResources {
  /** The names in AWS of those that the stack imports, by their names in Pulumi. */
  readonly imports: ReadonlyMap<string, string>;
  /** The names in AWS of resources that keep the ones they were taken over with, by their names in Pulumi. */
  readonly names: ReadonlyMap<string, string>;
  /** A line for each that isn't the stack's, with the setting, the reason and the remedy. */
  readonly problems: readonly string[];
}

/** No such resources. */
export const noneExisting: ExistingResources = { imports: new Map(), names: new Map(), problems: [] };

/**
 * Finds resources that exist although the state doesn't have them, because an update was interrupted while it created
 * them, or because they were kept when they left the stack. AWS would refuse to create them again, in the middle of an
 * update. Names that the state has cost no request.
 *
 * @param name the name of the TritonEndpoint
 * @param connection how to reach AWS
 * @param planned the arguments of the TritonEndpoint
 * @param earlier the stack's resources at the start of this run
 * @throws AwsError if SageMaker can't be asked; Error if the engine is too old for what is taken over
 */
export async function existingResources(
  name: string,
  connection: AwsConnection,
  planned: PlannedNames,
  earlier: ClaimingStack["earlier"],
): Promise<ExistingResources> {
  const { tags = {}, kmsKeyArn = "", createKmsKey, takeOver, endpointName = name } = planned;
  await requireImportingEngine(takeOver);
  const stack = {
    takeOver,
    ...{ project: pulumi.getProject(), stack: pulumi.getStack(), earlier, tags },
    ...(typeof kmsKeyArn === "string" && !createKmsKey && { kmsKeyArn }),
  };
  const imports = new Map<string, string>();
  const problems: string[] = [];
  const named = namedResources(name, planned, earlier);
  const found = await Promise.all(named.map((resource) => find(resource, connection, takeOver)));
  for (const [index, resource] of named.entries()) {
    const existing = found[index];
    if (!existing) continue;
    const problem = ownershipProblem(resource, existing, stack);
    if (problem === undefined) imports.set(resource.resource, resource.id);
    else problems.push(problem);
  }
  const scales = takeOver?.includes("autoscaling") === true;
  const names = keptPolicies(earlier);
  if (scales && names.size === 0) {
    for (const [policy, kept] of await existingPolicies(name, connection, endpointName)) names.set(policy, kept);
  }
  return { imports, names, problems };
}

const policyType = "aws:appautoscaling/policy:Policy";

/** Scaling policies in the state whose name isn't the program's. */
function keptPolicies(earlier: ClaimingStack["earlier"]): Map<string, string> {
  return new Map(
    earlier.flatMap(({ type, name, outputs }) =>
      type === policyType && typeof outputs.name === "string" && outputs.name !== name ? [[name, outputs.name]] : [],
    ),
  );
}

/**
 * The names of an endpoint's target-tracking policies: AWS allows one for each metric, and changes the one that has the
 * name of a new one.
 */
async function existingPolicies(
  name: string,
  connection: AwsConnection,
  endpointName: string,
): Promise<[string, string][]> {
  const clients = await connect(connection);
  const live = await describeEndpoint(clients, endpointName);
  const scaled = live ? await scaledVariants(clients, live) : [];
  return scaled.flatMap(({ variantName, policies }) => {
    const { PolicyName } = policies.find(({ PolicyType }) => PolicyType === "TargetTrackingScaling") ?? {};
    if (PolicyName === undefined) return [];
    // The only variant has the component's own name.
    const owners = [`${name}-${variantName}`, ...(scaled.length === 1 ? [name] : [])];
    return owners.map((owner) => [`${owner}-autoscaling-policy`, PolicyName] satisfies [string, string]);
  });
}

/** Asks for a resource by its name. */
async function find(
  named: NamedResource,
  connection: AwsConnection,
  takeOver: PlannedNames["takeOver"] = [],
): Promise<FoundResource | undefined> {
  const { id } = named;
  switch (named.kind) {
    case "endpoint":
      return findEndpoint(await connect(connection), named);
    case "bucket":
      return findBucket(connection, id, takeOver.includes("bucket"));
    case "repository":
      return findRepository(id);
    case "logGroup":
      return (await lookUp(() => getLogGroup({ name: id }))).found;
  }
}

/** Rules that the stack would replace only matter if another tool made the bucket. */
async function findBucket(connection: AwsConnection, id: string, foreign: boolean): Promise<FoundResource | undefined> {
  const found = await bucketTags(connection, id);
  return found && foreign ? { ...found, rules: await bucketRules(connection, id) } : found;
}

async function findRepository(name: string): Promise<FoundResource | undefined> {
  const { found } = await lookUp(() => getRepository({ name }));
  return found && { arn: found.arn, tags: found.tags, kmsKeyArn: found.encryptionConfigurations.at(0)?.kmsKey ?? "" };
}

async function findEndpoint(clients: AwsClients, { id, replaces }: NamedResource): Promise<FoundResource | undefined> {
  const live = await describeEndpoint(clients, id);
  if (!live) return undefined;
  const replaced = replaces === undefined ? undefined : await describeEndpoint(clients, replaces);
  return {
    arn: live.endpointArn,
    tags: await readTags(clients, live),
    status: live.status,
    endpointConfigName: live.endpointConfigName,
    alarmNames: live.alarmNames,
    newer: replaced !== undefined && live.creationTime > replaced.creationTime,
  };
}
