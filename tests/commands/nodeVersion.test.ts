import { RunError } from "@pulumi/pulumi";
import { expect } from "chai";
import { nodeProblem } from "../../commands/bin/nodeVersion.js";
import stack from "../../stack.js";

describe("a Node.js", () => {
  const { node } = process.versions;
  const become = (version: string) => Object.defineProperty(process.versions, "node", { value: version });
  afterEach(() => become(node));

  it("that runs TypeScript is accepted", () => {
    for (const version of ["22.18.0", "24.0.0"]) {
      become(version);
      expect(nodeProblem(), version).to.equal(undefined);
    }
  });

  it("that doesn't run TypeScript ends the stack's program with one line that says what is needed", async () => {
    become("20.20.2");
    const failure = await stack().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(RunError.isInstance(failure)).to.equal(true);
    expect((failure as Error).message).to.match(
      /^this is Node\.js 20\.20\.2, and Node\.js 22\.18 or newer is needed: .+$/,
    );
  });
});
