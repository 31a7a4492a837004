import { expect } from "chai";
import { configText, type Hardware } from "../../../triton/config/configText.ts";
import { parseModelConfig } from "../../../triton/config/modelConfig.ts";
import type { ModelFile } from "../../../triton/models/modelFile.ts";
import { problemCodes } from "../../../triton/repository/problemCodes.ts";
import { readServedModels } from "../../../triton/repository/servedModel.ts";
import { onnxFile } from "../../support/onnxFiles.ts";
import { contentsOf, type Pieces } from "../../support/repository.ts";
import { repositoryCases } from "../../support/repositoryCases.ts";

function textOf(pieces: Pieces, models: ReadonlyMap<string, ModelFile> = new Map(), hardware: Hardware = {}): string {
  const [model] = readServedModels(contentsOf(pieces, models));
  return (model && configText(model, hardware)) ?? "";
}

const onnx = (file: ModelFile, config: string, hardware?: Hardware) =>
  textOf(
    { "m/1/model.onnx": "", ...(config !== "" && { "m/config.pbtxt": config }) },
    new Map([["m/1/model.onnx", file]]),
    hardware,
  );
/** The text in one line for each field at the outside, and without what every model has. */
const lines = (text: string) =>
  text
    .replace(/\n +| *\n *(?=\})/g, " ")
    .split("\n")
    .filter((line) => !/^(name|version_policy|optimization|default_model_filename|platform|backend)\b|^$/.test(line));

describe("the configuration that Triton ends up with", () => {
  it("has what the vLLM backend adds: a decoupled model without batches, and the tensors that aren't written", () => {
    const input = 'input { name: "text_input" data_type: TYPE_STRING dims: -1 }';
    const text = textOf({ "m/1/model.json": "{}", "m/config.pbtxt": `backend: "vllm" ${input}` });
    expect(text).to.match(/^# With the tensors that vLLM's backend has from 26\.01 on/);
    const found = lines(text);
    expect(found).to.include.members([
      'input { name: "text_input" data_type: TYPE_STRING dims: -1 }',
      'input { name: "sampling_parameters" data_type: TYPE_STRING dims: 1 optional: true }',
      'output { name: "text_output" data_type: TYPE_STRING dims: -1 }',
      'output { name: "num_input_tokens" data_type: TYPE_UINT32 dims: 1 }',
      "model_transaction_policy { decoupled: true }",
    ]);
    expect(found.filter((line) => line.includes('"text_input"'))).to.have.length(1);
    expect(text).to.not.include("max_batch_size");
  });

  it("has what the backend reads from an ONNX file, and Triton's defaults", () => {
    expect(
      onnx(onnxFile({ x: "FLOAT -1 4", s: "STRING -1" }, { y: "INT64 -1 3" }), "", { accelerator: "cpu" }),
    ).to.equal(
      `name: "m"
platform: "onnxruntime_onnx"
version_policy {
  latest {
    num_versions: 1
  }
}
max_batch_size: 4
input {
  name: "x"
  data_type: TYPE_FP32
  dims: 4
}
input {
  name: "s"
  data_type: TYPE_STRING
  dims: 1
  reshape {
  }
}
output {
  name: "y"
  data_type: TYPE_INT64
  dims: 3
}
instance_group {
  name: "m"
  count: 2
  kind: KIND_CPU
}
default_model_filename: "model.onnx"
dynamic_batching {
  preferred_batch_size: 4
}
optimization {
  input_pinned_memory {
    enable: true
  }
  output_pinned_memory {
    enable: true
  }
}
backend: "onnxruntime"
`,
    );
  });

  it("keeps what the file contains, and only adds what is missing", () => {
    const file = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" });
    const config =
      'max_batch_size: 8 sequence_batching { oldest { max_candidate_sequences: 9 } } instance_group { count: 3 }\noutput { name: "y" data_type: TYPE_FP32 dims: 3 label_filename: "l" }';
    expect(lines(onnx(file, config))).to.deep.equal([
      "max_batch_size: 8",
      'input { name: "x" data_type: TYPE_FP32 dims: 4 }',
      'output { name: "y" data_type: TYPE_FP32 dims: 3 label_filename: "l" }',
      'instance_group { name: "m_0" count: 3 }',
      "sequence_batching { max_sequence_idle_microseconds: 1000000 oldest { max_candidate_sequences: 9 preferred_batch_size: 8 } }",
    ]);
  });

  it("doesn't batch a model with a fixed first dimension", () => {
    expect(
      lines(onnx(onnxFile({ x: "FLOAT 1 4" }, { y: "FLOAT" }), "", { accelerator: "gpu", gpuCount: 2 })),
    ).to.deep.equal([
      'input { name: "x" data_type: TYPE_FP32 dims: 1 dims: 4 }',
      'output { name: "y" data_type: TYPE_FP32 dims: 1 }',
      'instance_group { name: "m" count: 1 gpus: 0 gpus: 1 kind: KIND_GPU }',
    ]);
  });

  it("notes where Triton adds what only the model knows", () => {
    expect(textOf({ "m/1/model.plan": "" })).to.match(/^# Triton adds .*\nname: "m"/);
    expect(onnx(onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT ?" }), "")).to.match(/^# Triton adds /);
    expect(onnx(onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" }), "")).to.match(/^name/);
  });

  it("notes where ONNX Runtime may know a size that the model's file leaves open", () => {
    const open = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 -1" });
    expect(onnx(open, "")).to.match(/^# If ONNX Runtime infers an output's size .*\nname/);
    expect(onnx(onnxFile({ x: "FLOAT -1 -1" }, { y: "FLOAT -1 3" }), "")).to.match(/^name/);
    const written =
      'output { name: "y" data_type: TYPE_FP32 dims: -1 } input { name: "x" data_type: TYPE_FP32 dims: 4 }';
    expect(onnx(open, `max_batch_size: 4 ${written}`)).to.match(/^name/);
  });

  it("gives an ensemble no instances", () => {
    expect(textOf({ "m/config.pbtxt": 'platform: "ensemble" ensemble_scheduling { }', "m/1/": "" })).not.to.match(
      /instance_group|optimization/,
    );
  });

  it("has the value that is set again after a default, with the lines of the file", () => {
    const text =
      'max_batch_size: 0,\nmax_batch_size: 4\nbackend: "python"\ninstance_group { kind: KIND_AUTO kind: KIND_CPU }';
    const { config, problems, lineOf } = parseModelConfig(text);
    expect([config?.max_batch_size, config?.instance_group[0]?.kind]).to.deep.equal([4, "KIND_CPU"]);
    expect([lineOf(["max_batch_size"]), ...problems.map(({ line }) => line)]).to.deep.equal([2, 2, 4]);
    expect(problems[0]?.message).to.equal(
      '"max_batch_size" is already set in line 1, to its default, which Triton replaces by this value.',
    );
    expect(textOf({ "m/config.pbtxt": text, "m/1/model.py": "" })).to.include("max_batch_size: 4\n");
  });

  it("keeps numbers that are too large for JavaScript", () => {
    const config =
      'backend: "python" max_batch_size: 2 dynamic_batching { max_queue_delay_microseconds: 18446744073709551615 }';
    expect(textOf({ "m/config.pbtxt": config, "m/1/model.py": "" })).to.include(
      "max_queue_delay_microseconds: 18446744073709551615",
    );
  });

  it("can be loaded again without changing", () => {
    const served = repositoryCases.filter(({ codes }) => codes.every((code) => problemCodes[code] === "warning"));
    for (const { title, pieces, models } of served) {
      for (const model of readServedModels(contentsOf(pieces, models))) {
        const text = configText(model) ?? "";
        expect(parseModelConfig(text).config, title).to.be.an("object");
        const again = readServedModels(contentsOf({ ...pieces, [`${model.name}/config.pbtxt`]: text }, models));
        const own = again.find(({ name }) => name === model.name);
        expect(own && configText(own)?.replace(/^#.*\n/, ""), title).to.equal(text.replace(/^#.*\n/, ""));
      }
    }
  });
});
