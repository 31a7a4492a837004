import { AddTagsCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { driftIn } from "../../tools/workflow/drift.ts";
import type { EngineStack } from "./engineStack.ts";
import { serving } from "./stacks.ts";

describe("the drift of a serving stack", () => {
  let stack: EngineStack;
  before(async () => {
    stack = await serving("dev");
  });
  after(() => stack.remove());

  it("is nothing as long as AWS has what the stack describes", async () => {
    expect(await drift()).to.deep.equal([]);
  });

  it("is what was changed by hand, by the resource's name and the input", async () => {
    const ResourceArn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/sagemaker-triton-dev";
    const Tags = [{ Key: "CostEnv", Value: "by-hand" }];
    await stack.emulator.clients.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags }));
    const found = await drift();
    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({ op: "update", resource: "aws.sagemaker.Endpoint triton-server-endpoint" });
    expect(found[0]?.properties.join()).to.match(/^tags/);
  });

  async function drift() {
    const { code, output } = await stack.preview({ args: ["--refresh", "--json"] });
    expect(code, output).to.equal(0);
    return driftIn(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  }
});
