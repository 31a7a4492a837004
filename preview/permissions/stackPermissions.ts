import facts from "../../sagemaker/permissions.json" with { type: "json" };
import type { Plan, PlannedResource } from "../plan.ts";
import { ArnTemplates, type PlannedScope } from "./arnTemplate.ts";
import { mergedStatements, type Permission, type PermissionPolicy } from "./mergedStatements.ts";

/** What a policy is for. */
export interface PermissionOptions extends PlannedScope {
  /** To see what an update would change, not to change it. Default: false. */
  readonly preview?: boolean;
  /** Also to call the endpoint and look at its alarms afterwards, as `npm run smoke` does. Default: false. */
  readonly smoke?: boolean;
}

/**
 * The actions that previewing or deploying a stack needs in AWS: those of its resources' handlers in Pulumi's providers,
 * and those of the program itself. Nothing is needed to delete what stays in AWS when it leaves the stack.
 *
 * @param plan the stack's plan
 * @param options what the policy is for
 * @returns a policy document
 * @throws Error if the table lacks a type of the plan
 */
export function stackPermissions(plan: Plan, options: PermissionOptions = {}): PermissionPolicy {
  const templates = new ArnTemplates(plan, options);
  return mergedStatements(
    plan.resources
      .filter(({ type }) => !type.startsWith("sagemaker-triton:") && !type.startsWith("pulumi:"))
      .flatMap((resource) => permissionsOf(resource, options, templates)),
  );
}

/** What is known of a type: its providers' handlers, the KMS actions that a key among its inputs needs, and the program's own calls. */
interface TypeFacts {
  readonly arn: Arns;
  readonly read: readonly string[];
  readonly create: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
  readonly on?: Readonly<Record<string, Arns>>;
  readonly kms?: readonly string[];
  readonly program?: Readonly<Record<"preview" | "deploy", Readonly<Record<string, Arns>>>>;
  readonly smoke?: Readonly<Record<string, Arns>>;
}

type Arns = string | readonly string[];

function permissionsOf(
  resource: PlannedResource,
  { preview = false, smoke = false }: PermissionOptions,
  templates: ArnTemplates,
): Permission[] {
  const known = typeFacts(resource.type);
  const stays = resource.options.retainOnDelete ?? resource.options.protect ?? false;
  const handlers = preview
    ? known.read
    : [...known.read, ...known.create, ...known.update, ...(stays ? [] : known.delete)];
  const onType = (action: string) => known.on?.[action] ?? known.arn;
  const asked: [string, Arns][] = [
    ...handlers.map((action): [string, Arns] => [action, onType(action)]),
    ...Object.entries({
      ...known.program?.preview,
      ...(!preview && known.program?.deploy),
      ...(smoke && known.smoke),
    }),
  ];
  const keys = preview ? [] : templates.keysOf(resource);
  return [
    ...asked.flatMap(([action, arns]) =>
      facts.anyResource.includes(action)
        ? [{ action, arn: "*" }]
        : [arns].flat().flatMap((template) => {
            const arn = templates.fill(template, resource);
            return arn === undefined ? [] : [{ action, arn }];
          }),
    ),
    ...keys.flatMap((arn) => (known.kms ?? []).map((action) => ({ action, arn }))),
  ];
}

function typeFacts(type: string): TypeFacts {
  const found = (facts.types as Readonly<Record<string, TypeFacts>>)[type];
  if (!found) throw new Error(`${type}: its permissions aren't known: add it to sagemaker/permissions.json`);
  return found;
}
