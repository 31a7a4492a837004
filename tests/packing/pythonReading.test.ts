import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { readModelFolder } from "../../packing/folder.ts";
import { packModelRepository, readModelArchive } from "../../packing/modelArchive.ts";
import { withPythonReadings } from "../../packing/pythonReading.ts";
import type { PythonReading } from "../../triton/models/pythonReading.ts";
import { checkModelRepository, type CheckOptions } from "../../triton/repository/modelRepository.ts";
import { inNewFolder } from "../support/archives.ts";
import { base, one, python } from "../support/casePieces.ts";
import { contentsOf, writePieces } from "../support/repository.ts";
import { codeCases } from "../support/codeCases.ts";

describe("the code of a Python model, read by this machine's Python", () => {
  for (const { title, code, problem, decoupled = false } of codeCases) {
    it(problem === undefined ? `has no problems with ${title}` : `has ${problem} with ${title}`, async () => {
      const config = decoupled ? `${base}model_transaction_policy { decoupled: true }` : base;
      const contents = await withPythonReadings(contentsOf(one(config, { "m/1/model.py": code })));
      // A release whose Python is as old as any, so that what this machine's refuses is certain.
      const problems = checkModelRepository(contents, { release: "24.10" }).filter(({ code }) =>
        /^python-[sce]/.test(code),
      );
      expect(problems.map(({ code }) => code.replace("python-syntax-here", "python-syntax"))).to.deep.equal(
        problem === undefined ? [] : [problem],
      );
    });
  }

  it("is a fault in a file that isn't UTF-8 and names no encoding, in a folder and in an archive", async () => {
    await inNewFolder(async (folder) => {
      const directory = path.join(folder, "models");
      const code = (head: string) => Buffer.from(`${head}# Gr\u00fc\u00dfe\n${python}`, "latin1");
      writePieces(one(base, { "n/config.pbtxt": base, "n/1/": "" }), directory);
      fs.writeFileSync(path.join(directory, "m/1/model.py"), code("import os\n"));
      fs.writeFileSync(path.join(directory, "n/1/model.py"), code("# -*- coding: latin-1 -*-\n"));
      const { file } = await packModelRepository(directory, { cacheDirectory: path.join(folder, "cache") });
      for (const read of [await readModelFolder(directory), await readModelArchive(file)]) {
        const problems = checkModelRepository(await withPythonReadings(read), { defaultModelName: "m" });
        const found = problems.filter(({ code }) => code.startsWith("python-"));
        expect(found.map(({ code, path, line }) => ({ code, path, line }))).to.deep.equal([
          { code: "python-syntax", path: "m/1/model.py", line: 2 },
        ]);
      }
    });
  });

  it("is left alone where there is no Python", async () => {
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      const contents = contentsOf(one(base, { "m/1/model.py": "def" }));
      expect(await withPythonReadings(contents, "24.10")).to.equal(contents);
    } finally {
      process.env.PATH = PATH;
    }
  });

  const judged = (reading: PythonReading, options: CheckOptions) => {
    const contents = { ...contentsOf(one(base)), python: new Map([["m/1/model.py", reading]]) };
    return checkModelRepository(contents, options).map(({ code, line, message }) => [code, line, message].join(" "));
  };
  const error = { message: "invalid syntax", line: 3 };

  it("is certainly at fault only if this machine's Python is as new as the one that runs it", () => {
    expect(judged({ version: "3.12", error }, { release: "24.10" })).to.deep.equal([
      "python-syntax 3 Python can't parse the file: invalid syntax.",
    ]);
    expect(judged({ version: "3.8", error }, { release: "24.10" })).to.deep.equal([
      "python-syntax-here 3 This machine's Python 3.8 can't parse the file: invalid syntax.",
    ]);
    expect(judged({ version: "3.12", error }, { release: "24.10", ownImage: true })).to.deep.equal([
      "python-syntax-here 3 This machine's Python 3.12 can't parse the file: invalid syntax.",
    ]);
  });

  it("may need a newer Python than the release's", () => {
    const needs = {
      version: "3.10",
      message: "Pattern matching is only supported in Python 3.10 and greater",
      line: 4,
    };
    expect(judged({ version: "3.11", needs }, { release: "23.04" })).to.deep.equal([
      `python-syntax 4 The code needs Python 3.10, but Python 3.8 runs it: ${needs.message}.`,
    ]);
    expect(judged({ version: "3.11", needs }, { release: "24.10" })).to.deep.equal([]);
    expect(judged({ version: "3.11", needs }, { release: "23.04", ownImage: true })).to.deep.equal([]);
  });
});
