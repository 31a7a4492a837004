import { expect } from "chai";
import { runCli } from "../support/cli.ts";

describe("permissions", () => {
  it("prints a policy document and nothing else", async () => {
    const { code, stdout, stderr } = await runCli(["permissions", "--stack", "prod", "--account", "123456789012"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    const { Version, Statement } = JSON.parse(stdout) as { Version: string; Statement: { Effect: string }[] };
    expect(Version).to.equal("2012-10-17");
    expect(Statement.map(({ Effect }) => Effect)).to.include("Allow");
    expect(stdout).to.include("arn:aws:sagemaker:us-east-1:123456789012:endpoint/sagemaker-triton-prod");
  });

  it("prints the policy of the state in place of the stack's", async () => {
    const { code, stdout } = await runCli(["permissions", "--backend", "s3://states", "--preview"]);
    expect(code).to.equal(0);
    expect(stdout).to.include("arn:aws:s3:::states/.pulumi/locks/*").and.not.include("sagemaker");
  });

  it("refuses what isn't an account, a stack or an address in one line each", async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await runCli(["permissions", ...args]);
      expect(code).to.equal(1);
      return stderr.trim();
    };
    expect(await refused("--account", "12")).to.match(
      /^error: option '--account <id>' .* use the account's twelve digits\.$/,
    );
    expect(await refused("--stack", "staging")).to.equal('error: there is no stack "staging": use one of dev, prod');
    expect(await refused("--backend", "file://~")).to.match(
      /^error: --backend: file:\/\/~ isn't in S3: use s3:\/\/.*$/,
    );
  });
});
