import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { saveAnswer } from "../../commands/saveAnswer.ts";
import { writeWhole } from "../../packing/partialFile.ts";
import { describeSystemError } from "../../text/systemError.ts";
import { failureOf } from "../support/failures.ts";

const reason = "the disk is full (ENOSPC): make room on it, or use another place";

describe("a full disk", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "full-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is told with the name of the file that --save names", async () => {
    const file = path.join(folder, "answer.json");
    symlinkSync("/dev/full", file);
    const failure = await failureOf(saveAnswer(file, { model_name: "m", outputs: [] }));
    expect(describeSystemError(failure)).to.equal(`${file}: ${reason}`);
  });

  it("is told with the cache's folder and how to choose another one", async () => {
    const failure = await failureOf(
      writeWhole(folder, async () =>
        Promise.reject(
          Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" }),
        ),
      ),
    );
    expect(failure.message).to.equal(
      `the cache ${folder} can't be used: the disk is full (ENOSPC): set XDG_CACHE_HOME to a writable folder`,
    );
  });

  it("is told with the file of the model that doesn't fit into TMPDIR", function () {
    const small = path.join(folder, "small");
    // A file system of 16 KiB that only this process sees.
    const script = `mkdir ${small} && mount -t tmpfs -o size=16k none ${small} && exec "$@"`;
    const args = ["-rm", "sh", "-c", script, "sh", process.execPath, path.resolve("commands/bin/sagemaker-triton.js")];
    const environment = { ...process.env, TMPDIR: small };
    if (spawnSync("unshare", ["-rm", "true"]).status !== 0) return this.skip();
    const { stderr } = spawnSync("unshare", [...args, "start", "--stack", "dev"], {
      encoding: "utf8",
      env: environment,
    });
    expect(stderr).to.match(new RegExp(`error: ${small}/sagemaker-triton-\\S+/opt/ml/model/\\S+:\\s+the disk is full`));
    return undefined;
  }).timeout(100_000);
});
