import { expect } from "chai";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { endedInTime, runCli } from "../support/cli.ts";

/** Nothing listens there. */
const deadProxy = "http://127.0.0.1:9";

describe("a command in an unusual network", () => {
  for (const variable of ["http_proxy", "https_proxy", "grpc_proxy", "HTTPS_PROXY"]) {
    it(`plans without using the proxy in ${variable}`, async () => {
      const { code, stderr } = await runCli(["plan"], { [variable]: deadProxy, no_proxy: "example.com" });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    });
  }

  it("says at once that the loopback interface is down", async function () {
    // Some systems only let root create network namespaces.
    const alone = ["--net", "--user", "--map-root-user", "--"];
    if (spawnSync("unshare", [...alone, "true"]).status !== 0) this.skip();
    const plan = [process.execPath, "commands/bin/sagemaker-triton.js", "plan"];
    const child = spawn("unshare", [...alone, ...plan], endedInTime);
    const ended = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(await ended).to.deep.equal([1, null]);
    expect({ stdout, stderr }).to.deep.equal({
      stdout: "",
      stderr:
        "error: 127.0.0.1 can't be reached (ENETUNREACH): the loopback interface is down, or a firewall is in the way. Linux: ip link set lo up\n",
    });
  });
});
