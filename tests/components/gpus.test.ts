import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import { renderPlan } from "../../preview/renderPlan.ts";
import { inTemporaryFolder, planOf, resourceOf, writeFiles } from "../support/plans.ts";

const repository = {
  "m/config.pbtxt": 'backend: "python"\ninstance_group { kind: KIND_GPU gpus: [ 1 ] }\n',
  "m/1/model.py": "class TritonPythonModel:\n    def execute(self, requests):\n        return []\n",
};

const ownImage = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton-cpu:26.05-py3";

describe("instances with GPUs", () => {
  it("get the host image that the served image's CUDA version needs, whichever image that is", async () => {
    for (const [image, expected] of [
      [{ imageTag: "24.09-py3" }, "al2-ami-sagemaker-inference-gpu-3-1"],
      [{ upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" }, "al2-ami-sagemaker-inference-gpu-3-1"],
      [{ upstreamImage: "registry.example.com/tritonserver:latest" }, "al2023-ami-sagemaker-inference-gpu-4-1"],
    ] as const) {
      const plan = await planOf("dev", { instanceType: "ml.g5.xlarge", ...image });
      expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
        "productionVariants[0].inferenceAmiVersion",
        expected,
      );
    }
  });

  it("keep an explicitly set host image", async () => {
    const inferenceAmiVersion = "al2023-ami-sagemaker-inference-gpu-5-1";
    const plan = await planOf("dev", { instanceType: "ml.g5.xlarge", inferenceAmiVersion });
    expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
      "productionVariants[0].inferenceAmiVersion",
      inferenceAmiVersion,
    );
  });

  it("are described with their GPUs", async () => {
    const plan = renderPlan(await planOf("dev", { instanceType: "ml.g5.12xlarge" }));
    expect(plan).to.include("instanceType: ml.g5.12xlarge (4 × NVIDIA A10G of 22 GiB)");
    expect(renderPlan(await planOf("dev"))).to.match(/instanceType: ml\.m5\.large$/m);
  });

  it("must have the GPUs that the model names, or the model is refused", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, repository);
      await planOf("dev", { modelRepository: directory, defaultModelName: "m", instanceType: "ml.g5.12xlarge" });
      expect(
        await refusalOf({ modelRepository: directory, defaultModelName: "m", instanceType: "ml.g5.xlarge" }),
      ).to.include("names the GPU 1, but the instance has only the GPU 0");
    });
  });

  it("must have them in each variant that shares the model, whatever the default instance type is", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, repository);
      const variants = (second: string) =>
        JSON.stringify({ a: { instanceType: "ml.g5.12xlarge" }, b: { instanceType: second } });
      const model = { modelRepository: directory, defaultModelName: "m" };
      await planOf("dev", { ...model, variants: variants("ml.g4dn.12xlarge") });
      expect(await refusalOf({ ...model, variants: variants("ml.g5.xlarge") })).to.include("only the GPU 0");
      expect(await refusalOf({ ...model, variants: variants("ml.m5.large") })).to.include("has no GPU");
    });
  });

  it("don't exist on a serverless endpoint", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, repository);
      const serverless = '{"memorySizeInMb":2048,"maxConcurrency":1}';
      expect(
        await refusalOf({
          ...{ modelRepository: directory, defaultModelName: "m", serverless },
          ...{ instanceType: "", initialInstanceCount: "", imageUri: ownImage },
        }),
      ).to.include("has no GPU");
    });
  });
});

describe("an instance type that is newer than our list from AWS", () => {
  it("is accepted with a warning", async () => {
    const { warn } = console;
    const warnings: unknown[] = [];
    console.warn = (...words: unknown[]) => warnings.push(words.join(" "));
    try {
      const plan = await planOf("dev", { instanceType: "ml.g9.xlarge" });
      expect(resourceOf(plan, "triton-server-configuration").inputs).to.have.nested.property(
        "productionVariants[0].instanceType",
        "ml.g9.xlarge",
      );
    } finally {
      console.warn = warn;
    }
    expect(warnings.join()).to.include("ml.g9.xlarge is not on this program's list");
  });
});

async function refusalOf(config: Readonly<Record<string, string>>): Promise<string> {
  const error: unknown = await planOf("dev", config).catch((reason: unknown) => reason);
  if (!(error instanceof RunError)) throw new Error("it was not refused");
  return error.message;
}
