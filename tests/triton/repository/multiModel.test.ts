import { expect } from "chai";
import { checkTargetModel, targetModelOf } from "../../../triton/repository/multiModel.ts";
import { contentsOf } from "../../support/repository.ts";
import { targetModelCases } from "../../support/targetModelCases.ts";

const piecesOf = (title: string) => targetModelCases.find((one) => one.title === title)!.pieces;

describe("a repository of a multi-model endpoint", () => {
  for (const { title, pieces, codes } of targetModelCases) {
    it(`${codes.length === 0 ? "has no problems" : `has ${codes.join(", ")}`}: ${title}`, () => {
      expect(checkTargetModel(contentsOf(pieces)).map(({ code }) => code)).to.deep.equal(codes);
    });
  }

  it("that is empty has no model", () => {
    expect(checkTargetModel(contentsOf({})).map(({ code }) => code)).to.deep.equal(["repository-empty"]);
  });

  it("gets remedies that work there, never a setting for the start of a single model", () => {
    for (const { pieces } of targetModelCases) {
      for (const { message, remedy } of checkTargetModel(contentsOf(pieces))) {
        expect(`${message} ${remedy}`).to.not.match(/SAGEMAKER_TRITON|default model|defaultModelName/);
      }
    }
    const called = checkTargetModel(contentsOf(piecesOf("an ensemble whose step calls a model that is no step")));
    expect(called[0]).to.include({ severity: "error" });
    expect(called[0]?.remedy).to.include("ensemble");
  });

  it("is checked against the instance's accelerator", () => {
    const pieces = { "a/config.pbtxt": 'backend: "python" instance_group { kind: KIND_GPU }', "a/1/model.py": "" };
    const codes = (accelerator: "cpu" | "gpu") =>
      checkTargetModel(contentsOf(pieces), { accelerator }).map(({ code }) => code);
    expect(codes("cpu")).to.include("instance-group-needs-gpu");
    expect(codes("gpu")).to.not.include("instance-group-needs-gpu");
  });

  it("is judged by the arguments that the start passes on with many models, too", () => {
    const codes = (additionalArgs?: string) =>
      checkTargetModel(contentsOf({ "a/config.pbtxt": 'backend: "mine"', "a/1/x": "" }), {
        release: "26.05",
        additionalArgs,
      }).map(({ code }) => code);
    expect(codes()).to.include("backend-not-in-image");
    expect(codes("--backend-directory=/opt/mine")).to.not.include("backend-not-in-image");
    expect(codes("--load-model=other")).to.deep.equal(codes());
  });

  it("answers with its only model, or with its ensemble", () => {
    expect(targetModelOf(contentsOf(piecesOf("one model")))).to.equal("double");
    expect(targetModelOf(contentsOf(piecesOf("an ensemble, its step and a third model")))).to.equal("whole");
    expect(targetModelOf(contentsOf(piecesOf("two models and no ensemble")))).to.equal(undefined);
  });
});
