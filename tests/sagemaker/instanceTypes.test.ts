import { expect } from "chai";
import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { computeCapability } from "../../sagemaker/gpus.ts";
import { hostingInstance, hostingInstanceTypes } from "../../sagemaker/hostingInstances.ts";
import {
  armProcessor,
  commonHardware,
  hasInstanceStorage,
  instanceAccelerator,
  instanceGpus,
  instanceTypeProblem,
  instanceTypeWarning,
  instanceVcpus,
  isBurstable,
} from "../../sagemaker/instanceTypes.ts";

describe("instance types", () => {
  for (const [family, accelerator] of Object.entries({
    m5: "cpu",
    r5: "cpu",
    c7i: "cpu",
    "m7i-flex": "cpu",
    t2: "cpu",
    g4dn: "gpu",
    g5: "gpu",
    g6e: "gpu",
    p3dn: "gpu",
    p4de: "gpu",
    p5en: "gpu",
    "p6-b200": "gpu",
    inf2: "neuron",
    trn1n: "neuron",
    dl1: "gaudi",
  })) {
    it(`such as ${family} have the accelerator ${accelerator}`, () => {
      expect(instanceAccelerator(`ml.${family}.xlarge`)).to.equal(accelerator);
    });
  }

  it("with Graviton are distinguished from similar Intel, AMD and NVIDIA types", () => {
    const graviton = "c6g c6gd c6gn c7g c8g m6g m6gd m8g r6g r6gd r7gd r8g".split(" ");
    const others = "c6i c6id c6in c7i m5 m5d m6a m7i r5 r5d r7iz g4dn g5 g6 g6e gr6 p3 p4d t2 inf2".split(" ");
    expect(graviton.filter((family) => armProcessor(`ml.${family}.xlarge`) !== "Graviton")).to.deep.equal([]);
    expect(others.filter((family) => armProcessor(`ml.${family}.xlarge`))).to.deep.equal([]);
    expect(armProcessor("ml.p6e-gb200.36xlarge")).to.equal("Grace");
  });

  it("in burstable families are known", () => {
    expect(isBurstable("ml.t2.medium")).to.equal(true);
    expect(isBurstable("ml.trn1.2xlarge")).to.equal(false);
  });

  it("with local storage, which get no volume, are known", () => {
    const own = "m5d.large r5d.large g4dn.xlarge g5.xlarge g6.xlarge g7e.2xlarge p4d.24xlarge p5.48xlarge";
    const volume = "m5.large r5.large c7i.large p3.2xlarge t2.medium";
    expect(own.split(" ").filter((type) => !hasInstanceStorage(`ml.${type}`))).to.deep.equal([]);
    expect(volume.split(" ").filter((type) => hasInstanceStorage(`ml.${type}`))).to.deep.equal([]);
  });

  it("have facts on vCPUs and GPUs with their model, number and memory", () => {
    expect(instanceVcpus("ml.m5.large")).to.equal(2);
    expect(instanceGpus("ml.m5.large")).to.equal(undefined);
    expect(instanceVcpus("ml.g5.12xlarge")).to.equal(48);
    expect(instanceGpus("ml.g5.12xlarge")).to.deep.equal({ name: "NVIDIA A10G", count: 4, memorySizeInMib: 22888 });
    expect(instanceGpus("ml.g4dn.xlarge")).to.deep.equal({ name: "NVIDIA T4", count: 1, memorySizeInMib: 16384 });
    expect(instanceGpus("ml.dl1.24xlarge")).to.equal(undefined);
    expect([instanceVcpus("ml.g9.xlarge"), instanceGpus("ml.g9.xlarge")]).to.deep.equal([undefined, undefined]);
  });

  it("are the same as in the AWS SDK", () => {
    expect(hostingInstanceTypes).to.deep.equal(Object.values(ProductionVariantInstanceType));
  });

  it("that Triton's image runs on all have facts, and their GPUs a compute capability", () => {
    for (const type of hostingInstanceTypes.filter((name) => instanceTypeProblem(name) === undefined)) {
      expect(hostingInstance(type), type).to.include.all.keys("vcpus", "memorySizeInMib", "instanceStorageInGb");
      if (instanceAccelerator(type) === "gpu") expect(computeCapability(type), type).to.be.a("number");
      else expect(hostingInstance(type), type).to.not.have.property("gpus");
    }
  });

  it("are reduced to what all of a model's instances have", () => {
    expect(commonHardware([])).to.deep.equal({ accelerator: "cpu" });
    expect(commonHardware(["ml.g5.xlarge", "ml.m5.large"])).to.deep.equal({ accelerator: "cpu" });
    expect(commonHardware(["ml.g5.12xlarge", "ml.g4dn.xlarge"])).to.deep.equal({ accelerator: "gpu", gpuCount: 1 });
    expect(commonHardware(["ml.g9.xlarge"])).to.deep.equal({ accelerator: "gpu" });
  });

  for (const [instanceType, reason] of Object.entries({
    "m5.large": "must be ml.<family>.<size>",
    "ml.m5.larg": "must be ml.<family>.<size>",
    "ml.m5": "must be ml.<family>.<size>",
    "ml.c7g.large": "because Graviton is arm64",
    "ml.p6e-gb200.36xlarge": "because Grace is arm64",
    "ml.inf2.xlarge": "doesn't support Neuron chips",
    "ml.dl1.24xlarge": "doesn't support Gaudi chips",
  })) {
    it(`such as ${instanceType} are refused because it ${reason}, with what is allowed`, () => {
      expect(instanceTypeProblem(instanceType))
        .to.include(reason)
        .and.match(/for example ml\.m5\.large/);
    });
  }

  it("with a typo are refused, suggesting the intended type", () => {
    expect(instanceTypeProblem("ml.m5.larg")).to.include("did you mean ml.m5.large?");
    expect(instanceTypeProblem("m5.large")).to.include("did you mean ml.m5.large?");
    expect(instanceTypeProblem("ml.c7i.lrge")).to.include("did you mean ml.c7i.large?");
    expect(instanceTypeProblem("a large one")).to.not.include("did you mean");
  });

  it("with a size that a known family doesn't have are refused, naming the existing sizes", () => {
    expect(instanceTypeProblem("ml.g5.3xlarge")).to.equal(
      "must be a size that SageMaker offers for hosting: xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge, 48xlarge; did you mean ml.g5.2xlarge?",
    );
    expect(instanceTypeProblem("ml.m5.8xlarge")).to.include("did you mean ml.m5.");
  });

  it("with Intel, AMD and NVIDIA chips are accepted", () => {
    const taken = "ml.m5.large ml.r5.xlarge ml.c7i.24xlarge ml.t2.medium ml.g5.48xlarge ml.p6-b200.48xlarge";
    for (const type of taken.split(" ")) {
      expect([instanceTypeProblem(type), instanceTypeWarning(type)], type).to.deep.equal([undefined, undefined]);
    }
  });

  it("in a family newer than our list are accepted with a warning, but not if they are arm64 or Neuron", () => {
    for (const type of ["ml.m9i.large", "ml.m7i-flex.2xlarge", "ml.g9.xlarge", "ml.p7-c100.metal"]) {
      expect(instanceTypeProblem(type), type).to.equal(undefined);
      expect(instanceTypeWarning(type), type).to.match(/so its GPUs and storage are not checked/);
    }
    expect(instanceTypeWarning("ml.g55.xlarge")).to.include("did you mean ml.g5.xlarge?");
    expect(instanceTypeProblem("ml.m9g.large")).to.include("Graviton");
    expect(instanceTypeProblem("ml.trn9.large")).to.include("Neuron");
  });
});
