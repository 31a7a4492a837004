import { expect } from "chai";
import { makeChange } from "./laws.ts";
import { once } from "./once.ts";
import { lastRelease, programAt } from "./releasedProgram.ts";
import { changeModel, serve } from "./stacks.ts";
import { waysOfServing } from "./waysOfServing.ts";

const stacks = [
  ...Object.entries(waysOfServing).map(([way, config]) => ["dev", way, config] as const),
  ["prod", "real-time", {}] as const,
];

describe("a stack that the last released program deployed", () => {
  const release = lastRelease();
  const released = once(() => programAt(release!));
  if (release === undefined) it.skip("is not tried: this clone lacks the release; git fetch --unshallow --tags");

  for (const [name, way, config] of release === undefined ? [] : stacks) {
    it(`goes over to this one while it serves, and then to a new model: ${name}, ${way}`, async () => {
      const stack = await serve(name, config, released());
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
