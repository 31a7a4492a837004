import { expect } from "chai";
import * as path from "node:path";
import { encodeRequest, type Tensor } from "../../inference/index.ts";
import { answerTable } from "../../commands/answerTable.ts";
import { servedSettings, userRepository } from "../../commands/servedSettings.ts";
import { tryLine } from "../../commands/tryLine.ts";
import { summarizePlan } from "../../preview/summarizePlan.ts";
import { inTemporaryFolder, planOf, writeFiles } from "../support/plans.ts";

const tensor = (name: string, shape: number[], data: number[]): Tensor => ({
  name,
  datatype: "FP64",
  shape,
  data: Float64Array.from(data),
});

describe("an answer as a table", () => {
  it("has a row for each item of the batch and a column for each tensor", () => {
    const lines = answerTable([tensor("x", [2, 1], [1, 2]), tensor("y", [2, 2], [3, 4, 5, 6])], 80).split("\n");
    expect(lines.filter((line) => /\d/.test(line))).to.deep.equal(["│ 1 │ 3, 4 │", "│ 2 │ 5, 6 │"]);
  });

  it("shows a vector as one row if the model doesn't batch", () => {
    expect(answerTable([tensor("y", [3], [1, 2, 3])], 80)).to.include("│ 1, 2, 3 │");
  });

  it("has a line for each tensor, item after item, if the terminal is too narrow", () => {
    const tensors = [tensor("first_input", [2, 1], [1, 2]), tensor("second", [2, 2], [3, 4, 5, 6])];
    expect(answerTable(tensors, 23).split("\n")).to.deep.equal([
      "item 1 of 2",
      "  first_input  1",
      "  second       3, 4",
      "item 2 of 2",
      "  first_input  2",
      "  second       5, 6",
    ]);
  });

  it("wraps to the next line if a tensor has more values than fit", () => {
    const many = tensor("y", [1, 8], [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5]);
    expect(answerTable([many], 30)).to.equal("  y  1.5, 2.5, 3.5, 4.5, 5.5,\n     6.5, 7.5, 8.5");
  });
});

describe("a plan's summary", () => {
  it("counts the resources by service, in lines of at most 60 columns", async () => {
    const lines = summarizePlan(await planOf("prod")).split("\n");
    expect(lines[0]).to.match(/^stack prod of sagemaker-triton: \d+ resources$/);
    expect(lines.slice(1).every((line) => /^ *\d+ [\w.]+$/.test(line))).to.equal(true);
    expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(60);
    const counts = lines.map((line) => Number(/\d+/.exec(line)));
    expect(counts.slice(1).reduce((sum, count) => sum + count, 0)).to.equal(counts[0]);
  });
});

describe("the suggested command for a served model", () => {
  const url = "http://127.0.0.1:8080";
  const sent = { ...encodeRequest({ inputs: [tensor("x", [1], [1])] }, "json"), origin: "m/request.json" };

  it("names the file in the user's repository, not the served copy", async () => {
    await inTemporaryFolder((repository) => {
      writeFiles(repository, { "m/request.json": Buffer.from(sent.body).toString() });
      const line = tryLine({ url, request: { ...sent, file: "/tmp/gone/m/request.json" }, repository });
      expect(line).to.include(`--data-binary @${path.relative("", path.join(repository, "m/request.json"))} `);
      return Promise.resolve();
    });
  });

  it("contains the request itself if it is short and the user has no file with it", () => {
    const zeros = { ...encodeRequest({ inputs: [tensor("x", [1], [0])] }, "binary"), origin: "zeros" };
    expect(tryLine({ url, request: zeros })).to.equal(
      `curl -H 'content-type: application/json' --data-binary '{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[0]}]}' ${url}/invocations`,
    );
  });

  it("names the model if there are many", () => {
    expect(tryLine({ url, request: sent, targetModel: "a.tar.gz" })).to.match(
      /^curl -H 'content-type: application\/json' -H 'X-Amzn-SageMaker-Target-Model: a.tar.gz' --data-binary '\{/,
    );
  });

  it("lets invoke send what JSON can't hold, what JSON can't answer, and what is too long for a line", () => {
    const binary = (datatype: "FP16" | "FP32", count: number) =>
      encodeRequest({ inputs: [{ name: "x", datatype, shape: [count], data: new Float32Array(count) }] }, "binary");
    const line = `npx sagemaker-triton invoke --url ${url}`;
    expect(tryLine({ url, request: { ...binary("FP16", 1), origin: "zeros" } })).to.equal(line);
    expect(tryLine({ url, request: { ...binary("FP32", 1), origin: "zeros", answersInBinary: true } })).to.equal(line);
    const long = { ...binary("FP32", 1000), origin: "zeros" };
    expect(tryLine({ url, request: long })).to.equal(line);
    expect(tryLine({ url, request: long, targetModel: "a.tar.gz", repository: "models" })).to.equal(
      `${line} --target-model a.tar.gz --model-repository models`,
    );
  });

  it("is a ping if there is no request", () => {
    expect(tryLine({ url })).to.equal(`curl -i ${url}/ping`);
  });
});

describe("a repository that is served instead of the stack's", () => {
  const choice = { stack: "dev" };
  const serve = (modelRepository: string) => servedSettings({ ...choice, modelRepository }, process.cwd());

  it("uses the stack's default model if it has that, otherwise the one that runs the others", async () => {
    expect(await serve("models")).to.include({ modelRepository: "models", defaultModelName: "penguins" });
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, {
        "all/config.pbtxt":
          'platform: "ensemble"\nensemble_scheduling { step { model_name: "one" model_version: -1 } }\n',
        "all/1/": "",
        "one/config.pbtxt": 'backend: "identity"\n',
        "one/1/": "",
      });
      expect(await serve(directory)).to.include({ defaultModelName: "all", modelArchive: "" });
    });
  });

  it("leaves the choice of model to the user if it is ambiguous", async () => {
    await inTemporaryFolder(async (directory) => {
      const config = 'backend: "identity"\n';
      writeFiles(directory, { "a/config.pbtxt": config, "a/1/": "", "b/config.pbtxt": config, "b/1/": "" });
      expect(await serve(directory)).to.include({ defaultModelName: "" });
    });
  });

  it("is searched for the request's file", () => {
    expect(userRepository(choice, process.cwd())).to.equal(path.resolve("models"));
    expect(userRepository({ ...choice, modelRepository: "other" }, process.cwd())).to.equal(path.resolve("other"));
    const many = { ...choice, configFile: "docs/examples/multi-model.yaml" };
    expect(userRepository(many, process.cwd(), "with-body-mass.tar.gz")).to.equal(
      path.resolve("examples/multi-model/with-body-mass"),
    );
  });
});
