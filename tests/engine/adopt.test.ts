import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { AddTagsCommand, UpdateEndpointCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { account, oldTemplates } from "../support/adopt/oldStacks.ts";
import { startCalling } from "./callers.ts";
import { expectMended } from "./interruptions.ts";
import type { CliRun } from "./pulumiCli.ts";
import { arn } from "./provider/resourceTypes.ts";
import { lastingProblems } from "./laws.ts";
import { types } from "./types.ts";
import { deleteOldStack, deployOldStack, type DeployedOldStack } from "./oldStack.ts";

/** What the old stack made and is no longer there. */
const missing = ({ stack, made }: DeployedOldStack) =>
  made.filter(({ type, id }) => !stack.cloud.get(type, id)).map(({ type, id }) => `${type} ${id}`);

describe("an endpoint that another tool made", () => {
  for (const [kind, template] of Object.entries(oldTemplates)) {
    it(`is taken over, and serves on after the old stack is deleted: ${kind}`, async () => {
      const deployed = await deployOldStack(template);
      const { stack, adoption } = deployed;
      expect(adoption.problems).to.deep.equal([]);
      const preview = await stack.preview();
      expect(preview.code, preview.output).to.equal(0);
      const run = await stack.up();
      expect(run.code, run.output).to.equal(0);
      expect([...run.violations, ...(await lastingProblems(stack, [run]))]).to.deep.equal([]);
      expect(run.operations.filter(({ kind: what }) => what === "delete")).to.deep.equal([]);
      const kept = [types.endpoint, types.bucket, types.repository] as readonly string[];
      const created = run.operations.filter(({ kind: what, type }) => what === "create" && kept.includes(type));
      expect(created).to.deep.equal([]);
      expect(missing(deployed)).to.deep.equal([]);
      const [endpoint] = await stack.serves();
      expect(endpoint?.configuration).to.match(/^triton-server-configuration-/);
      for (const takeOver of [adoption.settings.takeOver, undefined]) {
        stack.configure({ takeOver });
        const again = await stack.up({ refresh: takeOver === undefined });
        expect(again.code, again.output).to.equal(0);
        expect(again.operations.map(({ kind: what, name }) => `${what} ${name}`)).to.deep.equal([]);
      }
      await deleteOldStack(deployed);
      expect(await lastingProblems(stack, [])).to.deep.equal([]);
      const last = await stack.up({ refresh: true });
      expect(last.operations.map(({ kind: what, name }) => `${what} ${name}`)).to.deep.equal([]);
      expect(last.code, last.output).to.equal(0);
      await stack.remove();
    });
  }
});

describe("an endpoint whose takeover would lose something", () => {
  let deployed: DeployedOldStack;
  afterEach(() => deployed.stack.remove());

  it("is refused in the preview and before anything is registered, all at once", async () => {
    deployed = await deployOldStack(oldTemplates["with a VPC"]!);
    const { stack } = deployed;
    const { sagemaker, s3 } = stack.emulator.clients;
    const ResourceArn = arn("sagemaker", "endpoint/vpc-endpoint");
    await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: "by-hand", Value: "1" }] }));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: account }, Action: "s3:GetObject", Resource: "arn:aws:s3:::vpc-models/*" },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket: "vpc-models", Policy }));
    for (const run of [await stack.preview(), await stack.up()]) {
      expect(run.code).to.not.equal(0);
      expect(run.operations).to.deep.equal([]);
      expect(run.output).to.match(
        /takeOver: the endpoint vpc-endpoint can't be taken over, because its tags by-hand=1 would be removed/,
      );
      expect(run.output).to.match(
        /takeOver: the bucket vpc-models can't be taken over, because its policy would be replaced: set bucket instead/,
      );
    }
    expect(missing(deployed)).to.deep.equal([]);
  });
});

describe("a takeover that doesn't end", () => {
  it("leaves an endpoint that serves whichever operation fails, and up --refresh completes it", async () => {
    const whole = await takeOver();
    expect(whole.failed).to.equal(undefined);
    for (let nth = 1; nth <= whole.operations; nth += 1) {
      const { failed } = await takeOver(nth);
      expect(failed, `operation ${nth} of ${whole.operations}`).to.not.equal(undefined);
    }
  });

  for (const operation of [1, 8, 15, 20]) {
    it(`leaves an endpoint that serves if it is killed after operation ${operation}, and up --refresh completes it`, async () => {
      const deployed = await deployOldStack(oldTemplates["with autoscaling"]!);
      const { stack } = deployed;
      const seen: { operations: number; run?: CliRun } = { operations: 0 };
      stack.cloud.onOperation = (moment) => {
        if (moment === "ended" && (seen.operations += 1) === operation) seen.run?.kill();
      };
      const run = await stack.up({ begun: (begun) => (seen.run = begun) });
      delete stack.cloud.onOperation;
      await stack.cancel();
      await expectMended(stack, run);
      expect(missing(deployed)).to.deep.equal([]);
      expect(await stack.scaled()).to.deep.equal(["AllTraffic"]);
      await stack.remove();
    });
  }

  async function takeOver(nth?: number): Promise<{ operations: number; failed?: string }> {
    const deployed = await deployOldStack(oldTemplates["the original"]!);
    const { stack } = deployed;
    const seen: { operations: number; failed?: string } = { operations: 0 };
    stack.cloud.onOperation = (moment, { kind, name }) => {
      if (moment !== "begun" || (seen.operations += 1) !== nth) return;
      seen.failed = `${kind} ${name}`;
      throw new Error("InternalFailure: the stand-in fails this operation");
    };
    const run = await stack.up();
    delete stack.cloud.onOperation;
    if (seen.failed === undefined) expect(run.code, run.output).to.equal(0);
    else await expectMended(stack, run);
    expect(missing(deployed), seen.failed).to.deep.equal([]);
    await stack.remove();
    return seen;
  }
});

describe("turning back before the old stack is deleted", () => {
  it("gives the old stack its endpoint back, and deletes only what the new one made", async () => {
    const deployed = await deployOldStack(oldTemplates["with autoscaling"]!);
    const { stack } = deployed;
    expect((await stack.up()).code).to.equal(0);
    const back = { EndpointName: "scaled-endpoint", EndpointConfigName: "old-configuration" };
    await stack.emulator.clients.sagemaker.send(new UpdateEndpointCommand(back));
    const { urn } = stack.madeResources().find(({ type }) => type === types.endpoint)!;
    await stack.manageState("delete", urn, "--force", "--target-dependents", "--yes");
    const destroyed = await stack.destroy({ args: ["--exclude-protected"] });
    expect(destroyed.code, destroyed.output).to.equal(0);
    expect(missing(deployed)).to.deep.equal([]);
    const [endpoint] = await stack.serves();
    expect(endpoint).to.include({ status: "InService", configuration: "old-configuration" });
    expect(await lastingProblems(stack, [destroyed])).to.deep.equal([]);
    expect(await stack.scaled()).to.deep.equal(["AllTraffic"]);
    expect(stack.cloud.all(types.model).map(({ id }) => id)).to.deep.equal(["old-model"]);
    await stack.remove();
  });
});

describe("the original's callers", () => {
  it("get every answer while it is adopted, changed once and its old stack is deleted", async () => {
    const deployed = await deployOldStack(oldTemplates["the original"]!);
    const { stack } = deployed;
    const callers = startCalling(stack, "sagemaker-endpoint");
    const ups = [await stack.up()];
    stack.configure({
      takeOver: undefined,
      modelDataUrl: undefined,
      modelRepository: "models",
      defaultModelName: "penguins",
    });
    ups.push(await stack.up());
    await deleteOldStack(deployed);
    ups.push(await stack.up({ refresh: true }));
    const { sent, lost } = await callers.stop();
    for (const { code, output } of ups) expect(code, output).to.equal(0);
    expect(await lastingProblems(stack, ups)).to.deep.equal([]);
    expect(lost).to.deep.equal([]);
    expect(sent).to.be.greaterThan(20);
    await stack.remove();
  });
});
