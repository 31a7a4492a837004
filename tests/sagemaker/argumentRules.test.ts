import { expect } from "chai";
import { argumentProblems } from "../../sagemaker/argumentRules.ts";

const model = { format: "stored", modelDataUrl: "s3://models/a.tar.gz" };
const sound = { model, image: { imageTag: "26.05-py3" }, variant: { instanceType: "ml.m5.large" } };

describe("the arguments of an endpoint", () => {
  it("that are of their types have no problem", () => {
    expect(argumentProblems(sound)).to.deep.equal([]);
    expect(argumentProblems({ ...sound, variant: undefined, variants: [{ variantName: "a", model }] })).to.deep.equal(
      [],
    );
  });

  const wrong: readonly (readonly [string, unknown, readonly string[]])[] = [
    ["none", undefined, ["the arguments are not given: use an object with model, image and variant"]],
    ["no image", { ...sound, image: undefined }, ["image is not given: use an object with imageTag, or with imageUri"]],
    ["an image of nothing", { ...sound, image: {} }, ["image is not given"]],
    ["an image that is a text", { ...sound, image: "26.05-py3" }, ["image is not given"]],
    [
      "a model that nobody waits for",
      { ...sound, model: Promise.resolve(model) },
      ["model is not what loadModel returns"],
    ],
    ["a path as a variant's model", { ...sound, variant: { model: "models" } }, ["variant.model is not what"]],
    [
      "an instance type that is a number",
      { ...sound, variant: { instanceType: 5 } },
      ["variant.instanceType is no text"],
    ],
    ["variants by name", { ...sound, variants: { a: {} } }, ["variants is no list"]],
    ["a variant that is nothing", { ...sound, variants: [null] }, ["variants[0] is no object"]],
    ["a VPC without subnets", { ...sound, vpcConfig: {} }, ["vpcConfig.subnets is no list"]],
    ["another strategy", { ...sound, rollout: { strategy: "blueGreen" } }, ["rollout.strategy is not one of its"]],
    [
      "autoscaling without numbers",
      { ...sound, autoscaling: { minCapacity: "1", scheduledActions: [{}] } },
      ["autoscaling.minCapacity is no", "autoscaling.maxCapacity is no", "autoscaling.scheduledActions is no list"],
    ],
    [
      "a serverless function of nothing",
      { ...sound, variant: { serverlessConfig: {} } },
      ["variant.serverlessConfig.memorySizeInMb is no number", "variant.serverlessConfig.maxConcurrency is no number"],
    ],
    [
      "several of them",
      { model, tags: null, monitoring: {}, dataCapture: {}, budget: {}, shadow: {} },
      [
        "image is not given",
        "tags is no object",
        "monitoring.retentionInDays is no number",
        "dataCapture.initialSamplingPercentage is no number",
        "budget.limitAmount is no number",
        "shadow.samplingPercentage is no number",
      ],
    ],
  ];
  for (const [what, args, messages] of wrong) {
    it(`that are ${what} are told, each with what is allowed`, () => {
      const problems = argumentProblems(args);
      expect(problems.map((problem, index) => problem.slice(0, messages[index]?.length))).to.deep.equal(messages);
      expect(problems.every((problem) => /: (use|set) /.test(problem))).to.equal(true);
    });
  }
});
