import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { factFiles, outdated } from "../../tools/facts/ages.ts";
import { optionsFile, releasesFile, updateTritonReleases } from "../../tools/facts/tritonReleases.ts";

const today = new Date("2026-12-15T12:00:00Z");
const releases = `{
  "retrieved": "2026-11-25",
  "releases": {
    "26.07": { "triton": "2.71.0", "onnxRuntime": "1.27.0", "python": "3.12" },
    "26.08": { "triton": "2.72.0", "onnxRuntime": "1.28.0", "python": "3.12", "tensorRt": "11.0.0" }
  },
  "onnxRuntimes": { "1.28": {} },
  "backends": { "names": ["python", "tensorrt"] }
}
`;
const options = `${JSON.stringify({ retrieved: "2026-11-25", newest: "26.08", options: { id: { value: "string" }, port: { value: "integer" } } }, null, 2)}\n`;
const texts = { [releasesFile]: releases, [optionsFile]: options };

const build = `"release_version": "2.73.0",
    "ort_version": "1.29.0",
        all_backends = [
            "ensemble",
            "python",
            "vega",
        ]`;
const parser = `{OPTION_ID, "id", Option::ArgStr, "Identifier"}, {OPTION_PORT, "port", Option::ArgInt,
  {OPTION_PAIRS,
   "pairs", "<string>=<string>", {OPTION_FAST, "fast", Option::ArgBool`;
const matrix = "| 26.09 | nvcr.io/nvidia/tritonserver:26.09-vllm-python-py3 | Python 3.13.1 | 0.30 |\n";
const pages: Record<string, string | undefined> = {
  "main/docs/introduction/compatibility.md": matrix,
  "r26.09/build.py": build,
  "r26.09/src/command_line_parser.cc": parser,
};
const read = (url: string) => Promise.resolve(pages[url.replace(/^.*\/server\//, "")]);

describe("the facts about Triton's releases", () => {
  it("get the releases that came out since, and name what has to be looked up by hand", async () => {
    const { files, notes } = await updateTritonReleases(texts, read, today);
    const { releases: known } = JSON.parse(files[releasesFile] ?? "") as Record<string, Record<string, object>>;
    expect(Object.keys(known ?? {})).to.deep.equal(["26.07", "26.08", "26.09"]);
    expect(known?.["26.09"]).to.deep.equal({ triton: "2.73.0", onnxRuntime: "1.29.0", python: "3.13" });
    expect(files[releasesFile]?.split("\n")[4]).to.equal(`${String(releases.split("\n")[4])},`);
    expect(notes).to.deep.equal([
      "26.09: ONNX Runtime 1.29.0, Python 3.13; look up its TensorRT",
      "26.09: the limits of ONNX Runtime 1.29 aren't known: see sources.onnxRuntimes",
      "26.09: its backends differ (gone: tensorrt; new: vega)",
      "26.09: the new option --pairs",
      "26.09: the new option --fast",
    ]);
    expect(JSON.parse(files[optionsFile] ?? "")).to.deep.equal({
      ...{ retrieved: "2026-12-15", newest: "26.09" },
      options: {
        fast: { since: "26.09", value: "boolean" },
        id: { value: "string" },
        pairs: { since: "26.09", value: "<string>=<string>" },
        port: { value: "integer" },
      },
    });
  });

  it("stay as they are where the source can't be reached", async () => {
    const { files, notes } = await updateTritonReleases(texts, () => Promise.reject(new Error("fetch failed")), today);
    expect(files).to.deep.equal({});
    expect(notes).to.have.lengthOf(1);
    expect(notes[0]).to.match(/^Triton's repository can't be reached \(fetch failed\): .* stay as they are$/);
  });

  it("don't get a release of which a fact isn't found", async () => {
    const without = (url: string) => (url.endsWith("compatibility.md") ? Promise.resolve("") : read(url));
    const { files, notes } = await updateTritonReleases(texts, without, today);
    expect(files[releasesFile]).to.equal(releases);
    expect(notes).to.deep.equal([
      `26.09: the compatibility matrix doesn't have its Python; add it to ${releasesFile} by hand`,
    ]);
  });

  it("fit the files: a release is added to the real ones, whose newest one comes before it", async () => {
    const real = {
      [releasesFile]: await readFile(releasesFile, "utf8"),
      [optionsFile]: await readFile(optionsFile, "utf8"),
    };
    const { files } = await updateTritonReleases(real, read, today);
    const lines = (files[releasesFile] ?? "").split("\n");
    const added = lines.findIndex((line) => line.startsWith('    "26.09": {'));
    expect(lines[added - 1]).to.match(/^ {4}"26\.08": \{.*\},$/);
    expect(lines.toSpliced(added, 1)).to.have.lengthOf(real[releasesFile].split("\n").length);
  });
});

describe("facts from outside", () => {
  it("have a date each, and are named when they are older than 90 days", async () => {
    const files = await Promise.all(factFiles.map(async (file) => [file, await readFile(file, "utf8")] as const));
    const at = new Date("2027-03-02T00:00:00Z");
    expect(outdated(Object.fromEntries(files), new Date("2026-12-01T00:00:00Z"))).to.deep.equal([]);
    expect(
      outdated({ "a.json": '{"retrieved": "2026-12-02"}', "b.json": '{"retrieved": "2026-12-01"}' }, at),
    ).to.deep.equal(["b.json is 91 days old (2026-12-01): look its facts up again at the sources that it names"]);
  });
});
