import { expect } from "chai";
import { servingPlace } from "../../sagemaker/capacity.ts";
import { checkOptionsFor, describeTarget } from "../../sagemaker/checkTarget.ts";
import { configuredRegion } from "../../sagemaker/region.ts";
import { shmDefaultByteSize } from "../../sagemaker/serverEnvironment.ts";

const gib = 2 ** 30;
const server = { environment: {} };

describe("the capacity that a model is checked against", () => {
  for (const [instanceType, memory, volume] of [
    ["ml.t2.medium", 4, 2],
    ["ml.m5.large", 8, 4],
    ["ml.c5.large", 4, 2],
    ["ml.m5.24xlarge", 384, 30],
    ["ml.p3.2xlarge", 61, 30],
  ] as const) {
    it(`includes the default volume of AWS's table: ${volume} GB on ${instanceType}`, () => {
      expect(servingPlace({ instanceType })).to.include({
        place: instanceType,
        memoryBytes: memory * gib,
        volumeBytes: volume * gib,
        volumeKind: "default",
      });
    });
  }

  it("includes the configured volume", () => {
    expect(servingPlace({ instanceType: "ml.m5.large", volumeSizeInGb: 100 })).to.include({
      volumeBytes: 100 * gib,
      volumeKind: "set",
    });
  });

  it("includes the instance's local storage, its GPUs and their memory", () => {
    expect(servingPlace({ instanceType: "ml.g5.12xlarge" })).to.include({
      accelerator: "gpu",
      gpuCount: 4,
      volumeBytes: 3800e9,
      volumeKind: "own",
      gpuMemoryBytes: 22888 * 2 ** 20,
    });
  });

  it("is that of a serverless container, whatever instance type is set", () => {
    expect(servingPlace({ instanceType: "ml.g5.12xlarge", serverless: { memorySizeInMb: 2048 } })).to.deep.equal({
      place: "a serverless container",
      memoryBytes: 2 * gib,
      volumeBytes: 5 * gib,
      volumeKind: "serverless",
    });
  });

  it("is unknown for an instance type that isn't in AWS's list", () => {
    expect(servingPlace({ instanceType: "ml.x99.large" })).to.include({ memoryBytes: undefined });
  });
});

describe("the target that a model is checked for", () => {
  it("is described in words", () => {
    const places = [{ instanceType: "ml.m5.large" }];
    expect(describeTarget({ image: { imageTag: "26.05-py3" }, server, places, region: "us-east-1" })).to.equal(
      "26.05-py3 on ml.m5.large in us-east-1",
    );
    expect(describeTarget({ image: {}, server, region: "us-east-1" })).to.equal("in us-east-1");
    expect(describeTarget({ image: {}, server, places })).to.equal("any release on ml.m5.large");
    expect(describeTarget({ image: {}, server })).to.equal(undefined);
    expect(
      describeTarget({
        image: { imageTag: "26.05-py3", upstreamImage: "nvcr.io/nvidia/tritonserver:24.10-py3" },
        server,
        places: [{}, { serverless: { memorySizeInMb: 1024 } }],
      }),
    ).to.equal("NVIDIA's image 24.10-py3 on ml.m5.large and a serverless container");
  });

  it("includes the image's release, and whether the image is AWS's", () => {
    expect(checkOptionsFor({ image: { imageTag: "26.05-py3" }, server })).to.include({
      release: "26.05",
      ownImage: false,
    });
    const imageUri = `123456789012.dkr.ecr.us-east-1.amazonaws.com/triton@sha256:${"0".repeat(64)}`;
    expect(checkOptionsFor({ image: { imageTag: "26.05-py3", imageUri }, server })).to.include({
      release: undefined,
      ownImage: true,
    });
  });

  it("includes the flavour of an image with few backends, and whether it may be a copy with more", () => {
    const tag = "25.06-trtllm-python-py3";
    const optionsOf = (image: string) => checkOptionsFor({ image: { upstreamImage: `${image}:${tag}` }, server });
    expect(optionsOf("nvcr.io/nvidia/tritonserver")).to.include({ flavour: "trtllm-python", isCopy: false });
    expect(optionsOf("registry.example.com/triton")).to.include({ flavour: "trtllm-python", isCopy: true });
    expect(checkOptionsFor({ image: { imageTag: "26.05-py3" }, server })).not.to.have.property("flavour");
  });

  it("includes what all instances have in common, and each capacity once", () => {
    const options = checkOptionsFor({
      image: {},
      server,
      places: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.m5.large" }, { instanceType: "ml.m5.large" }],
    });
    expect(options.accelerator).to.equal("cpu");
    expect(options.places?.map(({ place }) => place)).to.deep.equal(["ml.g5.xlarge", "ml.m5.large"]);
  });
});

describe("the shared memory of each Python instance", () => {
  it("comes from the last argument or, without one, from the variable", () => {
    expect(shmDefaultByteSize({})).to.equal(undefined);
    expect(shmDefaultByteSize({ SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "" })).to.equal(undefined);
    expect(shmDefaultByteSize({ SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "1048576" })).to.equal(1048576);
    expect(
      shmDefaultByteSize({
        SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "1048576",
        SAGEMAKER_TRITON_ADDITIONAL_ARGS:
          "--backend-config=python,shm-default-byte-size=1 --backend-config python,shm-default-byte-size=2097152",
      }),
    ).to.equal(2097152);
  });
});

describe("the region", () => {
  it("comes from the configuration or, without one there, from the environment", () => {
    expect(configuredRegion({ "aws:region": "eu-west-1" }, { AWS_REGION: "us-east-1" })).to.equal("eu-west-1");
    expect(configuredRegion({}, { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "x" })).to.equal("us-east-1");
    expect(configuredRegion({}, { AWS_DEFAULT_REGION: "us-west-2" })).to.equal("us-west-2");
    expect(configuredRegion({}, {})).to.equal(undefined);
  });
});
