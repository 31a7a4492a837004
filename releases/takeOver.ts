import { getLogGroup } from "@pulumi/aws/cloudwatch/getLogGroup.js";
import { getRepository } from "@pulumi/aws/ecr/getRepository.js";
import * as pulumi from "@pulumi/pulumi";
import { bucketTags } from "./bucketTags.ts";
import { connect, type AwsClients, type AwsConnection } from "./connection.ts";
import { describeEndpoint, readTags } from "./endpoints.ts";
import { namedResources, type NamedResource, type PlannedNames } from "./namedResources.ts";
import { ownershipProblem, type ClaimingStack, type FoundResource } from "./ownership.ts";
import { lookUp } from "./providerLookups.ts";

/** Resources of AWS that have the names of resources which the stack is going to create. */
export interface ExistingResources {
  /** The names in AWS of those that the stack imports, by their names in Pulumi. */
  readonly imports: ReadonlyMap<string, string>;
  /** A line for each that isn't the stack's, with the setting, the reason and the remedy. */
  readonly problems: readonly string[];
}

/** No such resources. */
export const noneExisting: ExistingResources = { imports: new Map(), problems: [] };

/**
 * Finds resources that exist although the state doesn't have them, because an update was interrupted while it created
 * them, or because they were kept when they left the stack. AWS would refuse to create them again, in the middle of an
 * update. Names that the state has cost no request.
 *
 * @param name the name of the TritonEndpoint
 * @param connection how to reach AWS
 * @param planned the arguments of the TritonEndpoint
 * @param earlier the stack's resources at the start of this run
 * @throws AwsError if SageMaker can't be asked
 */
export async function existingResources(
  name: string,
  connection: AwsConnection,
  planned: PlannedNames,
  earlier: ClaimingStack["earlier"],
): Promise<ExistingResources> {
  const { tags = {}, kmsKeyArn = "", createKmsKey } = planned;
  const stack = {
    ...{ project: pulumi.getProject(), stack: pulumi.getStack(), earlier, tags },
    ...(typeof kmsKeyArn === "string" && !createKmsKey && { kmsKeyArn }),
  };
  const imports = new Map<string, string>();
  const problems: string[] = [];
  const named = namedResources(name, planned, earlier);
  const found = await Promise.all(named.map((resource) => find(resource, connection)));
  for (const [index, resource] of named.entries()) {
    const existing = found[index];
    if (!existing) continue;
    const problem = ownershipProblem(resource, existing, stack);
    if (problem === undefined) imports.set(resource.resource, resource.id);
    else problems.push(problem);
  }
  return { imports, problems };
}

/** Asks for a resource by its name. */
async function find(named: NamedResource, connection: AwsConnection): Promise<FoundResource | undefined> {
  const { id } = named;
  switch (named.kind) {
    case "endpoint":
      return findEndpoint(await connect(connection), named);
    case "bucket":
      return bucketTags(connection, id);
    case "repository":
      return findRepository(id);
    case "logGroup":
      return (await lookUp(() => getLogGroup({ name: id }))).found;
  }
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
    newer: replaced !== undefined && live.creationTime > replaced.creationTime,
  };
}
