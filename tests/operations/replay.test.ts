import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { encodeRequest, type EncodedBody } from "../../inference/index.ts";
import { InvocationError } from "../../operations/invocationError.ts";
import { parseRecord, readCaptured, type CapturedRecord } from "../../operations/replay/captured.ts";
import { replay } from "../../operations/replay/replay.ts";
import { captureLine } from "../support/captures.ts";
import { restoreEnvironment } from "../support/environment.ts";
import { startRuntimeEmulator } from "../support/runtimeEmulator.ts";

const tolerance = { relative: 1e-4, absolute: 1e-6 };
const json = (value: unknown): EncodedBody => ({
  body: Buffer.from(JSON.stringify(value)),
  contentType: "application/json",
});
const answerOf = (value: number): EncodedBody =>
  json({ model_name: "m", outputs: [{ name: "y", datatype: "FP32", shape: [1], data: [value] }] });
const binary = encodeRequest({ inputs: [{ name: "x", datatype: "FP16", shape: [1], data: [1.5] }] }, "binary");

describe("captured traffic", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "captured-"));

  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function all(traffic: string) {
    const found = [];
    for await (const record of readCaptured(traffic)) found.push(record);
    return found;
  }

  it("is read from every .jsonl file of a folder, in order, as text and as Base64", async () => {
    mkdirSync(path.join(folder, "AllTraffic/2026/11"), { recursive: true });
    writeFileSync(path.join(folder, "AllTraffic/2026/11/b.jsonl"), `${captureLine(binary, answerOf(2))}\n\n`);
    writeFileSync(path.join(folder, "AllTraffic/2026/a.jsonl"), `${captureLine(json({ inputs: [] }), answerOf(1))}\n`);
    writeFileSync(path.join(folder, "notes.txt"), "no traffic");
    const records = (await all(folder)) as CapturedRecord[];
    expect(records.map(({ place }) => path.relative(folder, place))).to.deep.equal([
      "AllTraffic/2026/11/b.jsonl:1",
      "AllTraffic/2026/a.jsonl:1",
    ]);
    expect(records[0]!.request).to.deep.equal({ ...binary, body: Buffer.from(binary.body) });
    expect(records[1]!.answer).to.deep.equal(answerOf(1));
  });

  it("that isn't in a file, or has a line longer than any captured one, is refused with its name", async () => {
    const reason = (error: unknown) => (error as Error).message;
    expect(await all("/dev/zero").catch(reason)).to.include("/dev/zero can't be read: it is a device");
    const pipe = path.join(folder, "pipe.jsonl");
    execFileSync("mkfifo", [pipe]);
    expect(await all(pipe).catch(reason)).to.include(`${pipe} can't be read: it is a named pipe`);
    rmSync(pipe);
    const long = path.join(folder, "long.jsonl");
    writeFileSync(long, `{}\n${"x".repeat(40e6)}`);
    expect(await all(long).catch(reason)).to.include(`${long}:2: the line has more than the 37049686 bytes`);
    rmSync(long);
  });

  it("is read from a bucket", async () => {
    const emulator = await startRuntimeEmulator();
    const saved = { ...process.env };
    Object.assign(process.env, emulator.environment);
    emulator.objects.set("bucket/data-capture/a.jsonl", Buffer.from(captureLine(json({ inputs: [] }), answerOf(1))));
    emulator.objects.set("bucket/data-capture/.metadata", Buffer.from("x"));
    try {
      const records = await all("s3://bucket/data-capture/");
      expect(records.map(({ place }) => place)).to.deep.equal(["s3://bucket/data-capture/a.jsonl:1"]);
    } finally {
      restoreEnvironment(saved);
      await emulator.stop();
    }
  });

  it("with an unreadable line reports why, and an empty folder reports what was expected", async () => {
    expect(parseRecord("a:1", "{")).to.have.property("reason");
    expect(parseRecord("a:1", "{}")).to.deep.equal({ place: "a:1", reason: 'it has no "captureData"' });
    expect(parseRecord("a:1", '{"captureData":{"endpointInput":{}}}')).to.have.property("reason");
    const reason = (error: unknown) => (error as Error).message;
    expect(await all("missing").catch(reason)).to.include("there is no missing");
    mkdirSync(path.join(folder, "empty"));
    expect(await all(path.join(folder, "empty")).catch(reason)).to.include("expected .jsonl files");
  });

  it("gets back the header size that its content type lost", () => {
    const line = captureLine({ ...binary, contentType: "application/octet-stream" }, answerOf(1));
    expect((parseRecord("a:1", line) as CapturedRecord).request!.contentType).to.equal(binary.contentType);
  });
});

describe("a replay", () => {
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* records(count: number) {
    for (let index = 0; index < count; index += 1) {
      yield parseRecord(`a:${index + 1}`, captureLine(json({ inputs: [], id: String(index) }), answerOf(index)));
    }
  }
  const idOf = ({ body }: EncodedBody) => Number((JSON.parse(Buffer.from(body).toString()) as { id: string }).id);
  const options = { tolerance, concurrency: 4 };

  it("of an unchanged model finds no differences", async () => {
    const report = await replay(records(100), (request) => Promise.resolve(answerOf(idOf(request))), options);
    expect(report).to.deep.include({
      records: 100,
      compared: 100,
      changed: 0,
      outputs: {},
      examples: [],
      failures: {},
    });
    expect(report.latency).to.have.property("p99");
  });

  it("counts changed answers by output, listing the first ten, and failures by kind", async () => {
    const send = (request: EncodedBody) => {
      const id = idOf(request);
      if (id === 50) return Promise.reject(new InvocationError("refused", "Triton refuses"));
      return Promise.resolve(answerOf(id >= 80 ? id + 0.5 : id));
    };
    const report = await replay(records(100), send, options);
    expect(report).to.deep.include({
      ...{ compared: 99, changed: 20, failures: { refused: 1 }, messages: ["Triton refuses"] },
      outputs: { y: { changed: 20, distance: 0.5 } },
    });
    expect(report.examples).to.have.length(10);
    expect(report.examples[0]).to.have.property("place", "a:81");
  });

  it("skips incomplete records, giving the first reason, and stops at the limit", async () => {
    async function* broken() {
      yield parseRecord("b:1", "{}");
      yield* records(5);
    }
    const report = await replay(broken(), () => Promise.resolve(answerOf(0)), { ...options, limit: 3 });
    expect(report).to.include({ records: 3, compared: 2, skipped: 1, skippedBecause: 'b:1: it has no "captureData"' });
  });

  it("compares what models generate output by output, however a stream is cut into events", async () => {
    const stream = (...texts: string[]): EncodedBody => ({
      body: Buffer.from(
        texts.map((text) => `data: ${JSON.stringify({ model_name: "m", text_output: text })}\n\n`).join(""),
      ),
      contentType: "text/event-stream",
    });
    const replayed = async (was: EncodedBody, is: EncodedBody) => {
      async function* one() {
        yield await Promise.resolve(parseRecord("a:1", captureLine(json({ text_input: "x" }), was)));
      }
      return (await replay(one(), () => Promise.resolve(is), options)).outputs;
    };
    expect(await replayed(stream("a", "b"), stream("ab"))).to.deep.equal({});
    expect(await replayed(stream("a", "b"), stream("ac"))).to.deep.equal({ text_output: { changed: 1 } });
    const scored = (text: string, score: number) => json({ model_name: "m", text_output: text, score });
    expect(await replayed(scored("a", 1), scored("a", 1.00001))).to.deep.equal({});
    expect(await replayed(scored("a", 1), scored("a", 1.5))).to.deep.equal({ score: { changed: 1, distance: 0.5 } });
    expect(await replayed(scored("a", 1), json([1]))).to.deep.equal({ "the answer": { changed: 1 } });
  });
});
