import { expect } from "chai";
import { changed, describeTargets, problemsOf } from "./targetsTable.ts";
import { types } from "./types.ts";

describeTargets("dev");

describe("a Model and its model data, on a serving dev stack", () => {
  it("are singled out together with --target: nothing that serves is harmed, and a plain up does the rest", async () => {
    const stack = await changed("dev");
    const args = stack
      .madeResources()
      .filter(({ type }) => type === types.model || type === types.object)
      .flatMap(({ urn }) => ["--target", urn]);
    expect(args).to.have.length(4);
    expect(await problemsOf(stack, args)).to.deep.equal([]);
  });
});
