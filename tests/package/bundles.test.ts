import { nodeResolve } from "@rollup/plugin-node-resolve";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { rollup } from "rollup";
import webpack from "webpack";
import { installedPackage, run } from "../support/installedPackage.ts";

const program = `import { decodeRequest, decodeResponse, encodeRequest, plainValues } from "sagemaker-triton/client";
const tensors = [
  { name: "half", datatype: "FP16", shape: [2], data: [0.5, 1] },
  { name: "text", datatype: "BYTES", shape: [1], data: ["Grüße"] },
];
const { body, contentType } = encodeRequest({ inputs: tensors });
const { inputs } = decodeRequest(body, contentType);
let mistake = "";
try {
  decodeResponse('{"outputs": [1,]}');
} catch (error) {
  mistake = error.message;
}
console.log(JSON.stringify([...inputs.map(({ datatype, data }) => plainValues(datatype, data)), mistake]));
`;
const printed = [[0.5, 1], ["Grüße"], "the body isn't JSON: line 1, column 16: Unexpected token ']'"];

/** The bundlers, each of which writes one file from the program. */
const bundlers: Readonly<Record<string, (entry: string, outfile: string, format: "esm" | "cjs") => Promise<unknown>>> =
  {
    esbuild: (entry, outfile, format) =>
      esbuild.build({ entryPoints: [entry], outfile, format, bundle: true, platform: "node", logLevel: "silent" }),
    async rollup(input, file, format) {
      const bundle = await rollup({ input, plugins: [nodeResolve()] });
      await bundle.write({ file, format });
    },
    webpack: (entry, outfile, format) =>
      new Promise((resolve, reject) => {
        const output = { path: path.dirname(outfile), filename: path.basename(outfile) };
        const module = format === "esm";
        const library = module ? { library: { type: "module" } } : {};
        const experiments = { outputModule: module };
        const options = {
          mode: "production",
          target: "node",
          entry,
          output: { ...output, ...library, module },
          experiments,
        };
        webpack(options as webpack.Configuration, (error, stats) => {
          if (error) reject(error);
          else if (stats?.hasErrors()) reject(new Error(stats.toString()));
          else resolve(stats);
        });
      }),
  };

describe("sagemaker-triton/client in a bundle", () => {
  let directory: string;
  let entry: string;

  before(async function () {
    this.timeout(300_000);
    ({ directory } = await installedPackage());
    entry = path.join(directory, "bundled.mjs");
    writeFileSync(entry, program);
  });

  for (const [name, bundle] of Object.entries(bundlers)) {
    for (const [format, extension] of [
      ["esm", "mjs"],
      ["cjs", "cjs"],
    ] as const) {
      it(`of ${name}, .${extension}, runs by itself`, async () => {
        const file = path.join(directory, "bundles", `${name}.${extension}`);
        await bundle(entry, file, format);
        const { stdout } = await run(process.execPath, [file], path.dirname(file));
        expect(JSON.parse(stdout)).to.deep.equal(printed);
      });
    }
  }

  it("for a browser has none of Node.js's names", async () => {
    const outfile = path.join(directory, "bundles/browser.js");
    await esbuild.build({ entryPoints: [entry], outfile, bundle: true, platform: "browser", minify: true });
    expect(readFileSync(outfile, "utf8")).not.to.match(/\b(Buffer|process|require)\b/);
  });
});
