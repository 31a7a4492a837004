import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { makeChange } from "./laws.ts";
import { serving } from "./stacks.ts";
import { waysOfServing as ways } from "./waysOfServing.ts";
import { stackFile, type Config } from "./workspace.ts";

/**
 * What SageMaker does not do to an endpoint. Sources: https://github.com/aws/sagemaker-python-sdk/pull/3124 and
 * https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html
 */
function refusedBySageMaker(from: string, to: string): boolean {
  return (from === "asynchronous") !== (to === "asynchronous") || (to === "serverless" && from !== "serverless");
}

describe("an endpoint that serves", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  for (const from of Object.keys(ways)) {
    const others = Object.keys(ways).filter((to) => to !== from);

    it(`${from} goes over to ${others.join(", ")}, or is refused up front where SageMaker would refuse`, async () => {
      stack = await serving("dev", ways[from]);
      for (const to of others) {
        const copy = await stack.fork();
        copy.configure({ ...back(ways[from]), ...ways[to] });
        const { problems, refusal } = await makeChange(copy);
        await copy.remove();
        expect(problems, to).to.deep.equal([]);
        expect(refusal !== undefined, `${to}: ${refusal ?? "done"}`).to.equal(refusedBySageMaker(from, to));
      }
    });
  }
});

/** What takes a way's settings back to those of the stack's file. */
function back(way: Config = {}): Config {
  const config = stackFile("dev");
  return Object.fromEntries(Object.keys(way).map((name) => [name, config[name]]));
}
