import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { endedInTime } from "../support/cli.ts";
import { foldersLeftBy, npmStart, processesLeftBy, signalAt } from "../support/npmStart.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { endlessCode, pythonModel } from "../support/pythonModels.ts";

describe("npm start", () => {
  it("ends silently if its output is closed, and leaves neither process nor folder", async () => {
    const child = spawn(process.execPath, ["commands/bin/sagemaker-triton.js", "start", "--port", "0"], endedInTime);
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, errors }).to.deep.equal({ code: 0, errors: "" });
    expect(await processesLeftBy(child.pid ?? 0)).to.deep.equal([]);
    expect(foldersLeftBy(child.pid ?? 0)).to.deep.equal([]);
  });

  const endless = async (folder: string, signal: NodeJS.Signals) => {
    writeFiles(folder, pythonModel("endless", endlessCode));
    const args = ["--port", "0", "--verbose", "--model-repository", folder];
    const ended = await npmStart(args, signalAt("[model] loading", signal));
    expect(ended.output).to.include("[model] loading");
    return ended;
  };

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends on ${signal} while a model is loading, and leaves neither process nor folder`, async () => {
      await inTemporaryFolder(async (folder) => {
        const { code, pid } = await endless(folder, signal);
        expect(code).to.equal(130);
        expect(await processesLeftBy(pid)).to.deep.equal([]);
        expect(foldersLeftBy(pid)).to.deep.equal([]);
      });
    });
  }

  it("leaves no process when it is killed outright", async () => {
    await inTemporaryFolder(async (folder) => {
      const { code, pid } = await endless(folder, "SIGKILL");
      expect(code).to.equal(null);
      expect(await processesLeftBy(pid)).to.deep.equal([]);
    });
  });
});
