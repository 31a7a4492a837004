import facts from "../../sagemaker/permissions.json" with { type: "json" };

/** An action on a resource, whose ARN may have `*` in it. */
export interface Permission {
  readonly action: string;
  readonly arn: string;
}

/** A policy that allows actions. */
export interface PermissionPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PermissionStatement[];
}

/** The actions that are allowed on the same resources under the same condition. */
export interface PermissionStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const conditions: Readonly<Record<string, PermissionStatement["Condition"]>> = facts.conditions;

/**
 * A policy with one statement for the actions that have the same resources and the same condition. ARNs that another
 * covers are left out.
 *
 * @param permissions the actions and their resources, in any order
 */
export function mergedStatements(permissions: readonly Permission[]): PermissionPolicy {
  const byAction = Map.groupBy(permissions, ({ action }) => action);
  const statements = [...byAction].map(([action, all]) => {
    const arns = withoutCovered(all.flatMap(({ arn }) => spellings(arn)));
    return { action, arns, Condition: conditions[action] };
  });
  const merged = Map.groupBy(statements, ({ arns, Condition }) => JSON.stringify([arns, Condition]));
  const Statement = [...merged.values()].map((same): PermissionStatement => {
    const [{ arns, Condition } = { arns: [] }] = same;
    const Action = same.map(({ action }) => action).toSorted();
    return { Effect: "Allow", Action, Resource: arns, ...(Condition && { Condition }) };
  });
  return {
    Version: "2012-10-17",
    Statement: Statement.toSorted((a, b) => ((a.Action[0] ?? "") < (b.Action[0] ?? "") ? -1 : 1)),
  };
}

/** SageMaker writes names in ARNs in lower case: https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html */
function spellings(arn: string): string[] {
  return /^arn:[^:]+:sagemaker:/.test(arn) ? [...new Set([arn, arn.toLowerCase()])] : [arn];
}

function withoutCovered(arns: readonly string[]): string[] {
  const distinct = [...new Set(arns)].toSorted();
  return distinct.filter((arn) => !distinct.some((other) => other !== arn && covers(other, arn)));
}

/** Whether a pattern of ARNs matches another one, whose own `*` counts as any text. */
function covers(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(arn);
}
