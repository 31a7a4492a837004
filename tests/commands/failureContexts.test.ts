import { expect } from "chai";
import { contextsOf } from "../../commands/failureContexts.ts";
import type { VariantStatus } from "../../operations/endpointStatus.ts";

const served: VariantStatus = {
  variantName: "AllTraffic",
  shadow: false,
  instanceType: "ml.g5.xlarge",
  modelExists: true,
  multiModel: false,
  settings: { instanceType: "ml.g5.xlarge", containerStartupHealthCheckTimeoutInSeconds: 600 },
};

describe("the surroundings of a log line", () => {
  it("are what the stack plans: instance type, image, release and settings", () => {
    const { instanceType, ownImage, release, multiModel, settings } = contextsOf([], "dev")();
    expect({ instanceType, ownImage, multiModel }).to.deep.equal({
      instanceType: "ml.m5.large",
      ownImage: false,
      multiModel: false,
    });
    expect(release).to.match(/^\d\d\.\d\d$/);
    expect(settings).to.include({ instanceType, imageTag: `${release ?? ""}-py3` });
    expect(Object.keys(settings ?? {}).filter((name) => name.startsWith("environment"))).to.deep.equal([]);
  });

  it("are what AWS says is in force, where it differs from the plan", () => {
    const contexts = contextsOf([served], "dev");
    expect(contexts("AllTraffic")).to.include({ instanceType: "ml.g5.xlarge", ownImage: false });
    expect(contexts("AllTraffic").settings).to.include({
      instanceType: "ml.g5.xlarge",
      containerStartupHealthCheckTimeoutInSeconds: 600,
    });
    expect(contexts()).to.deep.equal(contexts("AllTraffic"));
  });

  it("are only AWS's without a stack, and unknown for a variant that nobody knows", () => {
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/triton:24.09-py3-0123456789ab";
    expect(contextsOf([{ ...served, image }])()).to.include({ instanceType: "ml.g5.xlarge", release: "24.09" });
    expect(contextsOf([served])("Other")).to.deep.equal({ settings: {} });
    expect(contextsOf([], "no-such-stack")()).to.deep.equal({ settings: {} });
  });

  it("include that inference is serverless", () => {
    const { instanceType, ...without } = served;
    expect(instanceType).to.be.a("string");
    const serverless = { ...without, settings: { "serverless.memorySizeInMb": 2048 } };
    expect(contextsOf([serverless])()).to.include({ serverless: true });
  });
});
