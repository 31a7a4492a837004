import { expect } from "chai";
import { endpointProblems } from "../../sagemaker/endpointRules.ts";

const sound = { name: "penguins", endpointName: "penguins", variant: { instanceType: "ml.m5.large" }, tags: {} };

describe("an endpoint", () => {
  it("that SageMaker takes has no problem", () => {
    expect(endpointProblems(sound)).to.deep.equal([]);
    const variant = {
      instanceType: "ml.m5.large",
      initialInstanceCount: 2,
      initialVariantWeight: 0,
      volumeSizeInGb: 512,
    };
    expect(endpointProblems({ ...sound, name: "x".repeat(35), variant })).to.deep.equal([]);
  });

  it("that SageMaker refuses has every problem told, with argument, value and what is allowed", () => {
    const problems = endpointProblems({
      name: "Penguins",
      endpointName: "my_penguins",
      variant: {
        instanceType: "ml.c7g.large",
        initialInstanceCount: 0,
        initialVariantWeight: -1,
        volumeSizeInGb: 513,
        modelDataDownloadTimeoutInSeconds: 59,
        containerStartupHealthCheckTimeoutInSeconds: 60.5,
      },
      tags: { "aws:x": "y" },
    });
    expect(problems.map((problem) => problem.split(" is ")[0]?.split(" has ")[0])).to.deep.equal([
      'name "Penguins"',
      'endpointName "my_penguins"',
      'variant.instanceType "ml.c7g.large"',
      "variant.initialInstanceCount 0",
      "variant.initialVariantWeight -1",
      "variant.volumeSizeInGb 513",
      "variant.modelDataDownloadTimeoutInSeconds 59",
      "variant.containerStartupHealthCheckTimeoutInSeconds 60.5",
      "tags",
    ]);
    expect(problems.every((problem) => problem.includes(": use "))).to.equal(true);
  });
});
