import { Resolver, type Facts } from "./resolve.ts";
import { textOf, type Template } from "./template.ts";
import { Unknown } from "./unknown.ts";

/** A resource of what runs today, with its properties in CloudFormation's words. */
export interface OldResource {
  /** Its name in the template; for a resource that was read from AWS, its name there. */
  readonly logicalId: string;
  /** CloudFormation's type, for example `AWS::SageMaker::Model`. */
  readonly type: string;
  /** Its name in AWS; a security group's or a key's id. */
  readonly name: string | Unknown;
  /** Its properties; a part that isn't known is `Unknown`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether it stays in AWS when the old stack is deleted. */
  readonly retained: boolean;
  /** The line in the template of one of its properties, or of the resource itself; absent without a template. */
  readonly lineOf?: (...path: readonly (string | number)[]) => number;
}

/** How an endpoint serves right now, whatever a template says. */
export interface Serving {
  /** SageMaker's status. */
  readonly status: string;
  /** The configuration in service. */
  readonly endpointConfigName: string;
  /** The instance counts by variant. */
  readonly counts: Readonly<Record<string, number>>;
  /** The CloudFormation stack that it belongs to, if that isn't the one that describes it. */
  readonly owner?: string;
}

/** What runs today. */
export interface OldStack {
  /** Its name in messages, for example `the template original.yaml`. */
  readonly source: string;
  readonly resources: readonly OldResource[];
  /** The account, as far as it is known. */
  readonly accountId?: string;
  /** The region, as far as it is known. */
  readonly region?: string;
  /** How the endpoint serves right now; absent if AWS wasn't asked. */
  readonly serving?: Serving;
}

/**
 * The resources that a template creates.
 *
 * @param template the template
 * @param source its name in messages
 * @param facts what is known beside it
 * @throws Error if it refers to itself
 */
export function templateStack(template: Template, source: string, facts: Facts): OldStack {
  const { "AWS::AccountId": accountId, "AWS::Region": region } = facts.parameters;
  const known = { ...(accountId !== undefined && { accountId }), ...(region !== undefined && { region }) };
  try {
    return { source, ...known, resources: resourcesOf(template, facts) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`${template.name} refers to itself: a value is computed from itself`, { cause: error });
  }
}

function resourcesOf(template: Template, facts: Facts): OldResource[] {
  const resolver = new Resolver(template, facts);
  return Object.entries(template.resources).flatMap(([logicalId, resource]) => {
    // A resource whose condition isn't known may be there.
    if (resolver.creates(resource) === false) return [];
    const properties = resolver.value(resource.Properties ?? {});
    return [
      {
        logicalId,
        type: resource.Type,
        name: resolver.nameOf(logicalId),
        properties: (properties instanceof Unknown ? {} : properties) as OldResource["properties"],
        retained: textOf(resource.DeletionPolicy).startsWith("Retain"),
        lineOf: (...path) =>
          template.lineOf("Resources", logicalId, ...(path.length > 0 ? ["Properties", ...path] : [])),
      },
    ];
  });
}
