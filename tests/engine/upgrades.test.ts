import { expect } from "chai";
import { makeChange } from "./laws.ts";
import { releasedProgram } from "./releasedProgram.ts";
import { changeModel, serve } from "./stacks.ts";
import { waysOfServing } from "./waysOfServing.ts";

const dev = Object.entries(waysOfServing).map(([way, config]) => ["dev", way, config] as const);

describe("a stack that the last released program deployed", () => {
  const released = releasedProgram();
  before(function () {
    // A shallow clone lacks it.
    if (released === undefined) this.skip();
  });

  for (const [name, way, config] of [...dev, ["prod", "real-time", {}] as const]) {
    it(`goes over to this one while it serves, and then to a new model: ${name}, ${way}`, async () => {
      const stack = await serve(name, config, released);
      stack.workspace.useProgram();
      const { problems, refusal } = await makeChange(stack);
      expect(refusal).to.equal(undefined);
      expect(problems).to.deep.equal([]);
      changeModel(stack, "upgraded");
      expect((await makeChange(stack)).problems).to.deep.equal([]);
      await stack.remove();
    });
  }
});
