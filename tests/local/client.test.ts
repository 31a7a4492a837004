import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { httpSender } from "../../operations/httpSender.ts";
import { encodeRequest, type InputTensor } from "../../inference/index.ts";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { captureLine } from "../support/captures.ts";
import { runCli } from "../support/cli.ts";

const records = 10_000;
/** The records repeat this many requests and their answers. */
const requests = 1000;

/** Numbers that are the same in each run. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const run = (...args: string[]) => runCli(args);

describe("the client with a real Triton", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "client-test-"));
  const traffic = path.join(folder, "captured");
  let triton: RunningTriton;

  before(async function () {
    this.timeout(600_000);
    const directory = path.join(folder, "model");
    cpSync("models", directory, { recursive: true });
    mkdirSync(path.join(directory, "penguins/1"), { recursive: true });
    triton = await startTriton({
      ...{ installation: await installTriton(), modelDirectory: directory, port: 0, startupTimeoutInSeconds: 60 },
      environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins", SAGEMAKER_TRITON_LOG_VERBOSE: "false" },
    });
    await capture();
  });

  after(async () => {
    await triton.stop();
    rmSync(folder, { recursive: true });
  });

  /** Has the model answer 1,000 penguins, half of them as JSON, half of them as binary tensors, and captures each ten times. */
  async function capture(): Promise<void> {
    const sender = httpSender(triton.url);
    const random = randomNumbers(7);
    const between = (least: number, most: number) => least + random.next().value * (most - least);
    const input = (name: string, value: number): InputTensor => ({
      ...{ name, datatype: "FP32", shape: [1, 1] },
      data: Float32Array.of(value),
    });
    const sent = Array.from({ length: requests }, (_, index) => {
      const inputs = [
        input("bill_length_mm", between(32, 60)),
        input("bill_depth_mm", between(13, 22)),
        input("flipper_length_mm", between(172, 231)),
        input("body_mass_g", between(2700, 6300)),
      ];
      return encodeRequest({ inputs }, index % 2 === 0 ? "json" : "binary");
    });
    const answers: Awaited<ReturnType<typeof sender.send>>[] = [];
    const left = sent.entries();
    const work = async () => {
      for (const [index, request] of left) answers[index] = await sender.send(request);
    };
    await Promise.all(Array.from({ length: 16 }, work));
    sender.close();
    const lines = Array.from({ length: records }, (_, index) =>
      captureLine(sent[index % requests]!, answers[index % requests]!, String(index)),
    );
    mkdirSync(path.join(traffic, "AllTraffic"), { recursive: true });
    writeFileSync(path.join(traffic, "AllTraffic/one.jsonl"), `${lines.slice(0, records / 2).join("\n")}\n`);
    writeFileSync(path.join(traffic, "AllTraffic/two.jsonl"), `${lines.slice(records / 2).join("\n")}\n`);
  }

  it("invokes the model with typed values, and saves arrays as the Python client would read them", async () => {
    const inputs = ["bill_length_mm=39.1", "bill_depth_mm=18.7", "flipper_length_mm=181", "body_mass_g=3750"];
    const { code, stdout } = await run(
      ...["invoke", "--url", triton.url, "--json", "--model-repository", "models", "--default-model", "penguins"],
      ...inputs.flatMap((input) => ["--input", input]),
    );
    expect(code).to.equal(0);
    const { outputs } = JSON.parse(stdout) as { outputs: { name: string; data: unknown[] }[] };
    expect(outputs.find(({ name }) => name === "species")?.data).to.deep.equal(["Adelie"]);
  });

  it("loads the model at a rate and answers every request", async () => {
    const args = ["load", "models/penguins/request.json", "--url", triton.url, "--json"];
    const { stdout } = await run(...args, "--rate", "20", "--duration", "2", "--warmup", "0.5");
    const result = JSON.parse(stdout) as { succeeded: number; failures: object; latency: { p50: number } };
    expect(result.failures).to.deep.equal({});
    expect(result.succeeded).to.equal(40);
    expect(result.latency.p50).to.be.greaterThan(0);
  });

  it("replays 10,000 records against an unchanged model without a difference", async function () {
    this.timeout(600_000);
    const { code, stdout } = await run("replay", traffic, "--stack", "dev", "--json");
    const report = JSON.parse(stdout) as object;
    expect(report).to.deep.include({ compared: records, changed: 0, outputs: {}, failures: {}, skipped: 0 });
    expect(code).to.equal(0);
  });

  it("detects a single changed weight, and exits with 1", async function () {
    this.timeout(600_000);
    const candidate = path.join(folder, "candidate");
    cpSync("models", candidate, { recursive: true });
    const file = path.join(candidate, "penguins_classifier/1/weights.json");
    const weights = JSON.parse(readFileSync(file, "utf8")) as { weights: number[][] };
    weights.weights[0]![0]! += 0.05;
    writeFileSync(file, JSON.stringify(weights));
    const args = ["--model-repository", candidate, "--default-model", "penguins"];
    const { code, stdout, stderr } = await run("replay", traffic, "--limit", "500", ...args);
    expect(stdout).to.match(/changed +[1-9]\d*\n +probabilities: \d+, by 0\.0/);
    expect(stderr).to.match(/^error: \d+ answers changed or failed, more than --max-changed 0\n$/);
    expect(code).to.equal(1);
    const allowed = await run("replay", traffic, "--limit", "500", ...args, "--max-changed", "100%");
    expect(allowed.code).to.equal(0);
  });
});
