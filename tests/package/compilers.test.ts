import { expect } from "chai";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { installedPackage, run } from "../support/installedPackage.ts";

/** TypeScript's versions that programs may have, besides this project's own. */
const others = ["5.4.5", "5.9.3"];

describe("the declarations in the packed package", () => {
  let directory: string;
  let files: readonly string[];
  let compilers: readonly string[];

  before(async function () {
    this.timeout(300_000);
    ({ directory, files } = await installedPackage());
    const entries = ["", "/check", "/client", "/testing", "/stack"].map((entry) => `"sagemaker-triton${entry}"`);
    const imports = entries.map((entry, index) => `import * as entry${index} from ${entry};`);
    const program = `${readFileSync("tests/package/consumer.ts", "utf8")}
${imports.join("\n")}
export const all = [${entries.map((_, index) => `entry${index}`).join(", ")}];
`;
    for (const extension of ["ts", "mts", "cts"]) writeFileSync(path.join(directory, `program.${extension}`), program);
    const folder = path.join(directory, "compilers");
    mkdirSync(folder);
    const named = others.map((version) => `typescript-${version}@npm:typescript@${version}`);
    await run("npm", ["install", "--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund", ...named], folder);
    compilers = [
      ...others.map((version) => path.join(folder, "node_modules", `typescript-${version}`)),
      path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    ];
  });

  it("import only Pulumi's packages and Node.js's own modules", () => {
    const imported = files
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => readFileSync(path.join(directory, "node_modules/sagemaker-triton", file), "utf8"))
      .flatMap((text) => [...text.matchAll(/(?:from |import\()"([^."][^"]*)"/g)].map(([, name]) => name));
    expect([...new Set(imported)].sort()).to.deep.equal([
      "@pulumi/aws",
      "@pulumi/docker",
      "@pulumi/pulumi",
      "diagnostics_channel",
      "node:fs",
    ]);
  });

  it("compile with TypeScript 5.4, 5.9 and 6, every module setting, with and without esModuleInterop", async function () {
    this.timeout(600_000);
    const compile = path.resolve("tests/package/compile.ts");
    const runs = compilers.map((compiler) => run(process.execPath, [compile, compiler, directory]));
    const outputs = await Promise.all(runs);
    for (const { stdout } of outputs) expect(stdout.match(/declarations, 0 errors/g)).to.have.length(12);
  });
});
