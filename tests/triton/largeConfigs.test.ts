import { expect } from "chai";
import { enumerated } from "../../triton/enumerated.ts";
import { flowOrder } from "../../triton/flowOrder.ts";
import { parseModelConfig } from "../../triton/config/modelConfig.ts";
import type { Problem } from "../../triton/repository/problem.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import { pythonStatements } from "../../triton/models/pythonStatements.ts";
import { stepGraph } from "../../triton/stepGraph.ts";
import { readServedModels } from "../../triton/repository/servedModel.ts";
import * as large from "../support/largeInputs.ts";
import { contentsOf } from "../support/repository.ts";

const check = (pieces: Readonly<Record<string, string>>) => checkModelRepository(contentsOf(pieces));
const python = "class TritonPythonModel:\n  def execute(self, requests): pass\n";

/** Counts the problems by code. */
function countsOf(problems: readonly Problem[]): Record<string, number> {
  const groups = Map.groupBy(problems, ({ code }) => code);
  return Object.fromEntries([...groups].map(([code, { length }]) => [code, length]));
}

describe("the check of a configuration of 1 MiB", () => {
  it("lists the first 1,000 problems of each kind and counts the others", () => {
    const problems = check({ "m/config.pbtxt": large.configOfManyInputs(40_000), "m/1/model.py": python });
    expect(countsOf(problems)).to.deep.equal({ "tensor-type-missing": 1001, "tensor-dims-missing": 1001 });
    const [counted] = problems.filter(({ line }) => line === undefined);
    expect(counted?.message).to.equal("The model has 39000 more problems of this kind, which are not listed.");
  });

  it("finds the line of each of thousands of inputs", () => {
    const { lineOf } = parseModelConfig(large.configOfManyInputs(40_000));
    expect([0, 20_000, 39_999].map((index) => lineOf(["input", index, "dims"]))).to.deep.equal([2, 20_002, 40_001]);
  });

  it("reads a value that is set 40,000 times at its default", () => {
    const { config, problems } = parseModelConfig(`${"max_batch_size: 0\n".repeat(40_000)}max_batch_size: 4`);
    expect([config?.max_batch_size, problems.length]).to.deep.equal([4, 40_000]);
  });

  it("follows a chain of 9,500 steps", () => {
    const model = `backend: "python" input { name: "i" data_type: TYPE_FP32 dims: 1 }`;
    const pieces = {
      "e/config.pbtxt": large.configOfManySteps(9500),
      "e/1/": "",
      "m/config.pbtxt": `${model} output { name: "o" data_type: TYPE_FP32 dims: 1 }`,
      "m/1/model.py": python,
    };
    expect(countsOf(check(pieces))).to.deep.equal({ "default-model-ambiguous": 1 });
  });

  it("reports ten of a step's unmapped inputs, however many it has", () => {
    const steps = `step { model_name: "m" model_version: -1 input_map { key: "x" value: "I" } output_map { key: "o" value: "O" } }`;
    const tensors = `input { name: "I" data_type: TYPE_FP32 dims: 1 } output { name: "O" data_type: TYPE_FP32 dims: 1 }`;
    const pieces = {
      "e/config.pbtxt": `platform: "ensemble" ${tensors} ensemble_scheduling { ${steps} }`,
      "e/1/": "",
      "m/config.pbtxt": large.configOfManyInputs(20_000),
      "m/1/model.py": python,
    };
    expect(countsOf(check(pieces))).to.include({ "ensemble-input-unmapped": 10 });
  });

  it("says in one problem which inputs a warm-up request lacks", () => {
    const warmup = `model_warmup { name: "w" batch_size: 1 inputs { key: "0" value { dims: 1 zero_data: true } } }`;
    const problems = check({ "m/config.pbtxt": large.configOfManyInputs(20_000) + warmup, "m/1/model.py": python });
    expect(problems.find(({ message }) => message.includes("lacks the inputs"))?.message).to.equal(
      'The warm-up request lacks the inputs "1", "2", "3", "4", "5", "6", "7", "8", "9", "a" and 19989 more.',
    );
  });
});

describe("ensembles that run each other", () => {
  const ensemble = (step: string) =>
    `platform: "ensemble" ensemble_scheduling { step { model_name: "${step}" model_version: -1 } }`;
  const chain = (last: string) =>
    Object.fromEntries(
      Array.from({ length: 4000 }, (_, index) => [
        `e${index}/config.pbtxt`,
        ensemble(index === 3999 ? last : `e${index + 1}`),
      ]),
    );

  it("may form a chain of thousands", () => {
    const pieces = { ...chain("m"), "m/config.pbtxt": "model_transaction_policy { decoupled: true }" };
    const models = new Map(readServedModels(contentsOf(pieces)).map((model) => [model.name, model]));
    const { circles, decoupled } = stepGraph(models);
    expect([new Set(circles.values()).size, decoupled.size]).to.deep.equal([4001, 4001]);
  });

  it("form a circle if the last one runs the first one", () => {
    const models = new Map(readServedModels(contentsOf(chain("e0"))).map((model) => [model.name, model]));
    expect(new Set(stepGraph(models).circles.values()).size).to.equal(1);
  });
});

describe("the order of an ensemble's steps", () => {
  const step = (from: string, to: string) => ({
    ...{ model_name: "m", model_version: -1, model_namespace: "" },
    ...{ input_map: { i: from }, output_map: { o: to } },
  });

  it("has a step in the round after the one that produces its input, wherever it stands", () => {
    const steps = [step("b", "c"), step("a", "b"), step("a", "d"), step("e", "f"), step("f", "e")];
    expect(flowOrder(steps, (tensor) => tensor === "a")).to.deep.equal({ rounds: [[1, 2], [0]], waiting: [3, 4] });
  });

  it("counts a tensor that is produced twice once", () => {
    const steps = [step("a", "b"), step("a", "b"), step("b", "c")];
    expect(flowOrder(steps, (tensor) => tensor === "a").rounds).to.deep.equal([[0, 1], [2]]);
  });
});

describe("names in a message", () => {
  it("are at most ten", () => {
    expect(enumerated(["a", "b"])).to.equal("a, b");
    expect(enumerated(Array.from({ length: 12 }, (_, index) => index))).to.equal(
      "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more",
    );
  });
});

describe("Python code of 1 MiB", () => {
  it("with quotes that are never closed ends each string with its line", () => {
    expect(pythonStatements(`x = ${'"\\'.repeat(2 ** 18)}x\nimport a`).at(-1)?.code).to.equal("import a");
  });
});
