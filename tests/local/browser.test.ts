import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";

/** What the page sends back: the answer as values, or why there is none. */
type Told = { readonly answers: readonly Readonly<Record<string, unknown>>[] } | { readonly error: string };

/** Sends the model's own request in both forms from the page, and posts what it decodes. */
const program = `
import { decodeRequest, decodeResponse, encodeRequest, plainValues } from "./inference/index.ts";
async function ask(form) {
  const example = new Uint8Array(await (await fetch("/request.json")).arrayBuffer());
  const { body, contentType } = encodeRequest(decodeRequest(example, "application/json"), form);
  const answer = await fetch("/invocations", { method: "POST", body, headers: { "content-type": contentType } });
  const { outputs } = decodeResponse(new Uint8Array(await answer.arrayBuffer()), answer.headers.get("content-type"));
  return Object.fromEntries(outputs.map(({ name, datatype, data }) => [name, plainValues(datatype, data)]));
}
Promise.all(["json", "binary"].map(ask))
  .then((answers) => ({ answers }), (error) => ({ error: String(error) }))
  .then((told) => fetch("/told", { method: "POST", body: JSON.stringify(told) }));
`;

const browser = ["chromium", "chromium-browser", "google-chrome"].find(
  (command) => spawnSync(command, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0,
);

describe("the codec in a browser's page", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "browser-test-"));
  let triton: RunningTriton;

  before(async function () {
    if (browser === undefined) {
      console.log("      there is no Chromium on this machine: apt-get install chromium");
      this.skip();
    }
    this.timeout(600_000);
    const modelDirectory = path.join(folder, "model");
    cpSync("models", modelDirectory, { recursive: true });
    mkdirSync(path.join(modelDirectory, "penguins/1"), { recursive: true });
    triton = await startTriton({
      ...{ installation: await installTriton(), modelDirectory, port: 0, startupTimeoutInSeconds: 60 },
      environment: { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins", SAGEMAKER_TRITON_LOG_VERBOSE: "false" },
    });
  });

  after(async () => {
    if (browser !== undefined) await triton.stop();
    rmSync(folder, { recursive: true });
  });

  it("asks a real Triton and reads its answers", async () => {
    const { outputFiles } = await esbuild.build({
      ...{ stdin: { contents: program, resolveDir: process.cwd() }, write: false },
      ...{ bundle: true, format: "esm", platform: "browser", minify: true },
    });
    const told = await toldByPage(outputFiles[0]?.text ?? "", triton.url, folder);
    const { outputs } = JSON.parse(readFileSync("models/penguins/response.json", "utf8")) as {
      outputs: { name: string; data: unknown[] }[];
    };
    const expected = Object.fromEntries(outputs.map(({ name, data }) => [name, data]));
    if ("error" in told) throw new Error(told.error);
    expect(told.answers).to.have.length(2);
    for (const answer of told.answers) {
      expect(Object.keys(answer).sort()).to.deep.equal(Object.keys(expected).sort());
      expect(answer.species).to.deep.equal(expected.species);
    }
  });
});

/** Opens a page with the program in the browser; its server passes `/invocations` on, as an application's would. */
async function toldByPage(code: string, tritonUrl: string, folder: string): Promise<Told> {
  const told = Promise.withResolvers<Told>();
  const answer = async (request: IncomingMessage): Promise<readonly [body: string | Buffer, type: string]> => {
    switch (request.url) {
      case "/":
        return ['<!doctype html><script type="module" src="/page.js"></script>', "text/html"];
      case "/page.js":
        return [code, "text/javascript"];
      case "/request.json":
        return [readFileSync("models/penguins/request.json"), "application/json"];
      case "/invocations": {
        const body = await buffer(request);
        const headers = { "content-type": request.headers["content-type"] ?? "" };
        const passed = await fetch(`${tritonUrl}/invocations`, { method: "POST", body, headers });
        return [Buffer.from(await passed.arrayBuffer()), passed.headers.get("content-type") ?? ""];
      }
      case "/told":
        told.resolve(JSON.parse((await buffer(request)).toString()) as Told);
        return ["", "text/plain"];
      case undefined:
      default:
        return ["", "text/plain"];
    }
  };
  const server = createServer((request, response) => {
    void answer(request).then(([body, type]) => response.setHeader("content-type", type).end(body), told.reject);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
  const profile = `--user-data-dir=${path.join(folder, "profile")}`;
  const opened = execFile(browser ?? "", [...options, profile, address], (error) => {
    if (error && !error.killed) told.reject(error);
  });
  try {
    return await told.promise;
  } finally {
    opened.kill();
    await new Promise((resolve) => opened.once("close", resolve));
    server.close();
    server.closeAllConnections();
  }
}
