import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { expectMended, seeded } from "./interruptions.ts";
import type { CliRun } from "./pulumiCli.ts";
import { changeModel, serving } from "./stacks.ts";

/** So many runs are killed, each at another moment. */
const runs = 20;

/** The release below takes so many operations: object, Model, configuration, endpoint, alarm and dashboard. */
const operations = 6;

/** Whether an operation has not yet taken effect, has no answer yet, or has been answered and hooks may run. */
const stages = ["asked for", "done", "answered"] as const;

describe("a release on prod that is killed", () => {
  const random = seeded(2026);
  const upTo = (count: number) => Math.floor(random.next().value * count);
  const moments = Array.from({ length: runs }, () => ({
    operation: 1 + upTo(operations),
    stage: stages[upTo(stages.length)]!,
    delay: upTo(500),
  }));

  for (const { operation, stage, delay } of moments) {
    it(`${delay} ms after operation ${operation} is ${stage} leaves an endpoint that serves, and up --refresh brings all in order`, async () => {
      const stack = await serving("prod");
      const seen: { operations: number; run?: CliRun; killed?: Promise<void> } = { operations: 0 };
      stack.cloud.onOperation = async (moment) => {
        if (moment !== (stage === "asked for" ? "begun" : "ended")) return;
        seen.operations += 1;
        if (seen.operations !== operation) return;
        seen.killed = pause(delay).then(() => seen.run?.kill());
        // Until it is killed, the engine waits for its answer; once it is, what was asked for happens all the same.
        if (stage !== "answered") await seen.killed;
      };
      changeModel(stack, "third");
      // A new instance type, too: its autoscaling is taken away for the update, and has to come back.
      stack.configure({ instanceType: "ml.r5.2xlarge" });
      const run = await stack.up({ begun: (begun) => (seen.run = begun) });
      delete stack.cloud.onOperation;
      expect(seen.killed, "killed").to.not.equal(undefined);
      await seen.killed;
      await stack.cancel();
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
