import { ProductionVariantInferenceAmiVersion } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { hostImageProblem, inferenceAmiVersionFor } from "../../sagemaker/hostImages.ts";
import { hostingInstanceTypes } from "../../sagemaker/hostingInstances.ts";
import { releaseOnInstanceProblem } from "../../sagemaker/imageReleases.ts";
import { instanceTypeProblem } from "../../sagemaker/instanceTypes.ts";

const driver535 = "al2-ami-sagemaker-inference-gpu-2-1";
const driver550 = "al2-ami-sagemaker-inference-gpu-3-1";
const driver580 = "al2023-ami-sagemaker-inference-gpu-4-1";

describe("host images", () => {
  it("are chosen by the release's CUDA version and the GPU, only on GPU types", () => {
    expect(inferenceAmiVersionFor("26.05", "ml.g5.xlarge")).to.equal(driver580);
    expect(inferenceAmiVersionFor("25.08", "ml.g5.xlarge")).to.equal(driver580);
    expect(inferenceAmiVersionFor("25.07", "ml.g5.xlarge")).to.equal(driver550);
    expect(inferenceAmiVersionFor("24.09", "ml.g5.xlarge")).to.equal(driver550);
    expect(inferenceAmiVersionFor("23.12", "ml.g5.xlarge")).to.equal(undefined);
    expect(inferenceAmiVersionFor("26.05", "ml.m5.large")).to.equal(undefined);
  });

  it("are chosen for Blackwell with a driver that supports it, whatever the release", () => {
    expect(inferenceAmiVersionFor("25.04", "ml.g7e.2xlarge")).to.equal(driver580);
    expect(inferenceAmiVersionFor("25.04", "ml.p6-b200.48xlarge")).to.equal(driver580);
  });

  it("are chosen by the release alone for unknown GPU types", () => {
    expect(inferenceAmiVersionFor("26.05", "ml.g9.xlarge")).to.equal(driver580);
  });

  it("that we choose are never refused, and there is one for every GPU that runs a CUDA 13 release", () => {
    for (const instanceType of hostingInstanceTypes.filter((type) => instanceTypeProblem(type) === undefined)) {
      for (const release of ["23.10", "24.05", "25.04", "26.05"]) {
        const chosen = inferenceAmiVersionFor(release, instanceType);
        const problem = chosen === undefined ? undefined : hostImageProblem(chosen, instanceType, release);
        expect(problem, `${release} on ${instanceType}`).to.equal(undefined);
        const needed = /^ml\.[gp]/.test(instanceType) && release === "26.05";
        if (needed && !releaseOnInstanceProblem(release, instanceType)) expect(chosen, instanceType).to.be.a("string");
      }
    }
  });

  it("are refused if their driver is too old for the release's CUDA version, and the message names those that fit", () => {
    for (const [image, driver] of [
      [driver535, 535],
      [driver550, 550],
    ] as const) {
      expect(hostImageProblem(image, "ml.g5.xlarge", "26.05")).to.equal(
        `has NVIDIA driver ${driver}, but CUDA 13 of 26.05-py3 needs 580 or newer: use ${driver580}`,
      );
    }
    expect(hostImageProblem(driver535, "ml.g5.xlarge", "25.04")).to.equal(undefined);
    expect(hostImageProblem(driver580, "ml.g5.xlarge", "24.05")).to.equal(undefined);
  });

  it("are refused if their driver doesn't support the GPU, whatever the release", () => {
    expect(hostImageProblem(driver550, "ml.g7e.2xlarge")).to.equal(
      `has NVIDIA driver 550, but the NVIDIA RTX PRO Server 6000 of ml.g7e.2xlarge needs 570 or newer: use ${driver580}`,
    );
    expect(hostImageProblem(driver535, "ml.p2.xlarge")).to.equal(
      "has NVIDIA driver 535, but the NVIDIA K80 of ml.p2.xlarge needs 470 or older: remove it",
    );
  });

  it("are refused without a GPU", () => {
    expect(hostImageProblem(driver580, "ml.m5.large")).to.include("it has no GPU: remove it");
  });

  it("that we don't know are accepted, because AWS may have added them", () => {
    expect(hostImageProblem("al2023-ami-sagemaker-inference-gpu-5-1", "ml.g5.xlarge", "26.05")).to.equal(undefined);
  });

  it("include all that the AWS SDK lists for GPUs", () => {
    for (const image of Object.values(ProductionVariantInferenceAmiVersion).filter((name) => name.includes("-gpu-"))) {
      const serves = [hostImageProblem(image, "ml.p2.xlarge"), hostImageProblem(image, "ml.g5.xlarge", "24.05")];
      expect(
        serves.map((problem) => problem === undefined),
        image,
      ).to.deep.equal([false, true]);
    }
  });
});
