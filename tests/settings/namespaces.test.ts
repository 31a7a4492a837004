import { expect } from "chai";
import { failureOf } from "../support/failures.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { previewStack } from "../../preview/plan.ts";

const sound = "'sagemaker-triton:modelRepository': models, 'sagemaker-triton:defaultModelName': penguins";

async function refusal(more: string): Promise<string> {
  return inTemporaryFolder(async (directory) => {
    writeFiles(directory, { "stack.yaml": `config: { ${sound}, ${more} }` });
    const failure = await failureOf(previewStack({ stack: "dev", configFile: `${directory}/stack.yaml` }));
    return failure.message;
  });
}

describe("a stack's configuration outside the project's own settings", () => {
  it("is refused with a namespace that is mistyped, because its settings would have no effect", async () => {
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

  it("may have namespaces of other providers, and a region that the provider isn't to check", async () => {
    await inTemporaryFolder(async (directory) => {
      const more = "'random:x': y, 'awsx:x': y, 'aws-native:region': x, 'aws:region': us-east-9";
      writeFiles(directory, { "stack.yaml": `config: { ${sound}, ${more}, 'aws:skipRegionValidation': true }` });
      const plan = await previewStack({ stack: "dev", configFile: `${directory}/stack.yaml` });
      expect(plan.resources).to.not.be.empty;
    });
  });
});
