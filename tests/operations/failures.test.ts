import { expect } from "chai";
import { readFileSync } from "node:fs";
import { explain } from "../../operations/failures/explain.ts";
import { LineExplainer } from "../../operations/failures/lineExplainer.ts";
import { loggedFailures } from "../../operations/failures/loggedFailures.ts";
import { applies } from "../../operations/failures/row.ts";
import { failureGroups } from "../../operations/failures/table.ts";
import { logLineCases, plainLines } from "../support/logLines.ts";

const table = Object.values(failureGroups).flat();
const explained = (line: string | readonly string[], context = {}) => {
  const explainer = new LineExplainer(context);
  const found = [line].flat().flatMap((piece) => explainer.explain(piece) ?? []);
  return found.find(({ kind }) => kind !== "general") ?? found.at(-1);
};

describe("a line of the container's log", () => {
  for (const { line, cause, context } of logLineCases) {
    const where = Object.entries(context ?? {}).map(([key, value]) => `${key} ${String(value)}`);
    it(`is explained as "${cause}": ${[line].flat().at(-1)?.slice(0, 60) ?? ""} ${where.join()}`, () => {
      expect(explained(line, context)?.cause).to.equal(cause);
    });
  }

  it("of a server that is well is not explained", () => {
    for (const line of plainLines) expect(explain(line), line).to.equal(undefined);
  });

  it("is tested here for every row of the table, in its surroundings", () => {
    const untested = table.filter(
      (row) =>
        !logLineCases.some(({ line, cause, context = {} }) => {
          const pieces = [line].flat();
          const texts = [pieces.join(" "), pieces.map(lastCell).join("")];
          const named = row.cause === cause || row.cause.includes("{");
          return named && applies(row, context) && texts.some((text) => row.pattern.test(text));
        }),
    );
    expect(untested.map(({ cause, when = "" }) => `${cause} ${when}`)).to.deep.equal([]);
  });

  it("has one of more than a hundred causes, each with a remedy and a source", () => {
    expect(new Set(table.map(({ cause }) => cause)).size).to.be.above(100);
    for (const { source, cause, remedy } of table) {
      expect(source, cause).to.match(/^https:\/\//);
      expect(remedy, cause).to.match(/^.{10,}[^.]$/);
    }
  });

  it("has a remedy that names settings as they are called", () => {
    const known = readFileSync("docs/stack.schema.json", "utf8");
    const named = table.flatMap(({ remedy }) => remedy.match(/(?<![-\w])[a-z]+(?:[A-Z]\w*)+/g) ?? []);
    expect(
      [...new Set(named)].filter((name) => name !== "vLLM" && !new RegExp(`[":]${name}"`).test(known)),
    ).to.deep.equal([]);
  });

  it("is harmless on an instance without a GPU, and a failure on one with a GPU", () => {
    const line =
      "W1101 08:00:01.1 45 pinned_memory_manager.cc:236] Unable to allocate pinned system memory, pinned memory pool will not be available: CUDA driver version is insufficient for CUDA runtime version";
    expect(explain(line, { instanceType: "ml.m5.large" })).to.include({ kind: "harmless", remedy: "nothing to do" });
    expect(explain(line, { instanceType: "ml.g5.xlarge" })?.kind).to.equal(undefined);
    expect(explain(line, { instanceType: "ml.g5.xlarge" })?.remedy).to.include("inferenceAmiVersion");
  });

  it("names the values of the settings that mend it", () => {
    const settings = {
      instanceType: "ml.g5.xlarge",
      inferenceAmiVersion: "al2-ami-sagemaker-inference-gpu-2",
      imageTag: "26.05-py3",
      volumeSizeInGb: 30,
    };
    const driver = explain("CUDA driver version is insufficient for CUDA runtime version", { settings });
    expect(driver?.remedy).to.match(
      /earlier release \(inferenceAmiVersion is al2-ami-sagemaker-inference-gpu-2, imageTag is 26\.05-py3\)$/,
    );
  });

  it("that continues an entry is explained with it, but not with the entry before", () => {
    const explainer = new LineExplainer();
    expect(
      explainer.explain("E1101 08:00:01.000001 45 x.cc:1] failed to load 'a' version 1: Internal:")?.kind,
    ).to.equal("general");
    expect(explainer.explain("/tmp/libstdc++.so.6: version `GLIBCXX_3.4.30'")).to.equal(undefined);
    expect(explainer.explain("not found (required by the stub)")?.cause).to.include("libstdc++");
    expect(explainer.explain("E1101 08:00:02.000001 45 x.cc:1] version `GLIBCXX_3.4.30'")).to.equal(undefined);
    expect(explainer.explain("E1101 08:00:03.000001 45 x.cc:1] not found")).to.equal(undefined);
  });

  it("knows the release from the image's banner", () => {
    const explainer = new LineExplainer();
    explainer.explain("NVIDIA Release 25.09 (build 203610275)");
    const line = "unable to find 'libtriton_tensorflow.so' or 'tensorflow/model.py' for model 'flowers'";
    expect(explainer.explain(line)?.cause).to.include("left Triton's image with 25.03");
  });

  it("of any length is explained in milliseconds", () => {
    const began = performance.now();
    for (const line of ["role ".repeat(50_000), "ensemble '".repeat(50_000), "shm ".repeat(50_000)]) explain(line);
    expect(performance.now() - began).to.be.below(2000);
  });
});

describe("the failures in a log", () => {
  const line = (stream: string, text: string) => ({ stream, text });

  it("are those that say why, each once, without harmless lines, however the containers' lines are mixed", async () => {
    const failures = await loggedFailures([
      line("AllTraffic/i-1", "Signal (15) received."),
      line(
        "AllTraffic/i-1",
        "E1101 08:00:01.000001 45 x.cc:1] failed to load 'a' version 1: Not found: unable to load",
      ),
      line("AllTraffic/i-2", "OSError: [Errno 28] No space left on device"),
      line("AllTraffic/i-1", "shared library: libx.so.1: is missing"),
      line("AllTraffic/i-2", "OSError: [Errno 28] No space left on device"),
    ]);
    expect(failures.map(({ stream, cause }) => [stream, cause])).to.deep.equal([
      ["AllTraffic/i-2", "the disk is full"],
      ["AllTraffic/i-1", "a library that a backend or a package needs is not in the image"],
    ]);
  });

  it("are general ones if no line says why", async () => {
    const [failure, ...others] = await loggedFailures([line("AllTraffic/i-1", "failed to load all models")]);
    expect(failure?.cause).to.equal("a model can't be loaded");
    expect(others).to.deep.equal([]);
  });

  it("depend on the variant that wrote them", async () => {
    const contextOf = (variant: string) => ({ instanceType: variant === "Gpu" ? "ml.g5.xlarge" : "ml.m5.large" });
    const text = "Unable to allocate pinned system memory";
    const failures = await loggedFailures([line("Cpu/i-1", text), line("Gpu/i-2", text)], contextOf);
    expect(failures.map(({ stream }) => stream)).to.deep.equal(["Gpu/i-2"]);
  });
});

function lastCell(line: string): string {
  return line.startsWith("|") ? (line.split("|").at(-2) ?? "").trim() : line;
}
