import { DeleteModelCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { EngineStack, Run } from "./engineStack.ts";
import { lastingProblems } from "./laws.ts";
import { changeModel, serving } from "./stacks.ts";
import { types } from "./types.ts";

describe("what serves isn't deleted", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("by --replace of the endpoint, which the preview refuses already", async () => {
    stack = await serving("dev");
    const replace = { args: ["--replace", urnOf("triton-server-endpoint")] };
    const reason = /isn't deleted.*replaceEndpoint sagemaker-triton-dev/;
    expect((await stack.preview(replace)).output).to.match(reason);
    await expectRefused(await stack.up(replace), reason);
    expectSame(await stack.up());
  });

  it("by --target of the new Model and its data without the endpoint", async () => {
    stack = await serving("dev");
    changeModel(stack, "another");
    await expectRefused(
      await stack.up({ args: targets("triton-server-model", "triton-storage-model") }),
      /triton-server-model-.* isn't deleted/,
    );
    await expectMoved();
  });

  it("by --target of a bucket with another name", async () => {
    stack = await serving("dev");
    stack.configure({ bucketName: "another-bucket" });
    await expectRefused(await stack.up({ args: targets("triton-storage-bucket") }), /bucket .* isn't deleted/);
    await expectMoved();
  });

  it("by --exclude of the endpoint", async () => {
    stack = await serving("dev");
    changeModel(stack, "another");
    const run = await stack.up({ args: ["--exclude", urnOf("triton-server-endpoint")] });
    expect([...run.violations, ...(await lastingProblems(stack, [run]))]).to.deep.equal([]);
    await expectMoved();
  });

  it("by modelName of a Model that a failed update had begun to give up", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true });
    expectDone(await stack.up());
    stack.configure({ keepReleases: undefined, tags: { Team: "one" } });
    stack.cloud.onOperation = (moment, { kind, type }) => {
      if (moment === "begun" && kind === "update" && type === types.endpoint) throw new Error("InternalFailure");
    };
    expect((await stack.up()).code).to.not.equal(0);
    delete stack.cloud.onOperation;
    const [model] = stack.cloud.all(types.model);
    stack.configure({ keepReleases: true, modelName: model!.id });
    expect((await stack.preview()).output).to.match(/modelName .*can't be used/);
    await expectRefused(await stack.up(), /modelName .*can't be used/);
    stack.configure({ modelName: undefined });
    expectDone(await stack.up());
    stack.configure({ modelName: model!.id });
    expectDone(await stack.up());
    expect(await lastingProblems(stack, [])).to.deep.equal([]);
  });

  it("while nobody knows what serves", async () => {
    stack = await serving("dev");
    changeModel(stack, "another");
    await stack.up({ args: targets("triton-storage-model") });
    const [model] = stack.cloud.all(types.model);
    await stack.emulator.clients.sagemaker.send(new DeleteModelCommand({ ModelName: model!.id }));
    const { code, output } = await stack.up({ args: targets("triton-storage-model") });
    expect(code).to.not.equal(0);
    expect(output).to.match(/isn't deleted.*can't be asked \(DescribeModel/);
  });

  it("in a stack that an earlier program made, from the first run on", async () => {
    stack = await serving("dev");
    forgetHooks();
    expectSame(await stack.up());
    await expectRefused(await stack.up({ args: ["--replace", urnOf("triton-server-endpoint")] }), /isn't deleted/);
    changeModel(stack, "another");
    await expectMoved();
  });

  it("though its earlier program's state has no hooks, and it is destroyed as ever", async () => {
    stack = await serving("dev");
    forgetHooks();
    expect((await stack.bareDestroy()).code).to.equal(0);
  });

  /** Turns the state into that of a program without hooks of deletions. */
  function forgetHooks(): void {
    const file = path.join(stack.workspace.backend, ".pulumi/stacks/sagemaker-triton", `${stack.name}.json`);
    const state = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources: { resourceHooks?: Record<string, unknown> }[] } };
    };
    for (const { resourceHooks } of state.checkpoint.latest.resources) delete resourceHooks?.BeforeDelete;
    writeFileSync(file, JSON.stringify(state));
  }

  async function expectRefused(run: Run, reason: RegExp): Promise<void> {
    expect(run.code, run.output).to.not.equal(0);
    expect(run.output).to.match(reason);
    expect([...run.violations, ...(await lastingProblems(stack, [run]))]).to.deep.equal([]);
  }

  async function expectMoved(): Promise<void> {
    expectDone(await stack.up());
    expect(await lastingProblems(stack, [])).to.deep.equal([]);
    expectSame(await stack.up());
  }

  function expectSame(run: Run): void {
    expectDone(run);
    expect(run.operations).to.deep.equal([]);
  }

  const targets = (...names: string[]) => names.flatMap((name) => ["--target", urnOf(name)]);

  function urnOf(name: string): string {
    const found = stack.workspace.state(stack.name).resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found) throw new Error(`the state has no ${name}`);
    return found.urn;
  }
});

describe("what is to go", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("is deleted with the whole stack, though the endpoint doesn't serve as planned and settings have changed", async () => {
    stack = await serving("dev");
    stack.configure({ endpointName: "another" });
    const { code, output, violations } = await stack.destroy();
    expect(code, output).to.equal(0);
    expect(violations).to.deep.equal([]);
    expect(stack.workspace.state("dev").resources ?? []).to.deep.equal([]);
  });

  it("is deleted by pulumi destroy once it runs the program", async () => {
    stack = await serving("dev");
    const refused = await stack.bareDestroy();
    expect(refused.code).to.not.equal(0);
    expect(refused.output).to.include("--run-program");
    expectDone(await stack.bareDestroy({ args: ["--run-program"] }));
  });

  it("is not the log of an endpoint that another one replaces", async () => {
    stack = await serving("dev");
    stack.configure({ monitoring: { retentionInDays: 7 } });
    expectDone(await stack.up());
    for (const [endpointName, replaceEndpoint] of [
      ["another", "sagemaker-triton-dev"],
      ["third", "another"],
      ["another", "third"],
    ]) {
      stack.configure({ endpointName, replaceEndpoint, ...(endpointName === "third" && { createKmsKey: true }) });
      const { code, output, violations } = await stack.up();
      expect(code, output).to.equal(0);
      expect(violations).to.deep.equal([]);
      expect((await stack.up()).operations).to.deep.equal([]);
    }
    stack.configure({ monitoring: undefined });
    expectDone(await stack.up());
    const logs = stack.cloud.all(types.logGroup).map(({ id }) => id.split("/").at(-1));
    expect(logs).to.have.members(["sagemaker-triton-dev", "another", "third"]);
    const [key] = stack.cloud.all(types.key);
    for (const name of logs) expect(key?.inputs.policy).to.include(`Endpoints/${name ?? ""}"`);
    expectDone(await stack.destroy());
    expect(stack.cloud.all(types.logGroup)).to.deep.equal([]);
  });
});

function expectDone({ code, output }: Run): void {
  expect(code, output).to.equal(0);
}
