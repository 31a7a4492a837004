import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { decodeResponse, encodeRequest, type Tensor } from "../../inference/index.ts";
import { readNpy } from "../../inference/npy.ts";
import { runCli } from "../support/cli.ts";
import { onnxBytes, smallModel } from "../support/onnxFiles.ts";
import { writePieces } from "../support/repository.ts";
import { startRuntimeEmulator, type RuntimeEmulator } from "../support/runtimeEmulator.ts";

const answer = {
  model_name: "pen\u001bguins",
  outputs: [
    { name: "species", datatype: "BYTES", shape: [1], data: ["Gentoo\u001b[2J"] },
    { name: "count", datatype: "INT64", shape: [1], data: [7] },
  ],
};
const exact = JSON.stringify(answer).replace("[7]", "[9007199254740993]");

describe("invoke", function () {
  // Each test starts processes.
  this.timeout(60_000);

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

  const invoke = (...args: string[]) => runCli(["invoke", ...args], emulator.environment);

  /** A request of another protocol than KServe's. */
  function generate(): string {
    const file = path.join(folder, "generate.json");
    writeFileSync(file, '{"text_input":"a"}');
    return file;
  }

  it("sends values to an endpoint and prints the answer as a table, with control characters escaped", async () => {
    const { code, stdout, stderr } = await invoke("--endpoint", "penguins", "--input", "x:FP32[1,1]=1.5");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.include("pen\\u001bguins at endpoint penguins").and.include("Gentoo\\u001b[2J");
    expect(stdout).to.include("9007199254740993").and.not.include("\u001b");
    expect(emulator.arrived[0]?.path).to.equal("/endpoints/penguins/invocations");
  });

  it("prints JSON with exact integers, and saves arrays that numpy can read", async () => {
    const file = path.join(folder, "count.npy");
    const one = { ...answer, outputs: [{ name: "count", datatype: "FP16", shape: [2], data: [1.5, 2] }] };
    expect((await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", "--json")).stdout).to.include(
      "9007199254740993",
    );
    emulator.answer = () => ({ body: JSON.stringify(one) });
    expect((await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", "--save", file)).code).to.equal(0);
    expect(readNpy("count", readFileSync(file)).data).to.deep.equal(Float32Array.of(1.5, 2));
  });

  it("loses no byte of a string: not on the terminal, not as JSON, not in a file", async () => {
    const values = [Buffer.of(0xff, 0xd8, 0xff, 0xe0, 0), Buffer.from('a, "b"'), Buffer.alloc(0)];
    const outputs: Tensor[] = [
      { name: "image", datatype: "BYTES", shape: [3], data: values },
      { name: "zero", datatype: "FP32", shape: [1], data: Float32Array.of(-0) },
    ];
    const { body, contentType } = encodeRequest({ inputs: outputs }, "binary");
    const header = body.length - 4 - values.reduce((sum, { length }) => sum + 4 + length, 0);
    const text = Buffer.from(body.subarray(0, header)).toString().replace('"inputs"', '"outputs"');
    const size = { "content-type": contentType.replace(/\d+$/, String(text.length)) };
    emulator.answer = () => ({ headers: size, body: Buffer.concat([Buffer.from(text), body.subarray(header)]) });

    const shown = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1");
    expect(shown.stdout).to.include('JPEG image, 5 bytes: ff d8 ff e0 00, "a, \\"b\\"", ""').and.not.include("\ufffd");
    const printed = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", "--json");
    expect(printed.stdout).to.include('"b64": "/9j/4AA="').and.include("-0.0");
    expect(decodeResponse(printed.stdout).outputs).to.deep.equal(outputs);

    const file = path.join(folder, "lost.npz");
    const saved = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", "--save", file);
    expect(saved.code).to.equal(1);
    expect(saved.stderr).to.include('"image" has a string that ends in a zero byte').and.include("save it as .json");
    expect(existsSync(file)).to.equal(false);
  });

  it("describes an answer that isn't the text it says it is", async () => {
    const image = Buffer.of(0xff, 0xd8, 0xff, 0xe0);
    emulator.answer = () => ({ body: image });
    expect((await invoke("--url", emulator.url, generate())).stdout).to.equal(
      "application/json: JPEG image, 4 bytes: ff d8 ff e0; use --json for all\n",
    );
    expect(JSON.parse((await invoke("--url", emulator.url, generate(), "--json")).stdout)).to.deep.equal({
      contentType: "application/json",
      base64: image.toString("base64"),
    });
    expect((await invoke("--url", emulator.url, "--input", "x:INT8[1]=1")).stderr).to.include(
      "it is no text (JPEG image, 4 bytes: ff d8 ff e0)",
    );
    emulator.answer = () => ({ pieces: ["data: a", image] });
    const streamed = await invoke("--url", emulator.url, generate(), "--stream");
    expect(streamed.code).to.equal(1);
    expect(streamed.stderr).to.include("--stream: the answer isn't text").and.include("use --json without --stream");
  });

  it("prints an answer even if it can't be saved", async () => {
    const output = { name: "count", datatype: "FP16", shape: [2], data: [1.5, 2] };
    emulator.answer = () => ({ body: JSON.stringify({ ...answer, outputs: [output, { ...output, name: "sum" }] }) });
    const saving = ["--input", "x:INT8[1]=1", "--save", path.join(folder, "two.npy")];
    const { code, stdout, stderr } = await invoke("--url", emulator.url, ...saving);
    expect(code).to.equal(1);
    expect(stdout).to.include("count").and.include("1.5, 2");
    expect(stderr).to.include("--save: the answer has 2 outputs, but a .npy file holds one: use .npz");
  });

  it("sends the stack's model's example request by default", async () => {
    const { code } = await invoke("--url", emulator.url, "--stack", "dev");
    expect(code).to.equal(0);
    expect(JSON.parse(emulator.arrived[0]!.body.toString())).to.deep.equal(
      JSON.parse(readFileSync("models/penguins/request.json", "utf8")),
    );
  });

  it("gives values the type and the shape of the configuration that an ONNX model is loaded with", async () => {
    const repository = path.join(folder, "repository");
    writePieces({ "m/1/": "", "m/config.pbtxt": 'input { name: "x" data_type: TYPE_FP32 dims: 4 }' }, repository);
    writeFileSync(path.join(repository, "m/1/model.onnx"), onnxBytes(smallModel));
    const asked = (...args: string[]) => invoke("--url", emulator.url, "--model-repository", repository, ...args);
    expect(await asked("--input", "x=1,2,3,4", "--form", "json")).to.deep.include({ code: 0, stderr: "" });
    expect(await asked("--form", "json")).to.deep.include({ code: 0, stderr: "" });
    const [given, zeros] = emulator.arrived.map(({ body }) => body);
    expect(JSON.parse(given!.toString())).to.deep.equal({
      inputs: [{ name: "x", datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }],
    });
    expect(zeros!.toString()).to.include('"shape":[1,4]');
  });

  it("says that a model doesn't name its inputs, if its repository is known", async () => {
    const repository = path.join(folder, "silent");
    writePieces({ "m/1/model.py": "", "m/config.pbtxt": 'backend: "python"' }, repository);
    const { code, stderr } = await invoke("--url", emulator.url, "--model-repository", repository, "--input", "x=1");
    expect(code).to.equal(1);
    expect(stderr).to.include("neither the model's config.pbtxt nor its file names its inputs: write it as x:FP32=");
  });

  it("never sends one stack's example to a server that doesn't say which model it serves", async () => {
    const { code, stdout, stderr } = await invoke("--url", emulator.url);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.equal(
      `error: ${emulator.url} doesn't say which model it serves, so there is nothing to send: name a file, use --input NAME:TYPE[SHAPE]=VALUES, or --stack or --model-repository for a model's example request\n`,
    );
    expect((await invoke("--url", emulator.url, "--input", "x=1")).stderr).to.include("write it as x:FP32=…");
    expect((await runCli(["load", "--url", emulator.url], emulator.environment)).stderr).to.equal(stderr);
    expect(emulator.arrived).to.deep.equal([]);
  });

  it("prints a streamed answer as it arrives, and whatever answers a request that isn't KServe's unchanged", async () => {
    emulator.answer = () => ({ pieces: ["data: é", "data: \u001b[2J"] });
    const streamed = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", "--stream");
    expect(streamed.stdout).to.equal("data: édata: \\u001b[2J\n");
    emulator.answer = () => ({ body: '{"text_output":"a"}' });
    expect((await invoke("--url", emulator.url, generate())).stdout).to.equal('{"text_output":"a"}\n');
  });

  it("uploads an async request to the bucket, and prints where the answer will be or waits for it", async () => {
    const output = "s3://models/async-inference/output/1.out";
    emulator.answer = () => ({ status: 202, headers: { "x-amzn-sagemaker-outputlocation": output }, body: "{}" });
    const args = ["--endpoint", "penguins", "--async", "--bucket", "models", "--input", "x:INT8[1]=1"];
    expect((await invoke(...args, "--no-wait")).stdout).to.equal(`The answer will be in ${output}\n`);
    emulator.objects.set("models/async-inference/output/1.out", Buffer.from(exact));
    expect((await invoke(...args)).stdout).to.include("9007199254740993");
  });

  it("transposes a table that is wider than the terminal", async () => {
    const input = (name: string) => ["--input", `${name.repeat(30)}:FP32[1,1]=1.5`];
    const { stdout } = await invoke("--url", emulator.url, ...input("a"), ...input("b"), ...input("c"));
    expect(Math.max(...stdout.split("\n").map(({ length }) => length))).to.be.at.most(80);
    expect(stdout).to.match(/^ {2}count +9007199254740993$/m);
  });

  it("prints only JSON with --json, even if the answer isn't JSON", async () => {
    emulator.answer = () => ({ headers: { "content-type": "text/plain" }, body: "hello" });
    const plain = await invoke("--url", emulator.url, generate(), "--json");
    expect(JSON.parse(plain.stdout)).to.deep.equal({ contentType: "text/plain", text: "hello" });
    emulator.answer = () => ({ headers: { "content-type": "image/png" }, body: Buffer.of(0xff) });
    const bytes = await invoke("--url", emulator.url, generate(), "--json");
    expect(JSON.parse(bytes.stdout)).to.deep.equal({ contentType: "image/png", base64: "/w==" });
  });

  it("refuses an answer with a broken header", async () => {
    const broken = (size: string) => ({
      headers: { "content-type": `application/vnd.sagemaker-triton.binary+json${size}` },
      body: '{"model_name":"m","outputs":[]}',
    });
    for (const [size, reason] of [
      [";json-header-size=9999", "the body has 31 bytes, fewer than its json-header-size=9999"],
      [";json-header-size=5", "the body isn't JSON"],
    ] as const) {
      emulator.answer = () => broken(size);
      const { code, stdout, stderr } = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1");
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      expect(stderr)
        .to.match(/^error: the answer isn't KServe's: [^\n]*\n$/)
        .and.include(reason);
    }
  });

  it("refuses conflicting options and unwritable files before sending anything", async () => {
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await invoke("--url", emulator.url, "--input", "x:INT8[1]=1", ...args);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      return stderr;
    };
    expect(await refused("--stream", "--json")).to.include("--json, which needs the whole answer: use one of them");
    expect(await refused("--stream", "--save", "a.npz")).to.include("--save, which needs the whole answer");
    expect(await refused("--no-wait")).to.include("--no-wait needs --async");
    expect(await refused("--save", "a.txt")).to.include('"a.txt" must end in one of .json, .npy, .npz');
    expect(await refused("--save", "nowhere/a.npz")).to.include("there is no folder nowhere to write a.npz to");
    expect(emulator.arrived).to.deep.equal([]);
  });

  it("requests a streamed answer as JSON, which can be split as it arrives", async () => {
    emulator.answer = () => ({ pieces: ["data: {}"] });
    await invoke("--url", emulator.url, "--input", "x:FP64[1]=0.1234567890123456", "--stream");
    expect(JSON.parse(emulator.arrived[0]!.body.toString())).to.deep.equal({
      inputs: [{ name: "x", datatype: "FP64", shape: [1], data: [0.1234567890123456] }],
    });
  });

  it("names the existing models if the requested one doesn't exist", async () => {
    const { stderr } = await invoke(
      "--url",
      emulator.url,
      "--stack",
      "dev",
      "--default-model",
      "nobody",
      "--input",
      "x=1",
    );
    expect(stderr).to.match(/^error: there is no model "nobody" in the repository: it has penguins, .*\n$/);
  });

  it("fails with one line, exit code 1 and no stack trace", async () => {
    emulator.answer = () => ({ status: 400, body: '{"error":"unexpected \\u001b input"}' });
    expect(await invoke("--url", emulator.url, "--input", "x:INT8[1]=1")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "error: Triton refuses the request: unexpected \\u001b input\n",
    });
  });
});
