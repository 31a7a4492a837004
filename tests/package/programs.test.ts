import { cpSync } from "node:fs";
import * as path from "node:path";
import { installedPackage, run } from "../support/installedPackage.ts";

describe("examples/programs/", () => {
  let project: string;

  before(async function () {
    this.timeout(300_000);
    const { directory } = await installedPackage();
    project = path.join(directory, "programs");
    cpSync("examples/programs", project, { recursive: true });
    cpSync("examples/template/models", path.join(project, "models"), { recursive: true });
  });

  it("has programs without TypeScript errors", async function () {
    this.timeout(300_000);
    await run("tsc", ["--project", project]);
  });

  it("has programs that pass their unit tests", async function () {
    this.timeout(300_000);
    await run(process.execPath, ["--test"], project);
  });
});
