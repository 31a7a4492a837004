import { expect } from "chai";
import { readFileSync } from "node:fs";
import { publishedReleaseProblem, unlistedReleaseWarning } from "../../sagemaker/publishedImages.ts";
import { publishedReleases } from "../../triton/releases/publishedReleases.ts";

describe("the Triton images that AWS publishes", () => {
  it("are the releases of AWS's lists", () => {
    expect(publishedReleases).to.deep.equal(
      "23.12 24.01 24.03 24.05 24.09 25.04 25.09 25.12 26.03 26.04 26.05".split(" "),
    );
  });

  it("each have a source, a date and twelve-digit accounts", () => {
    const { retrieved, registries, releases } = JSON.parse(
      readFileSync("triton/releases/publishedImages.json", "utf8"),
    ) as {
      retrieved: string;
      registries: Record<string, { source: string; accounts: Record<string, string> }>;
      releases: Record<string, { registry: string; source: string }>;
    };
    expect(retrieved).to.match(/^\d{4}-\d\d-\d\d$/);
    for (const { source } of [...Object.values(registries), ...Object.values(releases)]) {
      expect(source).to.match(/^https:\/\/github\.com\/aws\//);
    }
    for (const { accounts } of Object.values(registries)) {
      for (const [region, account] of Object.entries(accounts)) {
        expect(region).to.match(/^[a-z]+(-[a-z]+)+-\d$/);
        expect(account).to.match(/^\d{12}$/);
      }
    }
    expect(Object.keys(registries)).to.include.members(Object.values(releases).map(({ registry }) => registry));
  });

  it("are in most regions", () => {
    for (const region of ["us-east-1", "eu-central-2", "ap-northeast-1", "mx-central-1"]) {
      expect(publishedReleaseProblem("26.05", region)).to.equal(undefined);
    }
    expect(publishedReleaseProblem("26.05")).to.equal(undefined);
  });

  it("end with 25.04 in China", () => {
    expect(publishedReleaseProblem("25.04", "cn-north-1")).to.equal(undefined);
    expect(publishedReleaseProblem("26.05", "cn-north-1")).to.match(
      /^is not published by AWS in cn-north-1 \(as of .+\): use 25\.04-py3, or copy NVIDIA's image with upstreamImage: nvcr\.io\/nvidia\/tritonserver:26\.05-py3$/,
    );
  });

  it("don't exist in GovCloud", () => {
    expect(publishedReleaseProblem("26.05", "us-gov-west-1")).to.match(
      /^is not published by AWS in us-gov-west-1 \(as of [\d-]+\): copy NVIDIA's image/,
    );
  });

  it("came to newer regions with newer releases", () => {
    expect(publishedReleaseProblem("24.09", "ap-south-2")).to.include("use 26.05-py3");
    expect(publishedReleaseProblem("25.04", "ap-south-2")).to.equal(undefined);
  });

  it("before 23.12 are in Neo's regions", () => {
    expect(publishedReleaseProblem("23.10", "us-east-1")).to.equal(undefined);
    expect(publishedReleaseProblem("23.10", "ap-south-2")).to.include("is not published by AWS in ap-south-2");
  });

  it("leave out most of NVIDIA's releases", () => {
    expect(publishedReleaseProblem("24.07", "us-east-1")).to.include("use 24.05-py3 or 24.09-py3, or copy NVIDIA's");
    expect(publishedReleaseProblem("25.11", "cn-north-1")).to.include("use 25.04-py3, or copy");
  });

  it("may include a release newer than our list, which gets a warning", () => {
    expect(publishedReleaseProblem("27.01", "us-east-1")).to.equal(undefined);
    expect(unlistedReleaseWarning("27.01")).to.include("newer than 26.05-py3");
    expect(unlistedReleaseWarning("26.05")).to.equal(undefined);
  });
});
