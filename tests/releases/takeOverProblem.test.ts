import { expect } from "chai";
import { takeOverProblem } from "../../releases/takeOverProblem.ts";
import type { FoundResource } from "../../releases/foundResource.ts";
import { requireImportingEngine } from "../../releases/importingEngine.ts";
import { ownershipProblem } from "../../releases/ownership.ts";

const by = {
  project: "birds",
  stack: "prod",
  earlier: [],
  tags: { CostEnv: "prod" },
  takeOver: ["endpoint", "bucket"],
};
const endpoint = { kind: "endpoint", resource: "triton-server-endpoint", id: "penguins" } as const;
const found: FoundResource = {
  arn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/penguins",
  tags: { CostEnv: "old", "aws:cloudformation:stack-name": "old", "sagemaker-triton:restore:0-of-1": "x" },
  status: "InService",
  endpointConfigName: "old-configuration",
};

describe("taking over what another tool made", () => {
  it("costs nothing if the endpoint serves and the settings have its tags", () => {
    expect(takeOverProblem(endpoint, found, by)).to.equal(undefined);
  });

  for (const [what, change, message] of [
    ["it is being updated", { status: "Updating" }, /^it is Updating: wait until it is InService/],
    ["it failed", { status: "Failed" }, /^it is Failed/],
    ["it has rollback alarms", { alarmNames: ["a", "b"] }, /^its rollback alarms a, b can only be set when/],
    [
      "another stack has it",
      { tags: { "sagemaker-triton:stack": "birds/dev" } },
      /^it belongs to the stack birds\/dev/,
    ],
    [
      "another stack serves from it",
      { endpointConfigName: "triton-server-configuration-1a2b3c4" },
      /which another stack of this program made/,
    ],
    [
      "it has rules of its own",
      { rules: ["policy", "lifecycle rules"] },
      /^its policy and lifecycle rules would be replaced: set bucket/,
    ],
    ["a tag would be lost", { tags: { team: "birds" } }, /^its tags team=birds would be removed/],
  ] as const) {
    it(`is refused if ${what}`, () => {
      expect(takeOverProblem(endpoint, { ...found, ...change }, by)).to.match(message);
    });
  }

  it("is refused for a bucket of another account or region", () => {
    const bucket = { kind: "bucket", resource: "triton-storage-bucket", id: "theirs" } as const;
    expect(ownershipProblem(bucket, { arn: "arn:aws:s3:::theirs" }, by)).to.equal(
      "takeOver: the bucket theirs can't be taken over, because it belongs to another AWS account or region, or its tags can't be read: set bucket instead of bucketName, and remove bucket from takeOver",
    );
  });

  it("is refused for a repository with another key, which the engine would replace", () => {
    const repository = { kind: "repository", resource: "triton-registry-repository", id: "images" } as const;
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/old";
    const stack = { ...by, takeOver: ["repository"], kmsKeyArn: "" };
    expect(ownershipProblem(repository, { arn: "", tags: {}, kmsKeyArn }, stack)).to.match(
      /^takeOver: the repository images can't be taken over, because it exists with the KMS key .*old, which ECR can't change/,
    );
  });

  it("is refused if the stack already has another in its place", () => {
    expect(takeOverProblem({ ...endpoint, replaces: "other" }, found, by)).to.match(
      /^this stack already has other in its place, which would be deleted/,
    );
  });
});

describe("the engine that takes over", () => {
  it("is asked for its version only if something is taken over", async () => {
    const asked: string[] = [];
    const answers = (range: string) => {
      asked.push(range);
      return Promise.resolve();
    };
    await requireImportingEngine(undefined, answers);
    await requireImportingEngine(["endpoint"], answers);
    expect(asked).to.deep.equal([">=3.252.0"]);
  });

  it("is refused if it may delete what it imports", async () => {
    const refused = await requireImportingEngine(["endpoint"], () => Promise.reject(new Error("no"))).catch(
      (error: unknown) => error,
    );
    expect((refused as Error).message).to.match(
      /^takeOver: the Pulumi CLI is older than 3\.252\.0, and may delete what it imports: install a newer one/,
    );
  });
});
