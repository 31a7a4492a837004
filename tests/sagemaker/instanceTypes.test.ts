import { expect } from "chai";
import {
  hasInstanceStorage,
  hasOldGpu,
  instanceAccelerator,
  instanceTypeProblem,
  isBurstable,
  isGraviton,
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
  })) {
    it(`${family} computes on ${accelerator}`, () => {
      expect(instanceAccelerator(`ml.${family}.xlarge`)).to.equal(accelerator);
    });
  }

  it("tells Graviton from its Intel, AMD and NVIDIA relatives", () => {
    const graviton = "c6g c6gd c6gn c7g c8g m6g m6gd m8g r6g r6gd r7gd r8g".split(" ");
    const others = "c6i c6id c6in c7i m5 m5d m6a m7i r5 r5d r7iz g4dn g5 g6 g6e gr6 p3 p4d t2 inf2".split(" ");
    expect(graviton.filter((family) => !isGraviton(`ml.${family}.xlarge`))).to.deep.equal([]);
    expect(others.filter((family) => isGraviton(`ml.${family}.xlarge`))).to.deep.equal([]);
  });

  it("knows the burstable families", () => {
    expect(isBurstable("ml.t2.medium")).to.equal(true);
    expect(isBurstable("ml.trn1.2xlarge")).to.equal(false);
  });

  it("knows which have storage of their own, so that no volume is attached", () => {
    const own = "m5d r5d c6id g4dn g5 g6 p4d p5".split(" ");
    const volume = "m5 r5 c7i p3 t2".split(" ");
    expect(own.filter((family) => !hasInstanceStorage(`ml.${family}.xlarge`))).to.deep.equal([]);
    expect(volume.filter((family) => hasInstanceStorage(`ml.${family}.xlarge`))).to.deep.equal([]);
  });

  it("knows the GPUs that are too old for releases from 25.03 on", () => {
    expect(["p2", "p3", "p3dn"].every((family) => hasOldGpu(`ml.${family}.xlarge`))).to.equal(true);
    expect(["g4dn", "p4d", "m5"].some((family) => hasOldGpu(`ml.${family}.xlarge`))).to.equal(false);
  });

  for (const [instanceType, reason] of Object.entries({
    "m5.large": "is no SageMaker instance type",
    "ml.m5.larg": "is no SageMaker instance type",
    "ml.m5": "is no SageMaker instance type",
    "ml.c7g.large": "is a Graviton",
    "ml.inf2.xlarge": "is a Neuron type",
  })) {
    it(`refuses ${instanceType}: it ${reason}, and says what is allowed`, () => {
      expect(instanceTypeProblem(instanceType))
        .to.include(reason)
        .and.match(/for example ml\.m5\.large/);
    });
  }

  it("takes Intel, AMD and NVIDIA types", () => {
    const taken =
      "ml.m5.large ml.r5.xlarge ml.c7i.24xlarge ml.m7i-flex.2xlarge ml.t2.medium ml.g5.48xlarge ml.p6-b200.48xlarge";
    expect(taken.split(" ").map(instanceTypeProblem)).to.deep.equal(taken.split(" ").map(() => undefined));
  });
});
