import { expect } from "chai";
import { describeImage } from "../../sagemaker/image.ts";
import { imageTagPattern, releaseOnInstanceProblem, upstreamRegistry } from "../../sagemaker/imageReleases.ts";
import {
  copiedImageTag,
  imageDigestOf,
  imageRegistryHost,
  imageRepository,
  imageTagOf,
  parseEcrImage,
} from "../../sagemaker/imageUri.ts";
import { nvidiaTagProblem } from "../../sagemaker/nvidiaTags.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("Triton releases", () => {
  it("are in the account of the Deep Learning Containers since 23.12, and in Neo's before", () => {
    expect(upstreamRegistry("23.12")).to.equal("sagemaker-tritonserver");
    expect(upstreamRegistry("26.05")).to.equal("sagemaker-tritonserver");
    expect(upstreamRegistry("23.10")).to.equal("xgboost-neo");
  });

  it("have a tag with year, month and py3", () => {
    expect(["26.05-py3", "23.12-py3"].every((tag) => imageTagPattern.test(tag))).to.equal(true);
    expect(["latest", "26.5-py3", "26.13-py3", "26.05"].some((tag) => imageTagPattern.test(tag))).to.equal(false);
  });

  it("since 25.01 refuse p3, unlike older ones, and all refuse p2", () => {
    expect(releaseOnInstanceProblem("25.01", "ml.p3.2xlarge")).to.include("7.5").and.include("24.09-py3");
    expect(releaseOnInstanceProblem("24.09", "ml.p3.2xlarge")).to.equal(undefined);
    expect(releaseOnInstanceProblem("24.09", "ml.p2.xlarge"))
      .to.include("6.0 or newer, but ml.p2.xlarge has an NVIDIA K80 with 3.7")
      .and.not.include("24.09-py3");
    expect(releaseOnInstanceProblem("25.04", "ml.g5.xlarge")).to.equal(undefined);
    expect(releaseOnInstanceProblem("25.04", "ml.m5.large")).to.equal(undefined);
    expect(releaseOnInstanceProblem("25.04", "ml.g9.xlarge")).to.equal(undefined);
  });

  it("before 25.01 refuse Blackwell", () => {
    for (const instanceType of ["ml.g7e.2xlarge", "ml.p6-b200.48xlarge"]) {
      expect(releaseOnInstanceProblem("24.09", instanceType)).to.include("use 25.04-py3 or newer");
      expect(releaseOnInstanceProblem("25.04", instanceType)).to.equal(undefined);
    }
  });

  it("are known from the setting for AWS's images, and from the tag for others", () => {
    const nvidia = "nvcr.io/nvidia/tritonserver";
    const ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com/triton";
    expect(describeImage({ imageTag: "26.05-py3" }).release).to.equal("26.05");
    expect(describeImage({ imageTag: "26.05-py3", upstreamImage: `${nvidia}:24.10-py3` }).release).to.equal("24.10");
    expect(describeImage({ imageUri: `${ecr}:24.10-py3-0123456789ab` }).release).to.equal("24.10");
    expect(describeImage({ imageTag: "26.05-py3", upstreamImage: `${nvidia}:latest` }).release).to.equal(undefined);
    expect(describeImage({ imageTag: "26.05-py3", imageUri: `${ecr}@${digest}` }).release).to.equal(undefined);
    expect(describeImage({ upstreamImage: `${nvidia}:25.04-vllm-python-py3` }).release).to.equal("25.04");
    expect(describeImage({}).release).to.equal(undefined);
  });

  it("have a repository, a tag and a digest if a reference names them", () => {
    expect(describeImage({ imageTag: "26.05-py3" })).to.include({ tag: "26.05-py3", repository: undefined });
    expect(
      describeImage({ imageTag: "26.05-py3", upstreamImage: `nvcr.io/nvidia/tritonserver:24.10-py3@${digest}` }),
    ).to.include({ tag: "24.10-py3", repository: "nvcr.io/nvidia/tritonserver", digest });
  });

  for (const [publisher, image] of [
    ["AWS", { imageTag: "26.05-py3" }],
    ["AWS", { imageUri: "763104351884.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:26.05-py3" }],
    ["AWS", { imageUri: "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-tritonserver:25.04-py3" }],
    ["AWS", { upstreamImage: "763104351884.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-tritonserver:26.05-py3" }],
    ["own", { imageUri: "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0-tensorrtllm" }],
    ["own", { imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:26.05-py3" }],
    ["NVIDIA", { imageTag: "26.05-py3", upstreamImage: "nvcr.io/nvidia/tritonserver:26.06-py3" }],
    ["NVIDIA", { upstreamImage: `nvcr.io/nvidia/tritonserver:26.06-py3@${digest}` }],
    ["own", { upstreamImage: "nvcr.io/nvidia/tritonserver:26.06-vllm-python-py3" }],
    ["own", { upstreamImage: `nvcr.io/nvidia/tritonserver@${digest}` }],
    ["own", { upstreamImage: "registry.example.com/nvidia/tritonserver:26.06-py3" }],
  ] as const) {
    it(`are recognised as ${publisher === "own" ? "the user's own" : `${publisher}'s`}: ${Object.values(image).at(-1) ?? ""}`, () => {
      const { isOwn, release, knownRelease, ...described } = describeImage(image);
      expect(described.publisher).to.equal(publisher);
      expect(isOwn).to.equal(publisher === "own");
      expect(knownRelease).to.equal(isOwn ? undefined : release);
    });
  }

  for (const [tag, problem] of [
    [":26.05-py3", undefined],
    [":26.05-vllm-python-py3", undefined],
    [":25.04-pyt-python-py3", undefined],
    [`@${digest}`, undefined],
    ["", /^must have a tag/],
    [":latest", /^must have a tag of NVIDIA's/],
    [":26.13-py3", /^must have a tag of NVIDIA's/],
    [":26.05", /^must have a tag of NVIDIA's/],
    [":26.05-py3-sdk", /^can't be served with, because it holds Triton's clients and has no server: use :26\.05-py3$/],
    [":26.05-py3-min", /^can't be served with, because it is a base for your own images/],
    [":24.05-py3-igpu", /^is for Jetson/],
  ] as const) {
    it(`of NVIDIA's are ${problem ? "refused" : "allowed"} with "${tag.slice(0, 24)}"`, () => {
      const problemFound = nvidiaTagProblem(`nvcr.io/nvidia/tritonserver${tag}`);
      if (problem) expect(problemFound).to.match(problem);
      else expect(problemFound).to.equal(undefined);
      expect(nvidiaTagProblem(`registry.example.com/tritonserver${tag}`)).to.equal(undefined);
    });
  }
});

describe("image references", () => {
  it("to ECR are parsed in every partition", () => {
    expect(parseEcrImage("123456789012.dkr.ecr.eu-central-1.amazonaws.com/ml/triton:26.05-py3")).to.deep.equal({
      accountId: "123456789012",
      region: "eu-central-1",
      repositoryName: "ml/triton",
      suffix: "amazonaws.com",
    });
    expect(parseEcrImage(`123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/triton@${digest}`)?.region).to.equal(
      "cn-north-1",
    );
  });

  for (const reference of [
    "nvcr.io/nvidia/tritonserver:24.10-py3",
    "12345.dkr.ecr.eu-central-1.amazonaws.com/triton:x",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton@sha256:123",
    "",
  ]) {
    it(`such as "${reference}" don't refer to ECR`, () => {
      expect(parseEcrImage(reference)).to.equal(undefined);
    });
  }

  it("have a registry, a repository, a tag and a digest", () => {
    const image = `localhost:5000/nvidia/triton:24.10-py3@${digest}`;
    expect(imageRegistryHost(image)).to.equal("localhost:5000");
    expect(imageRegistryHost("nvidia/triton")).to.equal("docker.io");
    expect(imageRepository(image)).to.equal("localhost:5000/nvidia/triton");
    expect(imageTagOf(image)).to.equal("24.10-py3");
    expect(imageTagOf("localhost:5000/triton")).to.equal(undefined);
    expect(imageDigestOf(image)).to.equal(digest);
    expect(imageDigestOf("triton:24.10-py3")).to.equal(undefined);
  });

  it("are copied under a tag that contains twelve digits of the upstream digest", () => {
    expect(copiedImageTag("26.05-py3", digest)).to.equal("26.05-py3-0123456789ab");
  });
});
