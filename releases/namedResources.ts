import { logGroupName } from "../sagemaker/monitoring.ts";
import type { EarlierResource } from "./earlierStack.ts";
import { earlierLogGroups, ownLogGroup } from "./logGroups.ts";

/** The settings that give resources their names, as far as AWS refuses a second resource of that name. */
export interface PlannedNames {
  /** The endpoint's name. */
  readonly endpointName?: string;
  /** The bucket's name. Default: auto-named by Pulumi. */
  readonly bucketName?: unknown;
  /** The image if it exists already. Default: it is copied. */
  readonly imageUri?: unknown;
  /** The name of the repository that it is copied to. Default: auto-named by Pulumi. */
  readonly repositoryName?: unknown;
  /** The endpoint's monitoring; only with it does the program create the log group. */
  readonly monitoring?: unknown;
  /** An existing log group, in place of one that the program creates. Default: none. */
  readonly logGroup?: unknown;
  /** An existing repository for the image. Default: none. */
  readonly repository?: unknown;
  /** The KMS key's ARN, if there is one; a plain value or one that isn't known yet. */
  readonly kmsKeyArn?: unknown;
  /** Whether the stack creates a KMS key. Default: false. */
  readonly createKmsKey?: boolean;
  /** Tags of every taggable resource. Default: none. */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** What is taken over although another tool made it: `endpoint`, `bucket`, `repository`, `autoscaling`. Default: nothing. */
  readonly takeOver?: readonly string[] | undefined;
}

/** A kind of resource of which AWS refuses a second one with the same name. */
export type NamedKind = "endpoint" | "bucket" | "repository" | "logGroup";

/** A resource with a given name that the stack's state doesn't have. */
export interface NamedResource {
  /** Its kind. */
  readonly kind: NamedKind;
  /** Its name in Pulumi. */
  readonly resource: string;
  /** Its name in AWS, by which it can be imported. */
  readonly id: string;
  /** The name in AWS of the one that the state has in its place. */
  readonly replaces?: string;
}

/**
 * The resources with given names that the stack is going to create. Other names, such as those of alarms, don't matter:
 * AWS updates what has them.
 *
 * @param name the name of the TritonEndpoint
 * @param planned its arguments
 * @param earlier the stack's resources at the start of this run
 */
export function namedResources(
  name: string,
  planned: PlannedNames,
  earlier: readonly EarlierResource[],
): NamedResource[] {
  const { endpointName = name, bucketName, imageUri, repositoryName, repository, monitoring, logGroup } = planned;
  // An image that exists is in a repository that the stack has only if it takes it over.
  const image = planned.takeOver?.includes("repository") ? undefined : imageUri;
  const inState = (child: string) => nameOf(earlier.find((resource) => resource.name === `${name}-${child}`));
  // A name that comes from another resource isn't known yet.
  const given = (value: unknown) => (typeof value === "string" ? value : undefined);
  const prefix = `${name}-`;
  const logs = earlierLogGroups(earlier, `${prefix}monitoring-logs`).map((group) => ({
    ...group,
    logicalName: group.logicalName.slice(prefix.length),
  }));
  const named: [NamedKind, string, string | undefined][] = [
    ["endpoint", "server-endpoint", endpointName],
    ["bucket", "storage-bucket", given(bucketName)],
    ["repository", "registry-repository", (image ?? repository) === undefined ? given(repositoryName) : undefined],
    // The log groups in the state stay in the program, also those of earlier endpoints.
    [
      "logGroup",
      ownLogGroup(endpointName, logs, "monitoring-logs"),
      monitoring && logGroup === undefined ? logGroupName(endpointName) : undefined,
    ],
  ];
  return named.flatMap(([kind, child, id]) => {
    const replaces = inState(child);
    if (id === undefined || id === replaces) return [];
    return [{ kind, resource: `${name}-${child}`, id, ...(replaces !== undefined && { replaces }) }];
  });
}

function nameOf(resource: EarlierResource | undefined): string | undefined {
  const { bucket, name } = resource?.outputs ?? {};
  const found = bucket ?? name;
  return typeof found === "string" ? found : undefined;
}
