import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { pulumiCli } from "../../operations/pulumiCli.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const bin = path.resolve("commands/bin/sagemaker-triton.js");

describe("the Pulumi CLI", () => {
  it("is the user's installed one, else a launcher on the PATH, else this project's", async () => {
    await inTemporaryFolder((directory) => {
      writeFiles(directory, { "node_modules/.bin/pulumi": "#!/bin/sh\n", "bin/pulumi": "#!/bin/sh\n" });
      for (const file of ["node_modules/.bin/pulumi", "bin/pulumi"]) chmodSync(path.join(directory, file), 0o755);
      const [launchers, installed] = [path.join(directory, "node_modules/.bin"), path.join(directory, "bin")];
      expect(pulumiCli(`${launchers}:${installed}`)).to.equal(path.join(installed, "pulumi"));
      expect(pulumiCli(`${directory}:${launchers}`)).to.equal(path.join(launchers, "pulumi"));
      expect(pulumiCli("")).to.equal(path.resolve("node_modules/.bin/pulumi"));
      return Promise.resolve();
    });
  });
});

describe("npm run destroy", () => {
  it("lets the engine run the program, which guards what is deleted, and tells it what for", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "Pulumi.yaml": "name: other\nruntime: nodejs\n",
        pulumi: '#!/bin/sh\necho "$*" "${SAGEMAKER_TRITON_DESTROYS-no}"\n',
      });
      chmodSync(path.join(directory, "pulumi"), 0o755);
      const env = { PATH: directory, HOME: directory, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" };
      const printed = async (command: string) =>
        (await promisify(execFile)(process.execPath, [bin, command, "--stack", "dev"], { cwd: directory, env })).stdout;
      expect(await printed("destroy")).to.equal("destroy --run-program --stack dev true\n");
      expect(await printed("up")).to.equal("up --stack dev no\n");
    });
  });
});

describe("npm run up", () => {
  it("says in one line that there are no AWS credentials, and what to set", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "Pulumi.yaml": "name: other\nruntime: nodejs\n",
        "Pulumi.dev.yaml": "config: { aws:region: us-east-1 }\n",
        pulumi: "#!/bin/sh\necho called\n",
      });
      chmodSync(path.join(directory, "pulumi"), 0o755);
      const env = { PATH: directory, HOME: directory, AWS_EC2_METADATA_DISABLED: "true" };
      const failure = await run(directory, env).catch((error: unknown) => error as { code: number; stderr: string });
      expect(failure).to.include({ code: 1 });
      expect(failure.stderr).to.match(/^error: there are no AWS credentials: set AWS_PROFILE .*\n$/);
      const { stdout } = await run(directory, { ...env, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" });
      expect(stdout).to.equal("called\n");
    });
  });

  it("that is interrupted ends with the one command that completes it, also after a second Ctrl-C", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "Pulumi.yaml": "name: other\nruntime: nodejs\n",
        "Pulumi.dev.yaml": "config:\n  aws:profile: some\n",
        pulumi: "#!/bin/sh\ntrap '' INT\nkill -INT $PPID\nkill -INT $PPID\nsleep 1\nexit 8\n",
      });
      chmodSync(path.join(directory, "pulumi"), 0o755);
      const env = { PATH: `${directory}:/usr/bin:/bin`, HOME: directory };
      const failure = await run(directory, env).catch((error: unknown) => error as { code: number; stderr: string });
      expect(failure).to.deep.include({
        code: 8,
        stderr:
          "error: the update was interrupted. To complete it: npm run up -- --stack dev --refresh (if the stack is locked, first: npx pulumi cancel --stack dev)\n",
      });
    });
  });

  function run(cwd: string, env: NodeJS.ProcessEnv) {
    return promisify(execFile)(process.execPath, [bin, "up", "--stack", "dev"], { cwd, env });
  }
});
