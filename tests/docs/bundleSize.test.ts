import { expect } from "chai";
import * as esbuild from "esbuild";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The size of a page's script that uses these functions of the codec alone, in kB, minified and with gzip. */
async function sizesOf(...names: readonly string[]): Promise<readonly string[]> {
  const contents = `import { ${names.join(", ")} } from "./inference/index.ts"; globalThis.used = [${names.join(", ")}];`;
  const { outputFiles } = await esbuild.build({
    ...{ stdin: { contents, resolveDir: process.cwd() }, write: false },
    ...{ bundle: true, format: "esm", platform: "browser", minify: true },
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return [bytes, gzipSync(bytes, { level: 9 })].map(({ length }) => (length / 1000).toPrecision(2));
}

describe("the codec's size in a bundle", () => {
  it("is the one that docs/client.md states, and less if only one direction is used", async () => {
    const text = readFileSync("docs/client.md", "utf8");
    const [both, zipped] = await sizesOf("encodeRequest", "decodeResponse");
    const [encoding] = await sizesOf("encodeRequest");
    const [decoding] = await sizesOf("decodeResponse");
    expect(text).to.include(
      `(${both} kB minified, ${zipped} kB with gzip; ${encoding} kB if it only encodes, ${decoding} kB if it only decodes)`,
    );
  });
});
