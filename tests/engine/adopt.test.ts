import { expect } from "chai";
import { doneBy, expectKept, expectRest, expectTurnedBack, missing } from "./adoptLaws.ts";
import { startCalling } from "./callers.ts";
import { lastingProblems } from "./laws.ts";
import { deleteLeftOver, deleteOldStack, deployOldStack, sources } from "./oldStack.ts";
import { types } from "./types.ts";

describe("an endpoint that another tool made", () => {
  for (const source of sources) {
    it(`is taken over, and either serves on without the old stack or goes back to it: ${source}`, async () => {
      const deployed = await deployOldStack(source);
      const { stack, adoption } = deployed;
      expect(adoption.problems).to.deep.equal([]);
      const preview = await stack.preview();
      expect(preview.code, preview.output).to.equal(0);
      const run = await stack.up();
      expect(run.code, run.output).to.equal(0);
      await expectKept(deployed, run);
      expect(run.operations.filter(({ kind }) => kind === "delete")).to.deep.equal([]);
      const kept = [
        types.endpoint,
        ...(adoption.settings.bucketName ? [types.bucket, types.repository] : []),
      ] as string[];
      expect(run.operations.filter(({ kind, type }) => kind === "create" && kept.includes(type))).to.deep.equal([]);
      const [endpoint] = await stack.serves();
      expect(endpoint?.configuration).to.match(/^triton-server-configuration-/);

      const copy = await stack.fork();
      await expectTurnedBack({ ...deployed, stack: copy });
      await copy.remove();

      await expectRest(deployed);
      stack.configure({ takeOver: undefined });
      await expectRest(deployed);
      await deleteOldStack(deployed);
      expect(missing(deployed)).to.deep.equal([]);
      await deleteLeftOver(deployed);
      expect(missing(deployed)).to.have.length.of.at.least(2);
      expect(await lastingProblems(stack, [])).to.deep.equal([]);
      await expectRest(deployed);
      await stack.remove();
    });
  }
});

describe("the original's callers", () => {
  it("get every answer while it is adopted, changed once and its old stack is deleted", async () => {
    const deployed = await deployOldStack("the original", "what is needed");
    const { stack } = deployed;
    const callers = startCalling(stack, "sagemaker-endpoint");
    const ups = [await stack.up()];
    stack.configure({
      takeOver: undefined,
      modelDataUrl: undefined,
      modelRepository: "models",
      defaultModelName: "penguins",
    });
    ups.push(await stack.up());
    await deleteOldStack(deployed);
    ups.push(await stack.up({ refresh: true }));
    const { sent, lost } = await callers.stop();
    for (const { code, output } of ups) expect(code, output).to.equal(0);
    expect(ups.map(doneBy).at(-1)).to.deep.equal([]);
    expect(missing(deployed)).to.not.deep.equal([]);
    expect(await lastingProblems(stack, ups)).to.deep.equal([]);
    expect(lost).to.deep.equal([]);
    expect(sent).to.be.greaterThan(20);
    await stack.remove();
  });
});
