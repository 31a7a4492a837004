import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { makeChange } from "./laws.ts";
import { serving } from "./stacks.ts";
import { types } from "./types.ts";

const renames: Readonly<Record<string, (stack: EngineStack) => Promise<void>>> = {
  stack: (stack) => stack.rename("renamed"),
  project: (stack) => stack.rename(stack.name, "renamed"),
  "stack and project": (stack) => stack.rename("renamed", "renamed-too"),
};

for (const name of ["dev", "prod"] as const) {
  describe(`a serving ${name} stack`, () => {
    for (const [what, rename] of Object.entries(renames)) {
      for (const [how, kept] of [
        ["and keeps its endpoint's name", true],
        ["and says nothing of its endpoint's name", false],
      ] as const) {
        it(`gets another name (${what}) ${how}: what serves stays, with its alarms, or the preview refuses`, async () => {
          const stack = await serving(name);
          const before = await stack.serves();
          if (kept) stack.configure({ endpointName: before[0]!.name });
          await rename(stack);
          const { problems, refusal, preview, update } = await makeChange(stack);
          expect(problems).to.deep.equal([]);
          expect((await stack.serves()).map((endpoint) => endpoint.name)).to.deep.equal([before[0]!.name]);
          if (refusal !== undefined) expect(preview.code, "the preview refuses, too").to.not.equal(0);
          const gone = update.operations.filter(({ kind, type }) => kind === "delete" && type === types.endpoint);
          expect(gone).to.deep.equal([]);
          await stack.remove();
        });
      }
    }
  });
}
