import type { Findings } from "./findings.ts";
import { named, ofType } from "./links.ts";
import type { OldResource, OldStack } from "./oldStack.ts";
import { isObject, textOf } from "./template.ts";
import type { Values } from "./variants.ts";

/**
 * The execution role: a new one is made beside the old, with only the permissions that the endpoint needs. The old one is
 * used on where others have to know the role.
 *
 * @param stack what runs today
 * @param roleArns the Models' roles
 * @param why a reason to keep the old one. Default: none
 * @param findings what is found out
 */
export function adoptRole(
  stack: OldStack,
  roleArns: readonly string[],
  why: string | undefined,
  findings: Findings,
): Values {
  const roles = [...new Set(roleArns)];
  const resources = roles.flatMap((arn) => named(stack, "AWS::IAM::Role", arn) ?? []);
  const attached = resources.flatMap((role) => policiesOf(stack, role));
  if (why === undefined) {
    const resource = "Role";
    findings.rows.push({ what: "made new", resource, why: "with only the permissions that the endpoint needs" });
    for (const role of resources) {
      findings.row("left", role, "the new release doesn't use it");
      for (const part of [role, ...policiesOf(stack, role)])
        for (const wide of widePermissions(part)) findings.isStricter(part, wide.path, wide.message);
    }
    return {};
  }
  const [role, ...others] = roles;
  if (others.length > 0) {
    for (const one of resources)
      findings.refuse(
        one,
        [],
        `the variants have several roles, and one has to be kept, because ${why}: give them one role first`,
      );
  }
  for (const one of [...resources, ...attached]) findings.row("used", one, `is kept, because ${why}`);
  if (resources.length === 0)
    findings.rows.push({ what: "used", resource: `Role ${role ?? ""}`, why: `is kept, because ${why}` });
  return { role };
}

/** The policies that the template has apart from the role. */
function policiesOf(stack: OldStack, role: OldResource): OldResource[] {
  return ofType(stack, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy").filter(({ properties }) =>
    [properties.Roles, properties.RoleName]
      .flat()
      .some((one) => one !== undefined && named(stack, "AWS::IAM::Role", one) === role),
  );
}

interface WidePermission {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Statements that allow more than one resource or action, as no statement of the new role does. */
function widePermissions(resource: OldResource): WidePermission[] {
  const { Policies, PolicyDocument, ManagedPolicyArns } = resource.properties;
  const inline = (Array.isArray(Policies) ? (Policies as unknown[]) : []).flatMap((policy, index) =>
    isObject(policy)
      ? wideStatements(policy.PolicyDocument).map((wide) => ({
          path: ["Policies", index],
          message: `${textOf(policy.PolicyName)} allows ${wide}`,
        }))
      : [],
  );
  const own = wideStatements(PolicyDocument).map((wide) => ({ path: ["PolicyDocument"], message: `allows ${wide}` }));
  const managed = (Array.isArray(ManagedPolicyArns) ? ManagedPolicyArns : []).map((arn) => ({
    path: ["ManagedPolicyArns"],
    message: `has the managed policy ${textOf(arn).slice(textOf(arn).lastIndexOf("/") + 1)}`,
  }));
  return [...inline, ...own, ...managed].map(({ path, message }) => ({
    path,
    message: `${message}; the new role doesn't`,
  }));
}

function wideStatements(document: unknown): string[] {
  const statements = isObject(document) ? [document.Statement].flat().filter(isObject) : [];
  return statements.flatMap(({ Effect, Action, Resource }) => {
    const actions = [Action].flat().map(textOf);
    const everywhere = [Resource].flat().includes("*");
    if (Effect !== "Allow" || !(everywhere || actions.some((action) => action.includes("*")))) return [];
    return [`${actions.join(", ")} on ${everywhere ? "*" : "its resources"}`];
  });
}

/**
 * A reason for which the old role has to stay.
 *
 * @param needs what the endpoint has that others may have tied to the role
 */
export function reasonToKeepRole(needs: {
  readonly queued: boolean;
  readonly key?: { readonly arn: string; readonly delegates: boolean } | undefined;
  /** A bucket of which it isn't known whether it belongs to the same account. */
  readonly foreignBucket?: string | undefined;
}): string | undefined {
  if (needs.queued)
    return "it may read requests wherever callers put them, and a new one only in the program's own place";
  if (needs.key?.delegates === false)
    return `the policy of the key ${needs.key.arn} decides who uses it, and doesn't know a new role`;
  if (needs.foreignBucket !== undefined)
    return `the bucket ${needs.foreignBucket} may belong to another account, whose policy doesn't know a new role`;
  return undefined;
}
