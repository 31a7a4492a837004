import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { readNpy } from "../../client/npy.ts";
import { startRuntimeEmulator, type RuntimeEmulator } from "../support/runtimeEmulator.ts";

const answer = {
  model_name: "pen\u001bguins",
  outputs: [
    { name: "species", datatype: "BYTES", shape: [1], data: ["Gentoo\u001b[2J"] },
    { name: "count", datatype: "INT64", shape: [1], data: [7] },
  ],
};
const exact = JSON.stringify(answer).replace("[7]", "[9007199254740993]");

describe("invoke", () => {
  let emulator: RuntimeEmulator;
  const folder = mkdtempSync(path.join(tmpdir(), "invoke-"));

  before(async () => {
    emulator = await startRuntimeEmulator();
  });

  beforeEach(() => {
    emulator.arrived.length = 0;
    emulator.answer = () => ({ body: exact });
  });

  after(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  async function invoke(...args: string[]) {
    const child = spawn(process.execPath, ["bin/sagemaker-triton.js", "invoke", ...args], {
      env: { ...process.env, ...emulator.environment },
    });
    const ended = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await ended) as [number | null];
    return { code, stdout, stderr };
  }

  it("sends values to an endpoint and prints the answer as a table that no terminal obeys", async () => {
    const { code, stdout, stderr } = await invoke("--endpoint", "penguins", "--input", "x:FP32[1,1]=1.5");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.include("pen\\u001bguins at endpoint penguins").and.include("Gentoo\\u001b[2J");
    expect(stdout).to.include("9007199254740993").and.not.include("\u001b");
    expect(emulator.arrived[0]?.path).to.equal("/endpoints/penguins/invocations");
  });

  it("prints JSON with exact integers, and saves arrays that numpy reads", async () => {
    const file = path.join(folder, "count.npy");
    const one = { ...answer, outputs: [{ name: "count", datatype: "FP16", shape: [2], data: [1.5, 2] }] };
    expect((await invoke("--url", emulator.url, "--input", "x:INT8=1", "--json")).stdout).to.include(
      "9007199254740993",
    );
    emulator.answer = () => ({ body: JSON.stringify(one) });
    expect((await invoke("--url", emulator.url, "--input", "x:INT8=1", "--save", file)).code).to.equal(0);
    expect(readNpy("count", readFileSync(file)).data).to.deep.equal(Float32Array.of(1.5, 2));
  });

  it("sends the request that comes with the stack's model where none is given", async () => {
    const { code } = await invoke("--url", emulator.url);
    expect(code).to.equal(0);
    expect(JSON.parse(emulator.arrived[0]!.body.toString())).to.deep.equal(
      JSON.parse(readFileSync("models/penguins/request.json", "utf8")),
    );
  });

  it("prints a streamed answer as it comes, and an answer that is no KServe response as it is", async () => {
    emulator.answer = () => ({ pieces: ["data: é", "data: \u001b[2J"] });
    const streamed = await invoke("--url", emulator.url, "--input", "x:INT8=1", "--stream");
    expect(streamed.stdout).to.equal("data: édata: \\u001b[2J\n");
    emulator.answer = () => ({ body: '{"text_output":"a"}' });
    expect((await invoke("--url", emulator.url, "--input", "x:INT8=1")).stdout).to.equal('{"text_output":"a"}\n');
  });

  it("puts an async request into the bucket, and prints where the answer will be or waits for it", async () => {
    const output = "s3://models/async-inference/output/1.out";
    emulator.answer = () => ({ status: 202, headers: { "x-amzn-sagemaker-outputlocation": output }, body: "{}" });
    const args = ["--endpoint", "penguins", "--async", "--bucket", "models", "--input", "x:INT8=1"];
    expect((await invoke(...args, "--no-wait")).stdout).to.equal(`The answer will be in ${output}\n`);
    emulator.objects.set("models/async-inference/output/1.out", Buffer.from(exact));
    expect((await invoke(...args)).stdout).to.include("9007199254740993");
  });

  it("fails in one line, with 1 and without a stack", async () => {
    emulator.answer = () => ({ status: 400, body: '{"error":"unexpected \\u001b input"}' });
    expect(await invoke("--url", emulator.url, "--input", "x:INT8=1")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "error: Triton refuses the request: unexpected \\u001b input\n",
    });
  });
});
