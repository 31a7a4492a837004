import { expect } from "chai";
import { changeModel, ServingStacks } from "./stacks.ts";
import type { EngineStack, Run } from "./engineStack.ts";
import { lastingProblems, reasonOf } from "./laws.ts";

describe("what serves isn't deleted", () => {
  const stacks = new ServingStacks();
  let stack: EngineStack;
  afterEach(() => stack.remove());
  after(() => stacks.remove());

  it("by --replace of the endpoint, in the preview either", async () => {
    stack = await stacks.serving("dev");
    const replace = { args: ["--replace", urnOf("triton-server-endpoint")] };
    const preview = await stack.preview(replace);
    expect(preview.code).to.not.equal(0);
    expect(reasonOf(preview)).to.match(/isn't deleted.*replaceEndpoint sagemaker-triton-dev/);
    await expectRefused(await stack.up(replace), /isn't deleted.*replaceEndpoint sagemaker-triton-dev/);
    expectSame(await stack.up());
  });

  it("by --target of everything but the endpoint and its configuration", async () => {
    stack = await stacks.serving("dev");
    changeModel(stack, "another");
    const targets = ["triton-server-model", "triton-storage-model"].flatMap((name) => ["--target", urnOf(name)]);
    await expectRefused(await stack.up({ args: targets }), /triton-server-model-.* isn't deleted/);
    const whole = await stack.up();
    expect(whole.code, whole.output).to.equal(0);
    expect(await lastingProblems(stack, [])).to.deep.equal([]);
    expectSame(await stack.up());
  });

  it("when the whole stack is destroyed, everything goes, in an order that serves to the end", async () => {
    stack = await stacks.serving("dev");
    const { code, output, violations } = await stack.destroy();
    expect(code, output).to.equal(0);
    expect(violations).to.deep.equal([]);
    expect(stack.workspace.state("dev").resources ?? []).to.deep.equal([]);
  });

  async function expectRefused(run: Run, reason: RegExp): Promise<void> {
    expect(run.code, run.output).to.not.equal(0);
    expect(reasonOf(run)).to.match(reason);
    expect([...run.violations, ...(await lastingProblems(stack, [run]))]).to.deep.equal([]);
  }

  function expectSame({ code, output, operations }: Run): void {
    expect(code, output).to.equal(0);
    expect(operations).to.deep.equal([]);
  }

  function urnOf(name: string): string {
    const found = stack.workspace.state(stack.name).resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found) throw new Error(`the state has no ${name}`);
    return found.urn;
  }
});
