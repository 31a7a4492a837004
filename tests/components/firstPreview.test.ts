import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PlanMocks } from "../../preview/planMocks.ts";

/** On a first preview nothing of AWS is known, and a provider that can't be configured yet answers with nothing. */
class UnconfiguredMocks extends PlanMocks {
  override newResource(args: pulumi.runtime.MockResourceArgs) {
    return { id: "", state: { ...super.newResource(args).state, repositoryUrl: undefined } };
  }

  override call(args: pulumi.runtime.MockCallArgs) {
    return args.token.startsWith("docker:") ? {} : super.call(args);
  }
}

describe("the first preview", () => {
  it("shows what is not known yet as unknown, never as undefined", async () => {
    const mocks = new UnconfiguredMocks("us-east-1");
    await pulumi.runtime.setMocks(mocks, "sagemaker-triton", "dev", true);
    const { ImageRegistry } = await import("../../components/imageRegistry.ts");
    await pulumi.runtime.runInPulumiStack(() => {
      new ImageRegistry("triton", { imageTag: "26.05-py3", tags: {} });
      return Promise.resolve({});
    });
    await pulumi.runtime.disconnect();
    const image = mocks.inputs.get("docker:index/remoteImage:RemoteImage::triton-upstream");
    expect(image).to.include({ platform: "linux/amd64" });
    expect(JSON.stringify(image)).to.not.include("undefined");
  });
});
