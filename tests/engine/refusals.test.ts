import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { makeChange } from "./laws.ts";
import { noInstances } from "./settingChanges.ts";
import { changeModel, serving } from "./stacks.ts";
import { types } from "./types.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef";
const serverless = { memorySizeInMb: 2048, maxConcurrency: 5 };

describe("a change that can't be made safely", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const [what, settings, refusal] of [
    [
      "another endpoint name",
      { endpointName: "another" },
      /^endpointName another: .*replaceEndpoint sagemaker-triton-dev/,
    ],
    ["a queue", { asyncInference: { expirationInDays: 1 } }, /^asyncInference: can't be added/],
    ["serving without instances", { serverless, ...noInstances }, /^serverless: can't be added/],
  ] as const) {
    it(`is refused before anything is done, in the preview as in the update: ${what}`, async () => {
      stack = await serving("dev");
      stack.configure(settings);
      const change = await makeChange(stack);
      expect(change.refusal).to.match(refusal);
      expect(change.preview.code).to.not.equal(0);
      expect(change.problems).to.deep.equal([]);
    });
  }

  it("is refused on prod in words that name the setting, not the engine's flag: a bucket of another name", async () => {
    stack = await serving("prod");
    stack.configure({ bucketName: "another-bucket" });
    const change = await makeChange(stack);
    expect(change.refusal).to.match(/^bucketName another-bucket: /);
    expect(change.problems).to.deep.equal([]);
  });

  it("is made under another name, where the endpoint that goes is named: the new one serves first", async () => {
    stack = await serving("dev");
    stack.configure({
      endpointName: "another",
      replaceEndpoint: "sagemaker-triton-dev",
      asyncInference: { expirationInDays: 1 },
    });
    const { code, output, operations } = await stack.up();
    expect(code, output).to.equal(0);
    const ofEndpoint = operations.filter(({ type }) => type === types.endpoint);
    expect(ofEndpoint.map(({ kind }) => kind)).to.deep.equal(["create", "delete"]);
    expect((await stack.serves()).map(({ name }) => name)).to.deep.equal(["another"]);
    expect((await stack.up()).operations).to.deep.equal([]);
  });
});

describe("a change that moves the stack", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  it("keeps the only variant's autoscaling when it becomes one of several under its name", async () => {
    stack = await serving("prod");
    stack.configure({ rollout: undefined, variants: { AllTraffic: {}, next: { initialVariantWeight: 0 } } });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    expect(stack.cloud.all(types.scalableTarget)).to.have.length(2);
  });

  it("lets an earlier release serve again after key and repository have changed", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true });
    await makeChange(stack);
    const [first] = stack.cloud.all(types.model);
    stack.configure({ kmsKeyArn, repositoryName: "my-images" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    changeModel(stack, "another");
    stack.configure({ modelName: first!.id });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("gives many models another key, and the endpoint moves to them", async () => {
    stack = await serving("dev");
    stack.configure({
      modelRepository: undefined,
      defaultModelName: undefined,
      multiModel: { modelRepositories: "examples/multi-model" },
    });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    stack.configure({ kmsKeyArn });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("shuts no bucket out on the way to S3 before the endpoint has moved", async () => {
    stack = await serving("dev");
    stack.configure({
      vpcConfig: { vpcId: "vpc-01234567", subnets: ["subnet-01234567"], routeTableIds: ["rtb-01234567"] },
    });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    const before = stack.madeResources().find(({ type }) => type === types.bucket);
    stack.configure({ bucketName: "my-models" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    const [gateway] = stack.cloud.all(types.vpcEndpoint);
    expect(gateway!.inputs.policy).to.include(before!.id).and.to.include("my-models");
  });
});
