import { expect } from "chai";
import { takeOverProblem } from "../../releases/takeOverProblem.ts";
import type { FoundResource } from "../../releases/foundResource.ts";

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

  it("is refused if the stack already has another in its place", () => {
    expect(takeOverProblem({ ...endpoint, replaces: "other" }, found, by)).to.match(
      /^this stack already has other in its place, which would be deleted/,
    );
  });
});
