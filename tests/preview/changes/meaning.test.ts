import { expect } from "chai";
import { planChange, refusedChange, stacksBeside } from "../../../preview/changes/planChange.ts";
import type { Plan } from "../../../preview/plan.ts";
import { planOf } from "../../support/plans.ts";
import { somePlan, someResource } from "./somePlan.ts";

describe("what a change means", () => {
  const meaning = async (before: Plan, after: Plan) => (await planChange(before, after, "main")).meaning;
  const endpoint = (name: string, options = {}) =>
    somePlan([someResource("sagemaker/endpoint:Endpoint", "endpoint", { name }, options)]);

  it("is nothing where nothing differs", async () => {
    const plan = await planOf("dev");
    expect(await meaning(plan, plan)).to.deep.equal(["Nothing that is deployed changes."]);
  });

  it("is no release where no endpoint is touched", async () => {
    const topic = somePlan([someResource("sns/topic:Topic", "topic")]);
    expect(await meaning(somePlan([]), topic)).to.deep.equal(["Nothing is released: the endpoint isn't touched."]);
  });

  const moving = {
    canary: ["as canary", "15 minutes"],
    linear: ["in 2 equal steps", "15 minutes"],
    allAtOnce: ["all at once, when the new instances are in service", "5 minutes"],
    rolling: ["batch by batch", "20 minutes"],
  } as const;
  const steps = {
    canary: { canarySize: { type: "INSTANCE_COUNT", value: 1 } },
    linear: { linearStepSize: { type: "CAPACITY_PERCENT", value: 50 } },
    rolling: { maximumBatchSize: { type: "CAPACITY_PERCENT", value: 50 } },
  };
  for (const [strategy, [how, waiting]] of Object.entries(moving)) {
    it(`is a release that moves ${how} with the rollout ${strategy}`, async () => {
      const rollout = JSON.stringify({
        strategy,
        waitIntervalInSeconds: 600,
        terminationWaitInSeconds: strategy === "rolling" ? undefined : 300,
        ...(strategy in steps && steps[strategy as keyof typeof steps]),
      });
      const [before, after] = [
        await planOf("prod", { rollout }),
        await planOf("prod", { rollout, environment: '{"MODE":"new"}' }),
      ];
      expect(await meaning(before, after)).to.deep.equal([
        `A new release: Model and configuration are created anew, and triton-server-endpoint moves over ${how}, with ${waiting} of waiting besides the start of the new instances. Nothing is down.`,
      ]);
    });
  }

  it("says that only the configuration is made anew where the Model stays", async () => {
    const [sentence] = await meaning(await planOf("dev"), await planOf("dev", { instanceType: "ml.m5.xlarge" }));
    expect(sentence).to.match(
      /^A new release: the configuration is created anew, and triton-server-endpoint moves over/,
    );
  });

  it("names callers that are refused, or get errors, while an endpoint is replaced, and what the engine refuses", async () => {
    expect(await meaning(endpoint("a"), endpoint("b"))).to.deep.equal([
      "endpoint becomes another endpoint: the new one is created after the old one is deleted, and callers are refused meanwhile.",
    ]);
    const first = { deleteBeforeReplace: false };
    expect(await meaning(endpoint("a", first), endpoint("b", first))).to.deep.equal([
      "endpoint becomes another endpoint: the new one is created first, and callers of the old name get errors once it is deleted.",
    ]);
    const kept = { protect: true };
    expect(await meaning(endpoint("a", kept), somePlan([]))).to.deep.equal([
      "Refused by the engine: endpoint is protected and can't be deleted.",
      "endpoint is deleted: its callers get errors from then on.",
    ]);
  });

  it("names a new endpoint, and inputs of one that change without a release", async () => {
    expect(await meaning(somePlan([]), endpoint("a"))).to.deep.equal([
      "endpoint is a new endpoint: its callers are served once it is in service.",
    ]);
    const tagged = somePlan([someResource("sagemaker/endpoint:Endpoint", "endpoint", { name: "a", tags: { A: "1" } })]);
    expect(await meaning(endpoint("a"), tagged)).to.deep.equal(["Nothing is released: only tags of endpoint changes."]);
  });

  it("is that nothing happens where two stacks are compared", async () => {
    const change = await stacksBeside(await planOf("dev"), await planOf("prod"));
    expect(change.meaning).to.deep.equal([
      "Two stacks beside each other: neither becomes the other, and nothing is released.",
      "What is paid for changes: 1 × ml.m5.large, 720 h → 2 to 6 × ml.r5.xlarge, 720 h; 16 × metric with an alarm; 1 × dashboard.",
    ]);
    expect(change.resources.map(({ kind }) => kind)).not.to.include("replace");
  });

  it("is each reason of the program, where that refuses the change", async () => {
    expect(refusedChange(await planOf("dev"), "main", "one\ntwo").meaning).to.deep.equal([
      "Refused: one",
      "Refused: two",
    ]);
  });
});

describe("a change", () => {
  it("says what only a preview knows, and hides secrets that the environment has", async () => {
    const environment = (token: string) => JSON.stringify({ API_TOKEN: token, MODE: token });
    const [before, after] = [
      await planOf("dev", { environment: environment("one-two-three") }),
      await planOf("dev", { environment: environment("four-five-six") }),
    ];
    const change = await planChange(before, after, "main");
    const model = change.resources.find(({ name }) => name === "triton-server-model");
    expect(model?.inputs).to.deep.equal([
      { path: "primaryContainer.environment.MODE", before: "one-two-three", after: "four-five-six" },
    ]);
    expect(JSON.stringify(change.unknown)).to.contain("Only a preview").and.contain("[secret] aren't compared");
  }).timeout(20_000);

  it("has the release, CUDA and ONNX Runtime of another image", async () => {
    const [before, after] = [await planOf("dev", { imageTag: "25.04-py3" }), await planOf("dev")];
    const { images } = await planChange(before, after, "main");
    expect(images).to.have.length(1);
    expect(images[0]?.endpoint).to.equal("triton");
    expect(images[0]?.facts.map(({ fact }) => fact)).to.include.members(["image", "release", "CUDA", "ONNX Runtime"]);
    expect(images[0]?.facts).to.deep.include({ fact: "release", before: "25.04", after: "26.05" });
    expect(images[0]?.facts).to.deep.include({ fact: "CUDA", before: "12", after: "13" });
  });

  it("has no versions of an image of one's own, and its digest", async () => {
    const image = (digit: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/mine@sha256:${digit.repeat(64)}`;
    const [before, after] = [
      await planOf("dev", { imageUri: image("a") }),
      await planOf("dev", { imageUri: image("b") }),
    ];
    const { images } = await planChange(before, after, "main");
    expect(images[0]?.facts).to.deep.equal([
      { fact: "digest", before: `sha256:${"a".repeat(64)}`, after: `sha256:${"b".repeat(64)}` },
    ]);
  });
});
