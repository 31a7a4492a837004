import { expect } from "chai";
import { failureOf } from "../../support/failures.ts";
import { inTemporaryFolder, writeFiles } from "../../support/plans.ts";
import { previewStack } from "../../../preview/plan.ts";

const sound = "'sagemaker-triton:modelRepository': models, 'sagemaker-triton:defaultModelName': penguins";

async function refusal(more: string): Promise<string> {
  return inTemporaryFolder(async (directory) => {
    writeFiles(directory, { "stack.yaml": `config: { ${sound}, ${more} }` });
    const failure = await failureOf(previewStack({ stack: "dev", configFile: `${directory}/stack.yaml` }));
    return failure.message;
  });
}

describe("a stack's configuration outside the project's own settings", () => {
  it("is refused with a mistyped namespace, because its settings would have no effect", async () => {
    expect(await refusal("'sagmaker-triton:protect': true")).to.match(
      /has one problem:\n {2}sagmaker-triton:protect: is in an unknown namespace: did you mean sagemaker-triton:protect\?$/,
    );
    expect(await refusal("'asw:region': us-east-1")).to.match(/asw:region: .*did you mean aws:region\?$/);
  });

  it("is refused with a region that AWS doesn't have", async () => {
    expect(await refusal("'aws:region': us-east-9")).to.match(
      /aws:region us-east-9: must be an AWS region: did you mean us-east-1\?$/,
    );
  });

  for (const [given, problem] of [
    ["us-east-1a", /us-east-1a: is an availability zone, not a region: use us-east-1$/],
    ["us-west-2-lax-1a", /is an availability zone, not a region: use us-west-2$/],
    ["US-EAST-1", /US-EAST-1: must be an AWS region: did you mean us-east-1\?$/],
    ["eu-west-1 ", /aws:region "eu-west-1 ": must be an AWS region: did you mean eu-west-1\?$/],
    ["us-east1", /did you mean us-east-1\?$/],
    ["useast2", /did you mean us-east-2\?$/],
    ["us_gov_west_1", /did you mean us-gov-west-1\?$/],
  ] as const) {
    it(`is refused with what is no region, and told which was meant: ${given}`, async () => {
      expect(await refusal(`'aws:region': '${given}'`)).to.match(problem);
    });
  }

  it("is refused with a wrong region in the environment too", async () => {
    process.env.AWS_REGION = "us-east-1a";
    try {
      expect(await refusal("'sagemaker-triton:protect': true")).to.match(
        /AWS_REGION us-east-1a: is an availability zone/,
      );
    } finally {
      delete process.env.AWS_REGION;
    }
  });

  for (const region of ["sa-west-1", "mx-central-1", "eusc-de-east-1"]) {
    it(`may have a region that AWS opened lately: ${region}`, async () => {
      await inTemporaryFolder(async (directory) => {
        const more = `'aws:region': ${region}, 'sagemaker-triton:imageTag': 25.04-py3, 'sagemaker-triton:upstreamImage': 'nvcr.io/nvidia/tritonserver:25.04-py3'`;
        writeFiles(directory, { "stack.yaml": `config: { ${sound}, ${more} }` });
        const plan = await previewStack({ stack: "dev", configFile: `${directory}/stack.yaml` });
        expect(plan.resources).to.not.be.empty;
      });
    });
  }

  it("may have namespaces of other providers, and any region if the provider is told not to check it", async () => {
    await inTemporaryFolder(async (directory) => {
      const more = "'random:x': y, 'awsx:x': y, 'aws-native:region': x, 'aws:region': us-east-9";
      writeFiles(directory, { "stack.yaml": `config: { ${sound}, ${more}, 'aws:skipRegionValidation': true }` });
      const plan = await previewStack({ stack: "dev", configFile: `${directory}/stack.yaml` });
      expect(plan.resources).to.not.be.empty;
    });
  });
});
