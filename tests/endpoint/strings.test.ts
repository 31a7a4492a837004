import { expect } from "chai";
import { environmentRules } from "../../endpoint/environment.ts";
import { describeProblem } from "../../endpoint/problem.ts";
import { tagRules } from "../../endpoint/tags.ts";

const environmentProblems = (entries: Record<string, string>) =>
  [...environmentRules(entries)].map((problem) => describeProblem(problem));
const tagProblems = (entries: Record<string, string>) =>
  [...tagRules(entries)].map((problem) => describeProblem(problem));

describe("a container's environment", () => {
  it("may be empty and may contain an empty string", () => {
    expect(environmentProblems({})).to.deep.equal([]);
    expect(environmentProblems({ SAGEMAKER_TRITON_LOG_INFO: "" })).to.deep.equal([]);
  });

  it("has at most 100 entries", () => {
    const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`KEY_${i}`, "x"]));
    expect(environmentProblems(entries(100))).to.deep.equal([]);
    expect(environmentProblems(entries(101))).to.deep.equal([": must have at most 100 entries, but has 101"]);
  });

  it("has values of at most 1024 characters", () => {
    expect(environmentProblems({ A: "x".repeat(1024) })).to.deep.equal([]);
    expect(environmentProblems({ A: "x".repeat(1025) })).to.deep.equal([
      "A: must have at most 1024 characters, but has 1025",
    ]);
  });

  it("has at most 32 KB in all", () => {
    const full = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`KEY_${i}`, "x".repeat(1000)]));
    expect(environmentProblems(full).join()).to.match(/^: must have at most 32768 bytes in all, but has \d+$/);
  });

  it("has names that are valid in a shell, and every invalid one is reported without its value", () => {
    const problems = environmentProblems({ "1A": "secret", "A-B": "secret", A_1: "x" });
    expect(problems).to.have.length(2);
    expect(problems.join()).to.include('"1A"').and.include("A-B").and.not.include("secret");
  });
});

describe("tags", () => {
  it("are at most 50", () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "x"]));
    expect(tagProblems(tags(50))).to.deep.equal([]);
    expect(tagProblems(tags(51))).to.deep.equal([": must be at most 50 with CostEnv and CostService, and are 51"]);
  });

  it("have keys of 1 to 128 and values of up to 256 allowed characters", () => {
    expect(tagProblems({ "Team name/äöü": "a+b=c @home", Empty: "" })).to.deep.equal([]);
    for (const key of ["", "x".repeat(129), "a#b", "aws:x"]) expect(tagProblems({ [key]: "x" }), key).to.have.length(1);
    for (const value of ["x".repeat(257), "a#b"]) expect(tagProblems({ key: value }), value).to.have.length(1);
  });

  it("are reported without their values, which may be secret", () => {
    expect(tagProblems({ key: "hidden#" })).to.deep.equal([
      "key: must have a value of at most 256 letters, digits, spaces or _ . : / = + - @",
    ]);
  });
});
