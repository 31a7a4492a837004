import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { knownRegions, partitionOf, registrySuffixes } from "../../sagemaker/partitions.ts";

describe("AWS's partitions", () => {
  it("have the host names in AWS's SDK", () => {
    const { endpointProvider } = new SageMakerClient({ region: "us-east-1" }).config;
    for (const region of knownRegions) {
      const [suffix = "", dualStack = ""] = registrySuffixes(region);
      const hostOf = (UseDualStack: boolean) =>
        endpointProvider({ Region: region, UseFIPS: false, UseDualStack }).url.hostname;
      expect(hostOf(false), region).to.equal(`api.sagemaker.${region}.${suffix}`);
      expect(hostOf(true), region).to.equal(`api.sagemaker.${region}.${dualStack.replace(/^on\./, "api.")}`);
    }
  });

  it("are recognised by a region's name, even a new one's", () => {
    expect(
      ["us-east-1", "ap-southeast-9", "us-gov-east-1", "cn-north-1", "us-iso-west-1", "eusc-de-east-1"].map(
        partitionOf,
      ),
    ).to.deep.equal(["aws", "aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-eusc"]);
  });
});
