import { expect } from "chai";
import { endpointProblems } from "../../sagemaker/endpointRules.ts";

const model = { format: "stored", modelDataUrl: "s3://models/a.tar.gz" };
const sound = { name: "penguins", endpointName: "penguins", model, variant: { instanceType: "ml.m5.large" }, tags: {} };

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
      model,
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

  it("has an image, a bucket, a key and a VPC that AWS takes", () => {
    expect(
      endpointProblems({
        ...sound,
        image: { imageTag: "latest" },
        bucketName: "My_Models",
        kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/0",
        createKmsKey: true,
        vpcConfig: { subnets: [], securityGroupIds: [] },
      }).map((problem) => problem.replace(/: use .*/, "")),
    ).to.deep.equal([
      'image.imageTag "latest" is not allowed',
      'bucketName "My_Models" is not allowed',
      "kmsKeyArn is set together with createKmsKey",
      "vpcConfig.subnets has 0",
      "vpcConfig.securityGroupIds has 0",
    ]);
    const upstreamImage = "nvcr.io/nvidia/tritonserver:24.10-py3";
    expect(endpointProblems({ ...sound, image: { imageTag: "", upstreamImage } })).to.deep.equal([]);
  });

  it("on a GPU has a release and a host image that fit it, as far as the image's tag tells the release", () => {
    const on = (instanceType: string, image: object, inferenceAmiVersion?: string) =>
      endpointProblems({ ...sound, image, variant: { instanceType, inferenceAmiVersion } });
    const driver550 = "al2-ami-sagemaker-inference-gpu-3-1";
    expect(on("ml.g5.xlarge", { imageTag: "25.04-py3" }, driver550)).to.deep.equal([]);
    expect(on("ml.g5.xlarge", { imageTag: "26.05-py3", upstreamImage: "nvidia/triton" }, driver550)).to.deep.equal([]);
    expect(on("ml.g5.xlarge", { imageTag: "26.05-py3" }, driver550).join()).to.match(
      /^variant\.inferenceAmiVersion "al2-ami-.*" brings NVIDIA driver 550, and CUDA 13/,
    );
    expect(on("ml.m5.large", { imageTag: "26.05-py3" }, driver550).join()).to.match(/which has no GPU/);
    expect(on("ml.p3.2xlarge", { imageTag: "26.05-py3" }).join()).to.match(
      /^image\.imageTag "26\.05-py3" needs a GPU of .* 7\.5/,
    );
    const imageUri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton:26.05-py3";
    expect(on("ml.p3.2xlarge", { imageUri })).to.deep.equal([]);
  });

  const several = (...names: string[]) => names.map((variantName) => ({ variantName, instanceType: "ml.m5.large" }));

  it("has a variant or several, each with a name and a model", () => {
    expect(endpointProblems({ ...sound, variant: undefined, variants: several("a", "b") })).to.deep.equal([]);
    for (const [shape, problem] of [
      [{ variant: undefined }, /^variant is not allowed together with variants, and one of the two is needed/],
      [{ variants: several("a") }, /^variant is not allowed together with variants/],
      [{ variant: undefined, variants: several("a", "a") }, /^variants has two named "a"/],
      [
        { variant: undefined, variants: several(...Array.from({ length: 11 }, (_, index) => `v${index}`)) },
        /^variants has 11: use 1 to 10/,
      ],
      [{ variant: undefined, variants: several("a_b") }, /^variants "a_b" has a variantName that is not allowed/],
      [{ variant: undefined, variants: several("x".repeat(34)) }, /use 1 to 33 letters/],
      [{ model: undefined }, /^variant.model is not set, and the endpoint has none/],
      [{ variant: {} }, /^variant.instanceType is not set/],
      [{ image: { imageUri: "triton:1" } }, /^image.imageUri "triton:1" is not allowed: use <account>/],
      [{ vpcConfig: {} }, /^vpcConfig has neither securityGroupIds nor a vpcId/],
    ] as const) {
      expect(endpointProblems({ ...sound, ...shape }).join("\n")).to.match(problem);
    }
  });

  it("takes no feature that SageMaker does not offer with another", () => {
    const serverlessConfig = { memorySizeInMb: 2048, maxConcurrency: 5 };
    expect(endpointProblems({ ...sound, variant: { serverlessConfig } })).to.deep.equal([]);
    expect(
      endpointProblems({ ...sound, variant: { serverlessConfig }, networkIsolation: true, asyncInference: {} }),
    ).to.deep.equal([
      "asyncInference is not allowed with serverless: a serverless endpoint answers at once",
      "networkIsolation is not allowed with serverless: SageMaker does not offer it there",
    ]);
    expect(
      endpointProblems({ ...sound, variant: { serverlessConfig: { memorySizeInMb: 1000, maxConcurrency: 500 } } }),
    ).to.deep.equal([
      "variant.serverlessConfig has a memorySizeInMb of 1000: use one of 1024, 2048, 3072, 4096, 5120, 6144",
      "variant.serverlessConfig has a maxConcurrency of 500: use a whole number from 1 to 200",
    ]);
    expect(endpointProblems({ ...sound, variant: { serverlessConfig, instanceType: "ml.m5.large" } }).join()).to.match(
      /^variant.instanceType "ml.m5.large" is not allowed with serverlessConfig/,
    );
    const shadow = { variantName: "Shadow", instanceType: "ml.m5.large", samplingPercentage: 101 };
    expect(endpointProblems({ ...sound, variant: undefined, variants: several("a", "b"), shadow })).to.deep.equal([
      "shadow.samplingPercentage 101 is not allowed: use a number from 0 to 100",
      "variants is not allowed with shadow: SageMaker takes exactly one production variant beside a shadow",
    ]);
  });

  it("serves a Model that is there beside Models of its own only where those are kept", () => {
    const variant = { instanceType: "ml.m5.large", modelName: "penguins-server-model-0123456" };
    const refusal = /^variant\.modelName is set, and without keepReleases the stack's own Models are deleted/;
    expect(endpointProblems({ ...sound, variant }).join("\n")).to.match(refusal);
    expect(endpointProblems({ ...sound, variant, keepReleases: true })).to.deep.equal([]);
    expect(endpointProblems({ ...sound, model: undefined, variant })).to.deep.equal([]);
    const shadow = { ...variant, variantName: "Shadow", samplingPercentage: 1 };
    expect(endpointProblems({ ...sound, shadow }).join("\n")).to.match(/^shadow\.modelName is set, and without/);
  });

  it("that is watched, kept or paid for in a way that AWS refuses has it told", () => {
    const problems = endpointProblems({
      ...sound,
      monitoring: { retentionInDays: 2 },
      dataCapture: { initialSamplingPercentage: 5, input: false, output: false },
      budget: { limitAmount: 100 },
    });
    expect(problems.map((problem) => problem.split(":")[0])).to.deep.equal([
      "monitoring has a retentionInDays of 2",
      "dataCapture captures neither input nor output",
      "budget needs the tag CostService, which the costs are found by",
    ]);
  });
});
