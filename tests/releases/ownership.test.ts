import { expect } from "chai";
import { namedResources, type NamedResource } from "../../releases/namedResources.ts";
import type { ClaimingStack, FoundResource } from "../../releases/foundResource.ts";
import { ownershipProblem } from "../../releases/ownership.ts";

const by: ClaimingStack = {
  project: "birds",
  stack: "prod",
  earlier: [
    {
      type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      name: "triton-server-configuration",
      outputs: { name: "triton-server-configuration-1a2b3c4" },
    },
  ],
  tags: { CostEnv: "prod" },
  kmsKeyArn: "",
};
const bucket: NamedResource = { kind: "bucket", resource: "triton-storage-bucket", id: "models" };
const found = (tags: Record<string, string> = {}, more: Partial<FoundResource> = {}): FoundResource => ({
  arn: "arn:aws:test:::it",
  tags,
  ...more,
});
const ownTag = { "sagemaker-triton:stack": "birds/prod" };
const keptTag = { "sagemaker-triton:stack": "birds/prod:kept" };

describe("resources with given names", () => {
  const earlier = (outputs: object) => [{ type: "", name: "triton-storage-bucket", outputs: { ...outputs } }];

  it("are the endpoint alone if nothing else is named", () => {
    expect(namedResources("triton", {}, [])).to.deep.equal([
      { kind: "endpoint", resource: "triton-server-endpoint", id: "triton" },
    ]);
  });

  it("are the bucket, the repository that the image is copied to, and the log group", () => {
    const planned = { endpointName: "penguins", bucketName: "models", monitoring: {} };
    const ids = (more: object) => namedResources("triton", { ...planned, ...more }, []).map(({ id }) => id);
    expect(ids({ repositoryName: "images" })).to.deep.equal([
      "penguins",
      "models",
      "images",
      "/aws/sagemaker/Endpoints/penguins",
    ]);
    expect(ids({ repositoryName: "images", imageUri: "its-own" })).to.not.include("images");
  });

  it("are not asked for if the state has them, and know what they replace", () => {
    const planned = { bucketName: "models" };
    const buckets = (outputs: object) =>
      namedResources("triton", planned, earlier(outputs)).filter(({ kind }) => kind === "bucket");
    expect(buckets({ bucket: "models" })).to.deep.equal([]);
    expect(buckets({ bucket: "older" })).to.deep.equal([{ ...bucket, replaces: "older" }]);
  });
});

describe("a resource that exists with a planned name", () => {
  const problem = (named: NamedResource, existing: FoundResource, more: Partial<ClaimingStack> = {}) =>
    ownershipProblem(named, existing, { ...by, ...more });
  const replacing = { ...bucket, replaces: "older" };

  it("is taken over if it is tagged with the stack", () => {
    expect(problem(bucket, found(ownTag))).to.equal(undefined);
    expect(problem(bucket, found(keptTag))).to.equal(undefined);
  });

  it("is refused otherwise, with the line that lets the stack take it over", () => {
    expect(problem(bucket, found({ "sagemaker-triton:stack": "birds/dev" }))).to.equal(
      "bucketName models: can't be used, because the bucket models already exists and doesn't belong to this stack: use another bucketName. If it is yours, npm run up takes it over after: aws s3api put-bucket-tagging --bucket models --tagging \"TagSet=[{Key=sagemaker-triton:stack,Value=birds/prod}]\"",
    );
    expect(problem(replacing, found())).to.include("Value=birds/prod:kept");
    expect(problem(bucket, { arn: "" })).to.match(/belongs to another AWS account or region/);
  });

  it("is refused while an unfinished update may delete it, unless it was kept", () => {
    expect(problem(replacing, found(ownTag))).to.match(/unfinished update to older .*set bucketName to older, update/);
    expect(problem(replacing, found(keptTag))).to.equal(undefined);
  });

  it("is the stack's endpoint if it serves a configuration of the stack", () => {
    const endpoint: NamedResource = { kind: "endpoint", resource: "triton-server-endpoint", id: "penguins" };
    const own = { endpointConfigName: "triton-server-configuration-1a2b3c4" };
    expect(problem(endpoint, found({}, own))).to.equal(undefined);
    expect(problem(endpoint, found({}, { status: "InService", endpointConfigName: "theirs" }))).to.match(
      /^endpointName penguins: .*\(InService\) already exists and doesn't belong .*aws sagemaker add-tags/,
    );
    const moving = { ...endpoint, replaces: "puffins" };
    expect(problem(moving, found({}, { ...own, newer: true }))).to.equal(undefined);
    expect(problem(moving, found({}, { ...own, newer: false }))).to.match(/unfinished update to puffins/);
  });

  it("is the endpoint's log group if the endpoint is the stack's or nobody else has tagged it", () => {
    const logs: NamedResource = { kind: "logGroup", resource: "l", id: "/aws/sagemaker/Endpoints/penguins" };
    const serving = [{ type: "aws:sagemaker/endpoint:Endpoint", name: "e", outputs: { name: "penguins" } }];
    expect(problem(logs, found())).to.equal(undefined);
    expect(problem(logs, found({ CostEnv: "prod" }))).to.equal(undefined);
    expect(problem(logs, found({ CostEnv: "dev" }))).to.match(/^endpointName penguins: .*the log group \/aws/);
    expect(problem(logs, found({ CostEnv: "dev" }), { earlier: serving })).to.equal(undefined);
  });

  it("is refused if it is a repository with another key, which ECR can't change", () => {
    const repository: NamedResource = { kind: "repository", resource: "r", id: "images" };
    expect(problem(repository, found(ownTag, { kmsKeyArn: "" }))).to.equal(undefined);
    expect(problem(repository, found(ownTag, { kmsKeyArn: "arn:aws:kms:::key/1" }))).to.match(
      /with the KMS key arn:aws:kms:::key\/1, which ECR can't change/,
    );
  });
});
