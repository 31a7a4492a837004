import { expect } from "chai";
import { namePattern } from "../../sagemaker/limits.ts";

describe("names", () => {
  it("have 1 to 63 letters and digits, with hyphens between them", () => {
    const right = ["a", "endpoint-1", "A--b", "x".repeat(63)];
    const wrong = ["", "-a", "a-", "a_b", "a.b", "x".repeat(64)];
    expect(right.filter((name) => !namePattern.test(name))).to.deep.equal([]);
    expect(wrong.filter((name) => namePattern.test(name))).to.deep.equal([]);
  });
});
