import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { snippets } from "../support/printedCommands.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const exported: Readonly<Record<string, string>> = {
  "sagemaker-triton/testing": "preview/index.ts",
  "sagemaker-triton": "components/index.ts",
};

describe("docs/testing.md", () => {
  const [program = "", ...tests] = snippets()
    .filter(({ place, language }) => place.startsWith("docs/testing.md") && language === "ts")
    .map(({ text }) => fromSources(text));

  for (const test of tests) {
    const [, title] = /test\("(.*)"/.exec(test) ?? [];
    it(`shows a unit test that passes: ${title}`, async () => {
      await inTemporaryFolder(async (directory) => {
        symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
        cpSync("models", path.join(directory, "models"), { recursive: true });
        writeFiles(directory, { "package.json": '{"type":"module"}', "index.ts": program, "index.test.ts": test });
        await promisify(execFile)(process.execPath, ["--test"], { cwd: directory, timeout: 30_000 });
      });
    }).timeout(60_000);
  }

  it("shows one with plain mocks and one with the package's", () => {
    if (tests.length !== 2) throw new Error(`${tests.length} tests`);
  });
});

/** The snippet with this repository's sources in place of the package. */
function fromSources(text: string): string {
  return text.replaceAll(/from "(sagemaker-triton[\w/]*)"/g, (_, name: string) => {
    return `from "${pathToFileURL(path.resolve(exported[name] ?? name)).href}"`;
  });
}
