import { expect } from "chai";
import { faultsOf } from "./judge.ts";

const allowed = { seconds: 2, megabytes: 300, characters: 100 };
const run = { code: 1, stdout: "", stderr: "error: no\n", seconds: 1, megabytes: 100 };

describe("the fuzz suite", () => {
  it("finds nothing wrong with one message and exit code 1", () => {
    expect(faultsOf(run, allowed)).to.deep.equal([]);
  });

  it("finds crashes, leaks of the language, raw control characters, and too much time, memory or output", () => {
    const bad = { code: null, stdout: "\u001b[2J", stderr: "x is not a function", seconds: 3, megabytes: 400 };
    expect(faultsOf({ ...run, ...bad }, { ...allowed, characters: 10 })).to.deep.equal([
      "it ended with a signal, or not at all",
      'it printed "is not a function"',
      "it printed U+1b raw",
      "it took 3.0 s, allowed are 2.0 s",
      "it took 400 MB, allowed are 300 MB",
      "it printed 23 characters",
    ]);
    expect(faultsOf({ ...run, stderr: "Error\n    at run (file:///a.ts:1:2)\n" }, allowed)).to.have.length(1);
  });
});
