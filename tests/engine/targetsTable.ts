import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { lastingProblems, problemsAfter } from "./laws.ts";
import { changeModel, serving } from "./stacks.ts";
import type { Config } from "./workspace.ts";

/** Between them, these change or replace almost every resource of a stack. */
const changes: Readonly<Record<"dev" | "prod", Config>> = {
  dev: { bucketName: "my-models", repositoryName: "my-images", instanceType: "ml.m5.xlarge", costEnv: "staging" },
  prod: {
    instanceType: "ml.r5.2xlarge",
    imageTag: "25.09-py3",
    monitoring: { retentionInDays: 30 },
    costEnv: "staging",
  },
};

const modes: Readonly<Record<string, (urn: string) => string[]>> = {
  "with --target": (urn) => ["--target", urn],
  "with --target and --target-dependents": (urn) => ["--target", urn, "--target-dependents"],
  "with --exclude": (urn) => ["--exclude", urn],
};

/**
 * Singles out every resource of a stack that serves.
 *
 * @param name the stack
 */
export function describeTargets(name: "dev" | "prod"): void {
  describe(`one resource of a serving ${name} stack`, () => {
    for (const [mode, args] of Object.entries(modes)) {
      it(`is singled out ${mode} in an update that changes all: nothing that serves is harmed, and a plain up does the rest`, async () => {
        expect(await tryEach(name, changed, args)).to.deep.equal([]);
      });
    }

    it("is to be replaced with --replace: nothing that serves is harmed, and a plain up brings all in order", async () => {
      expect(await tryEach(name, serving, (urn) => ["--replace", urn])).to.deep.equal([]);
    });
  });
}

/** The stack with its changes made to the configuration. */
export async function changed(name: "dev" | "prod"): Promise<EngineStack> {
  const stack = await serving(name);
  changeModel(stack, "targeted");
  stack.configure(changes[name]);
  return stack;
}

async function tryEach(
  name: "dev" | "prod",
  prepare: (name: "dev" | "prod") => Promise<EngineStack>,
  args: (urn: string) => string[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const resource of (await serving(name)).madeResources()) {
    const found = await problemsOf(await prepare(name), args(resource.urn));
    problems.push(...found.map((problem) => `${resource.name}: ${problem}`));
  }
  return problems;
}

/** A run may be refused, also halfway; then nothing that serves has gone, and the way back is a plain `up`. */
export async function problemsOf(stack: EngineStack, args: readonly string[]): Promise<string[]> {
  const run = await stack.up({ args });
  const problems = [
    ...run.violations,
    ...(await lastingProblems(stack, [run])),
    ...(await problemsAfter(stack, {})).map((problem) => `then ${problem}`),
  ];
  await stack.remove();
  return problems;
}
