import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PlanMocks } from "../../preview/planMocks.ts";

describe("the first preview", () => {
  it("signs in to the registry before the repository exists, so that it knows the upstream image's digest", async () => {
    const mocks = new PlanMocks("us-east-1");
    await pulumi.runtime.setMocks(mocks, "sagemaker-triton", "dev", true);
    const { ImageRegistry } = await import("../../components/imageRegistry.ts");
    await pulumi.runtime.runInPulumiStack(() => {
      new ImageRegistry("triton", { imageTag: "26.05-py3", tags: {} });
      return Promise.resolve({});
    });
    await pulumi.runtime.disconnect();
    const provider = JSON.stringify(mocks.inputs.get("pulumi:providers:docker::triton-docker"));
    expect(provider).to.include("https://${aws.accountId}.dkr.ecr.us-east-1.amazonaws.com");
    const image = mocks.inputs.get("docker:index/remoteImage:RemoteImage::triton-upstream");
    expect(image).to.include({ platform: "linux/amd64" });
    expect(image?.name).to.match(/@sha256:/);
  });
});
