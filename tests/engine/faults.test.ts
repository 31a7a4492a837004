import { expect } from "chai";
import { types } from "./types.ts";
import { makeChange, lastingProblems } from "./laws.ts";
import { changeModel, scaleOut, serving } from "./stacks.ts";
import type { EngineStack } from "./engineStack.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/12345678-90ab-cdef-1234-567890abcdef";

describe("on a serving endpoint", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const [setting, value] of Object.entries({ bucketName: "my-models-c", repositoryName: "my-images" })) {
    it(`${setting} is set, and changed, without deleting what serves`, async () => {
      stack = await serving("dev");
      stack.configure({ [setting]: value });
      expect((await makeChange(stack)).problems).to.deep.equal([]);
      stack.configure({ [setting]: `${value}-2` });
      expect((await makeChange(stack)).problems).to.deep.equal([]);
    });
  }

  it("a bucketName that somebody else has changes nothing", async () => {
    stack = await serving("dev");
    stack.cloud.taken.add("taken");
    stack.configure({ bucketName: "taken" });
    await stack.up();
    expect(await lastingProblems(stack, [])).to.deep.equal([]);
  });

  it("a key is set, changed and taken out, and the live model data stays readable", async () => {
    stack = await serving("dev");
    for (const key of [kmsKeyArn, kmsKeyArn.replace("12345678", "12345679"), undefined]) {
      stack.configure({ kmsKeyArn: key });
      expect((await makeChange(stack)).problems).to.deep.equal([]);
    }
  });

  it("the stack's own key is made and taken out, and the live model data stays readable", async () => {
    stack = await serving("dev");
    for (const createKmsKey of [true, false]) {
      stack.configure({ createKmsKey });
      expect((await makeChange(stack)).problems).to.deep.equal([]);
    }
  });

  it("a key that changes loses no image of a kept release", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true });
    await makeChange(stack);
    stack.configure({ kmsKeyArn });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("a rollout that is taken out takes its traffic policy along and leaves its alarms", async () => {
    stack = await serving("prod");
    stack.configure({ rollout: undefined });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
    const [endpoint] = stack.cloud.all(types.endpoint);
    const { autoRollbackConfiguration, ...policy } = endpoint!.inputs.deploymentConfig as Record<string, unknown>;
    expect(autoRollbackConfiguration).to.not.equal(undefined);
    expect(JSON.stringify(policy)).to.not.include("CANARY");
  });

  it("a rollout that is set on a stack without makes a new configuration for the endpoint", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true, rollout: { strategy: "allAtOnce" } });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("autoscaling that is taken out brings the count back to the configured one", async () => {
    stack = await serving("prod");
    await scaleOut(stack, 6);
    stack.configure({ autoscaling: undefined, initialInstanceCount: 2 });
    const { problems } = await makeChange(stack);
    expect(problems).to.deep.equal([]);
    expect((await stack.serves()).map(({ counts }) => counts)).to.deep.equal([{ AllTraffic: 2 }]);
  });

  it("a key of its own is refused on prod, or made in a safe order", async () => {
    stack = await serving("prod");
    stack.configure({ createKmsKey: true });
    const { problems, refusal, update } = await makeChange(stack);
    expect(problems).to.deep.equal([]);
    expect(update.output).to.not.include("remove the protect flag");
    if (refusal !== undefined) expect(refusal).to.include("createKmsKey");
  });

  it("monitoring is taken out, and the logs stay", async () => {
    stack = await serving("prod");
    stack.configure({ monitoring: undefined });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("a changed endpointName leaves no moment without an endpoint", async () => {
    stack = await serving("dev");
    stack.configure({ endpointName: "another" });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("destroyed with keepReleases and without protect, what the kept Models need stays, too", async () => {
    stack = await serving("dev");
    stack.configure({ keepReleases: true });
    await stack.up();
    changeModel(stack, "another");
    await stack.up();
    const { code, violations } = await stack.destroy();
    expect(code).to.equal(0);
    expect(violations).to.deep.equal([]);
  });

  it("asyncInference is set and taken out as SageMaker allows it", async () => {
    stack = await serving("dev");
    stack.configure({ asyncInference: { maxConcurrentInvocationsPerInstance: 4 } });
    expect((await makeChange(stack)).problems).to.deep.equal([]);
  });

  it("a failed release of another instance type leaves alarms and dashboard at the one that serves", async () => {
    stack = await serving("prod");
    const alarms = () => JSON.stringify(stack.cloud.all(types.alarm).map(({ inputs }) => inputs));
    const before = alarms();
    stack.cloud.onOperation = (moment, { kind, type }) => {
      if (moment === "begun" && kind === "update" && type === types.endpoint) throw new Error("InternalFailure");
    };
    stack.configure({ instanceType: "ml.r5.2xlarge" });
    const { code, violations, output } = await stack.up();
    expect(code).to.not.equal(0);
    expect(violations).to.deep.equal([]);
    expect(output).to.include("npm run up -- --stack prod --refresh");
    expect(alarms()).to.equal(before);
  });
});
