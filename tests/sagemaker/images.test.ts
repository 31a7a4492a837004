import { expect } from "chai";
import {
  imageTagPattern,
  inferenceAmiVersionFor,
  releaseOnInstanceProblem,
  upstreamRegistry,
} from "../../sagemaker/imageReleases.ts";
import {
  copiedImageTag,
  imageDigestOf,
  imageRegistryHost,
  imageRepository,
  imageTagOf,
  parseEcrImage,
} from "../../sagemaker/imageUri.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("Triton releases", () => {
  it("are looked up with the Deep Learning Containers from 23.12 on, with Neo before", () => {
    expect(upstreamRegistry("23.12-py3")).to.equal("sagemaker-tritonserver");
    expect(upstreamRegistry("26.05-py3")).to.equal("sagemaker-tritonserver");
    expect(upstreamRegistry("23.10-py3")).to.equal("xgboost-neo");
  });

  it("have a year, a month and py3", () => {
    expect(["26.05-py3", "23.12-py3"].every((tag) => imageTagPattern.test(tag))).to.equal(true);
    expect(["latest", "26.5-py3", "26.13-py3", "26.05"].some((tag) => imageTagPattern.test(tag))).to.equal(false);
  });

  it("from 25.03 on refuse p2 and p3, and older ones do not", () => {
    expect(releaseOnInstanceProblem("25.04-py3", "ml.p3.2xlarge")).to.include("7.5").and.include("24.09-py3");
    expect(releaseOnInstanceProblem("24.09-py3", "ml.p3.2xlarge")).to.equal(undefined);
    expect(releaseOnInstanceProblem("25.04-py3", "ml.g5.xlarge")).to.equal(undefined);
    expect(releaseOnInstanceProblem("25.04-py3", "ml.m5.large")).to.equal(undefined);
  });

  it("get the host image whose driver their CUDA needs, on GPU types only", () => {
    expect(inferenceAmiVersionFor("26.05-py3", "ml.g5.xlarge")).to.equal("al2023-ami-sagemaker-inference-gpu-4-1");
    expect(inferenceAmiVersionFor("24.09-py3", "ml.g5.xlarge")).to.equal("al2-ami-sagemaker-inference-gpu-3-1");
    expect(inferenceAmiVersionFor("23.12-py3", "ml.g5.xlarge")).to.equal(undefined);
    expect(inferenceAmiVersionFor("26.05-py3", "ml.m5.large")).to.equal(undefined);
  });
});

describe("image references", () => {
  it("to ECR are taken apart in every partition", () => {
    expect(parseEcrImage("123456789012.dkr.ecr.eu-central-1.amazonaws.com/ml/triton:26.05-py3")).to.deep.equal({
      accountId: "123456789012",
      region: "eu-central-1",
      repositoryName: "ml/triton",
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
    it(`"${reference}" is none to ECR`, () => {
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

  it("are copied under a tag that carries twelve digits of the upstream digest", () => {
    expect(copiedImageTag("26.05-py3", digest)).to.equal("26.05-py3-0123456789ab");
  });
});
