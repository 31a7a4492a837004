import { expect } from "chai";
import { deleteByHand } from "./byHand.ts";
import { problemsAfter } from "./laws.ts";
import { serving } from "./stacks.ts";
import { types } from "./types.ts";

/** Without these a new instance can't start, though those that run go on serving. */
const needed: readonly string[] = [
  types.endpoint,
  types.configuration,
  types.model,
  types.bucket,
  types.role,
  types.repository,
];

/** The one command that brings everything in order. */
const remedy = (stack: string) => `npm run up -- --stack ${stack} --refresh`;

for (const name of ["dev", "prod"] as const) {
  describe(`a resource of a serving ${name} stack that somebody deletes by hand`, () => {
    it("is missed by a plain up where the endpoint needs it, harms nothing else, and is made anew by up --refresh", async () => {
      const problems: string[] = [];
      for (const resource of (await serving(name)).madeResources()) {
        const stack = await serving(name);
        await deleteByHand(stack, resource);
        const plain = await stack.up();
        const found = [...plain.violations];
        if (needed.includes(resource.type) && !plain.output.includes(remedy(name))) {
          found.push(`a plain up does not name the remedy: ${plain.output.slice(-300)}`);
        }
        found.push(...(await problemsAfter(stack, { refresh: true })));
        problems.push(...found.map((problem) => `${resource.name}: ${problem}`));
        await stack.remove();
      }
      expect(problems).to.deep.equal([]);
    });
  });
}
