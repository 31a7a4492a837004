import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { endedInTime, runCli } from "../support/cli.ts";
import { startRuntimeEmulator, type RuntimeEmulator } from "../support/runtimeEmulator.ts";

const answer = JSON.stringify({
  model_name: "m",
  outputs: [{ name: "y", datatype: "INT8", shape: [1], data: [1] }],
});

describe("load", function () {
  // Each test starts processes.
  this.timeout(60_000);

  let emulator: RuntimeEmulator;
  const folder = mkdtempSync(path.join(tmpdir(), "load-"));

  before(async () => {
    emulator = await startRuntimeEmulator();
  });

  beforeEach(() => {
    emulator.arrived.length = 0;
    emulator.answer = () => ({ body: answer });
  });

  after(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  const load = (...args: string[]) =>
    runCli(["load", "--input", "x:INT8[1]=1", "--warmup", "0", ...args], emulator.environment);

  it("measures a server and an endpoint, draws a chart, and prints nothing to standard error", async () => {
    const chart = path.join(folder, "chart.html");
    const server = await load("--url", emulator.url, "--rate", "40", "--duration", "0.5", "--chart", chart);
    expect(server).to.include({ code: 0, stderr: "" });
    expect(server.stdout).to.match(/answers +20 \(.*\n +errors +none\n +latency +p50 .* p99\.9 /);
    expect(readFileSync(chart, "utf8")).to.include("<svg").and.include("40 requests a second");
    const endpoint = await load("--endpoint", "penguins", "--rate", "20", "--duration", "0.5", "--json");
    expect(JSON.parse(endpoint.stdout)).to.deep.include({ rate: 20, succeeded: 10, failures: {} });
  });

  it("stops with the reason and exit code 1 if the first request is refused", async () => {
    emulator.answer = () => ({ status: 400, body: '{"error":"no such input"}' });
    expect(await load("--url", emulator.url)).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "error: Triton refuses the request: no such input\n",
    });
  });

  it("counts an answer that isn't KServe's as an error", async () => {
    let answers = 0;
    emulator.answer = () => ({ body: (answers += 1) === 1 ? answer : "null" });
    const { code, stdout, stderr } = await load("--url", emulator.url, "--rate", "40", "--duration", "0.5");
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: "error: no request was answered\n" });
    expect(stdout).to.match(/answers +0 .*\n +errors +20 bad answer/);
  });

  it("suggests settings for a peak", async () => {
    const args = ["--find-capacity", "--p99", "10000", "--start-rate", "20", "--max-rate", "20", "--duration", "0.5"];
    const { stdout, code } = await load("--url", emulator.url, ...args, "--peak", "30");
    expect(code).to.equal(0);
    expect(stdout).to.include("20 requests a second or more").and.include("invocationsPerInstance: 600");
    expect(stdout).to.include("maxCapacity: 3");
  });

  /** Sends Ctrl-C once a number of requests has arrived. */
  async function interrupted(count: number, ...args: string[]) {
    const reached = new Promise<void>((resolve) => {
      let arrived = 0;
      emulator.answer = () => {
        if ((arrived += 1) === count) resolve();
        return { body: answer };
      };
    });
    const command = [
      "commands/bin/sagemaker-triton.js",
      "load",
      "--input",
      "x:INT8[1]=1",
      "--warmup",
      "0",
      "--url",
      emulator.url,
    ];
    const child = spawn(process.execPath, [...command, ...args], endedInTime);
    const ended = once(child, "close");
    const printed = Promise.all([text(child.stdout), text(child.stderr)]);
    await reached;
    child.kill("SIGINT");
    const [stdout, stderr] = await printed;
    const [code] = (await ended) as [number | null];
    return { code, stdout, stderr };
  }

  it("prints what it has measured when it is interrupted, and exits with 130", async () => {
    const measured = await interrupted(30, "--rate", "100", "--duration", "3600");
    expect(measured).to.include({ code: 130, stderr: "" });
    expect(measured.stdout).to.match(/answers +[23]\d \(.*\n +errors +none\n +latency +p50/);
    const args = ["--find-capacity", "--p99", "10000", "--start-rate", "40", "--duration", "0.5"];
    const capacity = await interrupted(30, ...args);
    expect(capacity).to.include({ code: 130, stderr: "" });
    expect(capacity.stdout).to.include("40/s  kept").and.include("40 requests a second or more (ended early)");
  });

  it("refuses contradictory options before sending anything", async () => {
    const refused = async (...args: string[]) => (await load("--url", emulator.url, ...args)).stderr;
    expect(await refused("--rate", "1", "--concurrency", "1")).to.include("use one of them");
    expect(await refused("--find-capacity")).to.include("add --p99");
    expect(await refused("--chart", "a.png")).to.include('"a.png" must end in one of .svg, .html');
    expect(await refused("--chart", "nowhere/a.svg")).to.include("there is no folder nowhere");
    expect(emulator.arrived).to.deep.equal([]);
  });
});
