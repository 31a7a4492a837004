import { expect } from "chai";
import { stackPermissions } from "../../preview/permissions/stackPermissions.ts";
import type { PermissionPolicy } from "../../preview/permissions/mergedStatements.ts";
import { previewStack } from "../../preview/plan.ts";
import type { EmulatorCall } from "./emulator.ts";
import type { EngineStack, Run } from "./engineStack.ts";
import { changeModel, serving } from "./stacks.ts";
import type { Config } from "./workspace.ts";

const scaling: Config = {
  initialInstanceCount: undefined,
  autoscaling: {
    minCapacity: 2,
    maxCapacity: 4,
    invocationsPerInstance: 600,
    scheduledActions: [
      { scheduledActionName: "night", schedule: "cron(0 19 * * ? *)", scalableTargetAction: { minCapacity: 2 } },
    ],
  },
};

describe("the permissions of a stack", () => {
  let stack: EngineStack;
  const kept: EngineStack[] = [];
  const seen: EmulatorCall[] = [];
  const policies: PermissionPolicy[] = [];
  after(() => Promise.all(kept.map((used) => used.remove())));

  for (const [name, config] of [
    ["dev", scaling],
    ["prod", { bucketName: "birds-in-prod" }],
  ] as const) {
    it(`allow every call of the engine's runs of ${name}: previews, releases, settings, a deletion`, async () => {
      stack = await serving(name, config);
      kept.push(stack);
      const [deploy, preview] = [await policyOf(stack), await policyOf(stack, true)];
      expect(refused(await calls(), [deploy]), "up").to.deep.equal([]);
      for (const args of [[], ["--refresh"]]) {
        expectSuccess(await stack.preview({ args }));
        expect(refused(await calls(), [preview]), `preview ${args.join(" ")}`).to.deep.equal([]);
      }
      const policed = [deploy];
      for (const change of [
        () => {
          changeModel(stack, "next");
        },
        () => {
          stack.configure({ costEnv: "staging", instanceType: "ml.m5.xlarge" });
        },
        () => {
          stack.configure({
            ...{ autoscaling: undefined, initialInstanceCount: 2 },
            ...{ rollout: undefined, keepReleases: undefined },
          });
        },
        () => {
          stack.configure({ protect: undefined });
        },
      ]) {
        change();
        policed.push(await policyOf(stack));
        expectSuccess(await stack.up({ refresh: true }));
        expect(refused(await calls(), policed), "up --refresh").to.deep.equal([]);
      }
      expectSuccess(await stack.destroy());
      expect(refused(await calls(), policed), "destroy").to.deep.equal([]);
      policies.push(...policed);
    });
  }

  it("allow no call that none of these runs makes, of those that the stand-ins for the providers can make", () => {
    const asked = new Set(seen.map(({ action }) => action));
    const allowed = new Set(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)));
    const possible = [...allowed].filter((action) => /^(sagemaker|application-autoscaling):/.test(action));
    expect(possible.filter((action) => !asked.has(action)).toSorted()).to.deep.equal(Object.keys(onlyElsewhere));
  });

  async function calls(): Promise<EmulatorCall[]> {
    const made = await stack.emulator.calls();
    seen.push(...made);
    return made;
  }
});

/** What needs another run than these, or real providers. */
const onlyElsewhere: Readonly<Record<string, string>> = {
  "application-autoscaling:TagResource": "Application Auto Scaling asks for it when a target is registered with tags",
  "application-autoscaling:UntagResource":
    "the real provider changes a target's tags by it; the stand-in registers anew",
};

async function policyOf({ name, workspace: { project } }: EngineStack, preview = false): Promise<PermissionPolicy> {
  return stackPermissions(await previewStack({ stack: name, directory: project }), { preview, region: "us-east-1" });
}

/** The calls that no policy allows: by their action, and by the resource that they name. */
function refused(calls: readonly EmulatorCall[], policies: readonly PermissionPolicy[]): string[] {
  const statements = policies.flatMap(({ Statement }) => Statement);
  return calls.flatMap(({ action, resource }) => {
    const patterns = statements.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
    const named = /^(sagemaker|s3):/.test(action) ? resource : "";
    return patterns.some((pattern) => names(pattern, named)) ? [] : [`${action} ${resource}`];
  });
}

/** Whether a pattern's resource, after the last `/` or `:`, is this one; an ARN is compared whole. */
function names(pattern: string, resource: string): boolean {
  if (resource === "" || pattern === "*") return true;
  const part = resource.startsWith("arn:") ? pattern : pattern.replace(/^.*[/:]/, "");
  return new RegExp(`^${part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(resource);
}

function expectSuccess({ code, output }: Run): void {
  expect(code, output).to.equal(0);
}
