import { expect } from "chai";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { findPython } from "../../local/python.ts";
import { neededImports } from "../../triton/models/pythonImports.ts";

type Import = readonly [name: string, level: number, line: number, inMethod: boolean];

describe("the imports that Python code needs", () => {
  it("are those that Python's own parser finds in its standard library and in the example models", async function () {
    this.timeout(300_000);
    const { executable } = await findPython();
    const run = promisify(execFile);
    const { stdout: library } = await run(executable, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
    const { stdout } = await run(
      executable,
      ["-W", "ignore", "tests/support/python_imports.py", library.trim(), "models", "examples", "examples/template"],
      { maxBuffer: 2 ** 28 },
    );
    const told = Object.entries(JSON.parse(stdout) as Readonly<Record<string, readonly Import[]>>);
    expect(told.length).to.be.at.least(500);
    const wrong = told.filter(([file, imports]) => JSON.stringify(imports) !== JSON.stringify(found(file)));
    expect(wrong.map(([file, imports]) => ({ file, imports, found: found(file) }))).to.deep.equal([]);
  });
});

/** Sorted as the program in Python sorts them. */
function found(file: string): Import[] {
  return neededImports(readFileSync(file, "utf8"))
    .map(({ name, level, line, inMethod }): Import => [name, level, line, inMethod])
    .sort((a, b) => a[2] - b[2] || Number(a[0] > b[0]) - Number(a[0] < b[0]) || a[1] - b[1]);
}
