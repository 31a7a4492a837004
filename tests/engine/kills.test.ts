import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { expectMended, seeded } from "./interruptions.ts";
import { changeModel, ServingStacks } from "./stacks.ts";
import type { CliRun } from "./pulumiCli.ts";

/** So many runs are killed, each at another moment. */
const runs = 20;

describe("a release on prod that is killed", () => {
  const stacks = new ServingStacks();
  after(() => stacks.remove());

  const random = seeded(2026);
  const moments = Array.from({ length: runs }, () => ({
    operation: 1 + Math.floor(random.next().value * 16),
    moment: random.next().value < 0.5 ? ("begun" as const) : ("ended" as const),
    delay: Math.floor(random.next().value * 300),
  }));

  for (const { operation, moment, delay } of moments) {
    const when = `${delay} ms after operation ${operation} has ${moment}`;

    it(`${when} leaves an endpoint that serves, and up --refresh brings all in order`, async () => {
      const stack = await stacks.serving("prod");
      const seen: { operations: number; run?: CliRun; killed?: boolean } = { operations: 0 };
      stack.cloud.onOperation = async (at) => {
        if (at !== moment) return;
        seen.operations += 1;
        if (seen.operations !== operation) return;
        await pause(delay);
        seen.killed = true;
        seen.run?.kill();
      };
      changeModel(stack, "third");
      // A new instance type, too: its autoscaling is taken away for the update, and has to come back.
      stack.configure({ instanceType: "ml.r5.2xlarge" });
      const run = await stack.up({ begun: (begun) => (seen.run = begun) });
      delete stack.cloud.onOperation;
      if (seen.killed) await stack.cancel();
      await expectMended(stack, run);
      expect(await stack.scaled(), "autoscaling").to.deep.equal(["AllTraffic"]);
      expect(
        (await stack.serves()).map(({ counts }) => counts),
        "instances",
      ).to.deep.equal([{ AllTraffic: 4 }]);
      await stack.remove();
    });
  }
});
