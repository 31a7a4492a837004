import { expect } from "chai";
import { setTimeout as pause } from "node:timers/promises";
import type { EngineStack } from "./engineStack.ts";
import { expectMended } from "./interruptions.ts";
import type { CliRun } from "./pulumiCli.ts";
import { changeModel, serving } from "./stacks.ts";
import { types } from "./types.ts";

describe("what a run says", () => {
  let stack: EngineStack;
  afterEach(() => stack.remove());

  describe("after Ctrl-C while the endpoint is updated", () => {
    for (const [what, times, wait, said] of [
      ["an update that ends soon is verified all the same", 1, 1000, /error: update canceled/],
      [
        "an update that takes longer is named, with the command that completes it",
        1,
        7000,
        /error: this run was ended while SageMaker works on the endpoint sagemaker-triton-dev, so its outcome isn't known\. Nothing is deleted\. To complete it: npm run up -- --stack dev --refresh/,
      ],
      ["the same command completes it after a second Ctrl-C", 2, 500, /\^C received; terminating/],
    ] as const) {
      it(what, async () => {
        stack = await serving("dev");
        const seen: { run?: CliRun } = {};
        stack.cloud.onOperation = async (moment, { type }) => {
          if (moment !== "begun" || type !== types.endpoint) return;
          for (let i = 0; i < times; i += 1) {
            seen.run?.interrupt();
            await pause(wait);
          }
        };
        changeModel(stack, "another");
        const run = await stack.up({ begun: (begun) => (seen.run = begun) });
        delete stack.cloud.onOperation;
        expect(run.code).to.not.equal(0);
        expect(run.output).to.match(said);
        await expectMended(stack, run);
      });
    }
  });

  it("leaves the endpoint out with --exclude: it is named as the reason, not a rollback", async () => {
    stack = await serving("dev");
    changeModel(stack, "another");
    const excluded = "urn:pulumi:dev::sagemaker-triton::**::triton-server-endpoint";
    const { code, output } = await stack.up({ args: ["--exclude", excluded] });
    expect(code).to.not.equal(0);
    expect(output).to.match(/error: the endpoint sagemaker-triton-dev serves \S+, not \S+: this run didn't update it/);
    expect(output).to.include("--stack dev --refresh");
    expect(output).to.not.include("rolled");
  });

  for (const refresh of [false, true]) {
    it(`with another account's credentials: whose they are, before anything else${refresh ? ", also with --refresh" : ""}`, async () => {
      stack = await serving("dev");
      stack.cloud.account = "111111111111";
      changeModel(stack, "another");
      const { code, output, operations } = await stack.up({ refresh });
      expect(code).to.not.equal(0);
      expect(output).to.include(
        "error: these are the credentials of account 111111111111 (us-east-1), but the stack's endpoint sagemaker-triton-dev is in account 123456789012 (us-east-1): sign in to that account",
      );
      expect(operations).to.deep.equal([]);
      expect((await stack.preview()).output).to.include("these are the credentials of account 111111111111");
    });
  }
});
