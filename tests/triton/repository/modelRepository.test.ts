import { expect } from "chai";
import { checkModelRepository } from "../../../triton/repository/modelRepository.ts";
import { checkCodes } from "../../../triton/repository/problemCodes.ts";
import { python } from "../../support/casePieces.ts";
import { codeCases } from "../../support/codeCases.ts";
import { contentsOf } from "../../support/repository.ts";
import { targetModelCases } from "../../support/targetModelCases.ts";
import { repositoryCases } from "../../support/repositoryCases.ts";

describe("the check of a model repository", () => {
  for (const { title, pieces, models, options, codes } of repositoryCases) {
    it(`${codes.length === 0 ? "finds no problems in" : `finds ${[...new Set(codes)].join(", ")} in`} ${title}`, () => {
      const problems = checkModelRepository(contentsOf(pieces, models), options);
      expect(problems.map(({ code }) => code).sort()).to.deep.equal([...codes].sort());
    });
  }

  it("has a case for each of its codes", () => {
    const parsed = codeCases.flatMap(({ problem = [] }) => problem);
    // Depends on this machine's Python: tests/packing/pythonReading.test.ts has readings of others.
    const codes = [...repositoryCases, ...targetModelCases].flatMap(({ codes }) => codes);
    expect([...new Set([...codes, ...parsed, "python-syntax-here"])].sort()).to.deep.equal(
      Object.keys(checkCodes).sort(),
    );
  });

  const remedyFor = (config: string) =>
    checkModelRepository(contentsOf({ "m/config.pbtxt": config, "m/1/": "" })).map(({ remedy }) => remedy);

  it("refuses more files than SageMaker's own volume ever holds, whatever its size is", () => {
    const python = 'backend: "python" input { name: "x" data_type: TYPE_FP32 dims: 1 }';
    const contents = contentsOf({ "m/config.pbtxt": `${python} output { name: "y" data_type: TYPE_FP32 dims: 1 }` });
    const codesOf = (gibibytes: number) => {
      const files = new Map([...contents.files, ["m/1/model.py", 100], ["m/1/weights", gibibytes * 2 ** 30]] as const);
      const places = [{ place: "ml.m5.large", volumeBytes: 4 * 2 ** 30, volumeKind: "default" as const }];
      const directories = new Set(["m", "m/1"]);
      return checkModelRepository({ ...contents, files, directories }, { places }).map(({ code }) => code);
    };
    expect(codesOf(3)).to.deep.equal([]);
    expect(codesOf(20)).to.deep.equal(["volume-too-small"]);
    expect(codesOf(60)).to.deep.equal(["volume-exceeded"]);
  });

  it("recognises a type by its name in other programs", () => {
    expect(remedyFor('backend: "identity" input { name: "x" data_type: TYPE_BYTES dims: 1 }')).to.deep.equal([
      "Did you mean TYPE_STRING?",
    ]);
  });

  it("says which parameter a backend needs, takes or no longer reads, and what to write in its place", () => {
    const messageFor = (parameters: Record<string, string>, release: string) => {
      const written = Object.entries(parameters).map(
        ([key, value]) => `parameters { key: "${key}" value { string_value: "${value}" } }`,
      );
      const tensors = ["input", "output"].map((side) => `${side} { name: "${side}" data_type: TYPE_FP32 dims: 1 }`);
      const config = ['backend: "fil"', ...tensors, ...written].join("\n");
      return checkModelRepository(contentsOf({ "m/config.pbtxt": config, "m/1/xgboost.model": "" }), { release }).map(
        ({ message, remedy, line }) => `${line ?? "-"} ${message} ${remedy}`,
      );
    };
    expect(messageFor({ is_classifier: "true" }, "26.05")).to.deep.equal([
      '- The backend fil needs the parameter threshold, without which the model doesn\'t load, and the image is 26.05. Add parameters { key: "threshold" value { string_value: "0.5" } }; it takes a number.',
    ]);
    expect(messageFor({ is_classifier: "false" }, "24.09")).to.deep.equal([
      "- The backend fil needs the parameter output_class up to 25.08, without which the model doesn't load, and the image is 24.09. Rename is_classifier to output_class, or use an image of 25.09 or newer, which reads it.",
    ]);
    expect(messageFor({ is_classifier: "false", model_type: "xgb" }, "26.05")).to.deep.equal([
      '5 The parameter model_type is "xgb", but the backend expects xgboost, xgboost_json, xgboost_ubj, lightgbm or treelite_checkpoint. Write "xgboost", or another such value, or remove the parameter.',
    ]);
    expect(messageFor({ is_classifier: "false", algo: "NAIVE" }, "26.05")).to.deep.equal([
      "5 The backend fil reads the parameter algo up to 25.08 only, and the image is 26.05. Use layout in its place.",
    ]);
  });

  it("recognises a backend given as a platform", () => {
    expect(remedyFor('platform: "python"')).to.deep.equal(['Write backend: "python" instead.']);
  });

  it("doesn't report a missing version folder of a possible ensemble whose configuration can't be read", () => {
    const codesOf = (config: string) =>
      checkModelRepository(contentsOf({ "m/config.pbtxt": config })).map(({ code }) => code);
    expect(codesOf('platform: "ensemble" max_batch_size: many')).to.deep.equal(["config-wrong-type"]);
    expect(codesOf('backend: "python" max_batch_size: many')).to.include("version-missing");
  });

  it("says of a file in plain words that it doesn't exist or is a folder", () => {
    const labelled = `backend: "python" input { name: "x" data_type: TYPE_FP32 dims: 1 }
      output { name: "y" data_type: TYPE_FP32 dims: 1 label_filename: "labels.txt" }`;
    const messageWith = (pieces: object) =>
      checkModelRepository(contentsOf({ "m/config.pbtxt": labelled, "m/1/model.py": python, ...pieces })).map(
        ({ message }) => message,
      );
    expect(messageWith({})).to.deep.equal(["The label file m/labels.txt doesn't exist."]);
    expect(messageWith({ "m/labels.txt/": "" })).to.deep.equal([
      "The label file m/labels.txt is a folder, and a file is needed.",
    ]);
    const messages = repositoryCases.flatMap(({ pieces, models, options }) =>
      checkModelRepository(contentsOf(pieces, models), options).map(({ message }) => message),
    );
    expect(messages.filter((message) => /\bis (doesn't|is)\b/.test(message))).to.deep.equal([]);
  });

  it("has no case twice", () => {
    const titles = repositoryCases.map(({ title }) => title);
    const repositories = repositoryCases.map(({ pieces, models = new Map(), options }) =>
      JSON.stringify([pieces, [...models], options]),
    );
    expect(new Set(titles)).to.have.lengthOf(titles.length);
    expect(new Set(repositories)).to.have.lengthOf(repositories.length);
  });
});
