import { readFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { loadModel } from "../../packing/loadModel.ts";
import { TritonEndpoint } from "../../components/tritonEndpoint.ts";
import type { TritonEndpointArgs } from "../../components/tritonEndpointArgs.ts";
import { PlanMocks } from "../../preview/planMocks.ts";
import { failureOf } from "../support/failures.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

describe("another program", () => {
  const mocked = async (program: () => Promise<unknown>) => {
    const mocks = new PlanMocks("us-east-1");
    await pulumi.runtime.setMocks(mocks, "other", "dev", false);
    try {
      await pulumi.runtime.runInPulumiStack(async () => {
        await program();
        return {};
      });
    } finally {
      await pulumi.runtime.disconnect();
    }
    return mocks.inputs;
  };

  it("can create an endpoint with the code from the README", async () => {
    const [, lines = ""] = /```ts\n(.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
    await inTemporaryFolder(async (directory) => {
      const components = pathToFileURL(path.resolve("components/index.ts")).href;
      writeFiles(directory, { "program.mts": lines.replace("sagemaker-triton", components) });
      const inputs = await mocked(() => import(pathToFileURL(path.join(directory, "program.mts")).href));
      expect([...inputs.keys()]).to.include("aws:sagemaker/endpoint:Endpoint::penguins-server-endpoint");
    });
  });

  it("without types gets one error that lists everything missing", async () => {
    const args = { autoscaling: {}, image: {} } as unknown as TritonEndpointArgs;
    const failure = await failureOf(mocked(() => Promise.resolve(new TritonEndpoint("penguins", args))));
    expect(failure).to.be.instanceOf(pulumi.ResourceError);
    expect(failure.message.split("\n")).to.deep.equal([
      "autoscaling.minCapacity: must be set: it must be a whole number from 0 to 10000",
      "autoscaling.maxCapacity: must be set: it must be a whole number from 0 to 10000",
      "image: is unknown: did you mean imageTag?",
      "modelRepository: must be set, because there is no other model: give the endpoint or the variant a model or a modelName",
    ]);
  });

  it("gets an error for a missing folder of model repositories", async () => {
    const failure = await failureOf(loadModel({ multiModel: { modelRepositories: "nowhere" } }));
    expect(failure).to.be.instanceOf(pulumi.RunError);
    expect(failure.message).to.match(/^the folder of model repositories .*nowhere does not exist$/);
  });
});
