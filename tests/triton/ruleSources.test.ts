import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import modules from "../../triton/models/pythonModules.json" with { type: "json" };

/** A function that a file exports, with its doc comment and its signature. */
const exported = /(?<doc>\/\*\*(?:(?!\*\/).)*\*\/)\nexport function\*? (?<name>\w+)(?<signature>.*?) \{\n/gs;

describe("a rule of the check", () => {
  const rules = globSync("triton/rules/*.ts").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(exported)].map(
      ({ groups: { doc = "", name = "", signature = "" } = {} }) => ({
        ...{ file, name, doc },
        result: signature.slice(signature.lastIndexOf("): ")),
      }),
    ),
  );
  const judging = rules.filter(({ result }) => /\bFinding\b/.test(result));

  it("names the code or the document of Triton, AWS, ONNX or PyTorch that it restates, or the list that names it", () => {
    const withoutSource = judging.filter(({ doc }) => !/\bSources?: (?:.*https:\/\/|`releases\.json`)/s.test(doc));
    expect(withoutSource.map(({ file, name }) => `${name} in ${file}`)).to.deep.equal([]);
  });

  it("is found by this test in every file of rules", () => {
    const files = new Set(judging.map(({ file }) => file));
    expect(globSync("triton/rules/*.ts").filter((file) => !files.has(file))).to.deep.equal([]);
  });
});

describe("a module that Triton's image is said to have", () => {
  it("has its source beside it", () => {
    const lists = [modules.standardLibrary, ...modules.image.modules];
    expect(lists.filter(({ source }) => !source.includes("https://"))).to.deep.equal([]);
  });
});
