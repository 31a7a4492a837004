import { expect } from "chai";
import { deleteByHand } from "./byHand.ts";
import { problemsAfter, unrestProblems } from "./laws.ts";
import { serving } from "./stacks.ts";

/** Without these a new instance can't start, though those that run go on serving. */
const needed = new Set(
  ["server-endpoint", "server-model", "storage-bucket", "execution-role", "registry-repository"].map(
    (resource) => `triton-${resource}`,
  ),
);

/** SageMaker refuses every update of an endpoint without it, so a plain update creates it again at once, and says so. */
const createdAgain = "triton-server-configuration";

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
        if (needed.has(resource.name) && !plain.output.includes(remedy(name))) {
          found.push("a plain up does not name the remedy");
        }
        if (resource.name === createdAgain && !plain.output.includes("has been created again")) {
          found.push("a plain up does not create it again");
        }
        found.push(...(await problemsAfter(stack, { refresh: true })), ...(await unrestProblems(stack)));
        problems.push(...found.map((problem) => `${resource.name}: ${problem}`));
        await stack.remove();
      }
      expect(problems).to.deep.equal([]);
    });
  });
}
