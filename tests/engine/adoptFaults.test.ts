import { expect } from "chai";
import { expectKept, expectRest, expectTurnedBack, missing } from "./adoptLaws.ts";
import type { Run } from "./engineStack.ts";
import { expectMended, seeded } from "./interruptions.ts";
import { lastingProblems } from "./laws.ts";
import { deleteOldStack, deployOldStack, sources, type DeployedOldStack } from "./oldStack.ts";
import type { CliRun } from "./pulumiCli.ts";

describe("a takeover in which each operation fails once", () => {
  for (const source of sources) {
    it(`leaves an endpoint that serves, also without what the old stack doesn't retain: ${source}`, async () => {
      const deployed = await deployOldStack(source, "what is needed");
      const { stack } = deployed;
      const failed = new Set<string>();
      for (;;) {
        const before = failed.size;
        stack.cloud.onOperation = (moment, { kind, name }) => {
          const operation = `${kind} ${name}`;
          if (moment !== "begun" || failed.has(operation)) return;
          failed.add(operation);
          throw new Error("InternalFailure: the stand-in fails this operation");
        };
        const run = await stack.up({ refresh: before > 0 });
        delete stack.cloud.onOperation;
        const now = [...failed].slice(before).join(", ");
        await expectKept(deployed, run, now);
        if (failed.size > before) continue;
        expect(run.code, run.output).to.equal(0);
        break;
      }
      expect(failed.size).to.be.greaterThan(5);
      await expectRest(deployed);
      await deleteOldStack(deployed);
      expect(await lastingProblems(stack, [])).to.deep.equal([]);
      await expectRest(deployed);
      await stack.remove();
    });
  }
});

describe("a takeover of the original in which one operation fails", () => {
  it("leaves an endpoint that serves whichever it is, and up --refresh completes it", async () => {
    const whole = await takeOver();
    expect(whole.failed).to.equal(undefined);
    for (let nth = 1; nth <= whole.operations; nth += 1) {
      const { failed } = await takeOver(nth);
      expect(failed, `operation ${nth} of ${whole.operations}`).to.not.equal(undefined);
    }
  });

  async function takeOver(nth?: number): Promise<{ operations: number; failed?: string }> {
    const deployed = await deployOldStack("the original");
    const { stack } = deployed;
    const seen: { operations: number; failed?: string } = { operations: 0 };
    stack.cloud.onOperation = (moment, { kind, name }) => {
      if (moment !== "begun" || (seen.operations += 1) !== nth) return;
      seen.failed = `${kind} ${name}`;
      throw new Error("InternalFailure: the stand-in fails this operation");
    };
    const run = await stack.up();
    delete stack.cloud.onOperation;
    if (seen.failed === undefined) expect(run.code, run.output).to.equal(0);
    else await expectMended(stack, run);
    await expectKept(deployed, run, seen.failed);
    await stack.remove();
    return seen;
  }
});

describe("a takeover that is killed", () => {
  const random = seeded(23);
  for (const source of sources) {
    const after = 1 + Math.floor(random.next().value * 12);
    it(`after operation ${after} leaves an endpoint that serves, goes back to the old stack, or is completed: ${source}`, async () => {
      const deployed = await deployOldStack(source);
      const { stack } = deployed;
      const run = await killed(deployed, after);
      await expectKept(deployed, run);
      const copy = await stack.fork();
      await expectTurnedBack({ ...deployed, stack: copy }, run);
      await copy.remove();
      await expectMended(stack, run);
      expect(missing(deployed)).to.deep.equal([]);
      expect(await stack.scaled()).to.have.length(source === "with autoscaling" ? 1 : 0);
      await stack.remove();
    });
  }

  /** An `up` that is killed when so many operations have been answered. */
  async function killed({ stack }: DeployedOldStack, operation: number): Promise<Run> {
    const seen: { operations: number; run?: CliRun } = { operations: 0 };
    stack.cloud.onOperation = (moment) => {
      if (moment === "ended" && (seen.operations += 1) === operation) seen.run?.kill();
    };
    const run = await stack.up({ begun: (begun) => (seen.run = begun) });
    delete stack.cloud.onOperation;
    expect(run.code, "killed").to.not.equal(0);
    await stack.cancel();
    return run;
  }
});
