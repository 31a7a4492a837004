import { expect } from "chai";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeRequest, plainValues } from "../../inference/index.ts";
import { loadedConfigs } from "../../commands/loadedConfigs.ts";
import { launchTriton, type LaunchedTriton } from "../../local/launchTriton.ts";
import { addOnnxRuntime } from "../../local/onnxRuntime.ts";
import { installTriton } from "../../local/triton.ts";
import { tritonOfRun } from "../../local/tritonOfRun.ts";
import { readModelFolder } from "../../packing/folder.ts";
import { writeFiles } from "../support/plans.ts";

const example = "examples/onnx/models/digits";
const digits = decodeRequest(readFileSync(path.join(example, "request.json")), "application/json").inputs[0]!;
const rows = Array.from({ length: 3 }, (_, row) => plainValues("FP32", digits.data).slice(row * 64, (row + 1) * 64));
const labels = [0, 4, 7];

const words = `import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(pb_utils.get_input_tensor_by_name(request, "label").as_numpy()) for request in requests]

    def answer(self, labels):
        names = np.array(["zero one two three four five six seven eight nine".split()[label] for label in labels.flatten()])
        return pb_utils.InferenceResponse([pb_utils.Tensor("word", names.astype(object).reshape(labels.shape))])
`;

const wordsConfig = `backend: "python"
max_batch_size: 4
input { name: "label" data_type: TYPE_INT64 dims: 1 }
output { name: "word" data_type: TYPE_STRING dims: 1 }
`;

const ensemble = `platform: "ensemble"
max_batch_size: 4
input { name: "pixels" data_type: TYPE_FP32 dims: 64 }
output { name: "word" data_type: TYPE_STRING dims: 1 }
ensemble_scheduling {
  step { model_name: "digits" model_version: -1 input_map { key: "pixels" value: "pixels" } output_map { key: "label" value: "label" } }
  step { model_name: "words" model_version: -1 input_map { key: "label" value: "label" } output_map { key: "word" value: "word" } }
}
`;

const parameter = (name: string, value: string) => `parameters { key: "${name}" value { string_value: "${value}" } }\n`;

/** Copies of the example with these configurations, by the copy's name. */
const copies = {
  patient:
    "max_batch_size: 4\ndynamic_batching { preferred_batch_size: 3 max_queue_delay_microseconds: 60000000 }\ninstance_group { count: 1 kind: KIND_CPU }\n",
  tuned: `optimization { graph { level: 2 } }\n${parameter("intra_op_thread_count", "1")}${parameter("execution_mode", "1")}`,
  muddled: parameter("intra_op_thread_count", "many"),
};

describe("the ONNX example on the real Triton", () => {
  let root: string;
  let triton: LaunchedTriton;

  before(async function () {
    this.timeout(300_000);
    root = mkdtempSync(path.join(tmpdir(), "onnx-serving-"));
    const repository = path.join(root, "repository");
    for (const name of ["digits", "strict", ...Object.keys(copies)]) {
      cpSync(path.join(example, "1"), path.join(repository, name, "1"), { recursive: true });
    }
    writeFiles(repository, {
      "words/config.pbtxt": wordsConfig,
      "words/1/model.py": words,
      "reading/config.pbtxt": ensemble,
      "reading/1/": "",
      ...Object.fromEntries(
        Object.entries(copies).map(([name, text]) => [`${name}/config.pbtxt`, `backend: "onnxruntime"\n${text}`]),
      ),
    });
    const { strict = "" } = loadedConfigs(await readModelFolder(repository), {});
    writeFiles(repository, { "strict/config.pbtxt": strict });
    const installation = await tritonOfRun(await installTriton(), path.join(root, "run"));
    await addOnnxRuntime(installation);
    triton = await launchTriton({
      installation,
      port: 0,
      modelsDirectory: path.dirname(repository),
      portArgument: "--http-port",
      arguments: [
        ...[`--model-repository=${repository}`, "--http-address=127.0.0.1", "--exit-timeout-secs=0"],
        ...["--allow-grpc=false", "--allow-metrics=false", "--exit-on-error=false"],
      ],
    });
    for (let tries = 0; tries < 5000 && !(await get("/v2/health/live")).ok; tries++) await sleep(20);
  });

  after(async () => {
    await triton.stop();
    rmSync(root, { recursive: true });
  });

  it("answers in an ensemble with a Python model", async () => {
    expect(await ask("reading", rows)).to.deep.equal({ word: ["zero", "four", "seven"] });
  });

  it("gives the same answers with another graph optimization, on one thread", async () => {
    expect(await ask("tuned", rows)).to.deep.include({ label: labels });
  });

  it("answers concurrent requests in one batch", async () => {
    const answers = await Promise.all(rows.map((row) => ask("patient", [row])));
    expect(answers.map(({ label }) => label)).to.deep.equal(labels.map((label) => [label]));
    const { model_stats: stats } = (await (await get("/v2/models/patient/stats")).json()) as { model_stats: object[] };
    expect(stats[0]).to.deep.include({ inference_count: 3, execution_count: 1 });
  });

  it("has the configuration that check --show-config prints", async () => {
    const configOf = async (model: string) => {
      const text = await (await get(`/v2/models/${model}/config`)).text();
      return JSON.parse(text.replaceAll(model, "digits")) as Record<string, unknown>;
    };
    expect(await configOf("strict")).to.deep.equal(await configOf("digits"));
  });

  it("is refused with an invalid number of threads", async () => {
    expect((await get("/v2/models/muddled/ready")).ok).to.equal(false);
    expect(triton.log.reason).to.include("failed to convert 'many' to integral number");
  });

  async function get(place: string): Promise<Response> {
    return await fetch(`${triton.url}${place}`).catch(() => Response.error());
  }

  async function ask(model: string, pixels: readonly (readonly unknown[])[]): Promise<Record<string, unknown>> {
    const inputs = [{ name: "pixels", datatype: "FP32", shape: [pixels.length, 64], data: pixels.flat() }];
    const response = await fetch(`${triton.url}/v2/models/${model}/infer`, {
      method: "POST",
      body: JSON.stringify({ inputs }),
    });
    const { outputs = [], error } = (await response.json()) as {
      outputs?: { name: string; data: unknown }[];
      error?: string;
    };
    expect(error).to.equal(undefined);
    return Object.fromEntries(outputs.map(({ name, data }) => [name, data]));
  }
});
