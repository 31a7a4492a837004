import { expect } from "chai";
import type { EngineStack } from "./engineStack.ts";
import { expectMended } from "./interruptions.ts";
import { changeModel, serving } from "./stacks.ts";

describe("a new model on prod", () => {
  it("fails at each of its operations in turn, the endpoint goes on serving, and up --refresh brings all in order", async () => {
    const whole = await release(await serving("prod"));
    expect(whole.failed).to.equal(undefined);
    for (let nth = 1; nth <= whole.operations; nth += 1) {
      const stack = await serving("prod");
      const { failed } = await release(stack, nth);
      expect(failed, `operation ${nth} of ${whole.operations}`).to.not.equal(undefined);
    }
  });

  it("gets no answer to each of its operations in turn, which took effect all the same", async () => {
    const whole = await release(await serving("prod"));
    for (let nth = 1; nth <= whole.operations; nth += 1) {
      const { failed } = await release(await serving("prod"), nth, "ended");
      expect(failed, `operation ${nth} of ${whole.operations}`).to.not.equal(undefined);
    }
  });

  /** Releases a new model, and fails the nth operation; what then serves, and the way back, are judged. */
  async function release(
    stack: EngineStack,
    nth?: number,
    at: "begun" | "ended" = "begun",
  ): Promise<{ operations: number; failed?: string }> {
    const seen: { operations: number; failed?: string } = { operations: 0 };
    stack.cloud.onOperation = (moment, { kind, name }) => {
      if (moment !== at) return;
      seen.operations += 1;
      if (seen.operations !== nth) return;
      seen.failed = `${kind} ${name}`;
      throw new Error("InternalFailure: the stand-in fails this operation");
    };
    changeModel(stack, "third");
    const run = await stack.up();
    delete stack.cloud.onOperation;
    if (seen.failed === undefined) expect(run.code, run.output).to.equal(0);
    else await expectMended(stack, run);
    await stack.remove();
    return seen;
  }
});
