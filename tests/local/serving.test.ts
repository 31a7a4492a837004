import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { exampleRequest, invoke } from "../../local/exampleRequest.ts";
import { startTriton, type RunningTriton } from "../../local/startTriton.ts";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { decodeRequest, decodeResponse, encodeRequest, plainValues } from "../../inference/index.ts";

describe("the example, served by a real Triton", () => {
  let installation: TritonInstallation;
  let triton: RunningTriton;
  let directory: string;
  const root = path.join(tmpdir(), `sagemaker-triton-test-${process.pid}`);

  before(async function () {
    this.timeout(300_000);
    installation = await installTriton();
    directory = path.join(root, "model");
    cpSync("models", directory, { recursive: true });
    mkdirSync(path.join(directory, "penguins/1"), { recursive: true });
    const environment = { SAGEMAKER_TRITON_DEFAULT_MODEL_NAME: "penguins", SAGEMAKER_TRITON_LOG_VERBOSE: "false" };
    triton = await startTriton({
      installation,
      modelDirectory: directory,
      environment,
      port: 0,
      startupTimeoutInSeconds: 60,
    });
  });

  after(async () => {
    await triton.stop();
    await rm(root, { recursive: true, force: true });
  });

  it("answers its own request as expected", async () => {
    const request = (await exampleRequest(directory, "penguins"))!;
    expect(answerDifferences(request.expected!, await invoke(triton.url, request))).to.deep.equal([]);
  });

  it("gives the same answer in SageMaker's binary form", async () => {
    const request = decodeRequest(readFileSync("models/penguins/request.json"), "application/json");
    const expected = decodeResponse(readFileSync("models/penguins/response.json"));
    const response = await invoke(triton.url, encodeRequest(request, "binary"));
    const species = response.outputs.find(({ name }) => name === "species")!;
    expect(plainValues(species.datatype, species.data)).to.deep.equal(["Adelie", "Chinstrap", "Gentoo"]);
    expect(answerDifferences(expected, response)).to.deep.equal([]);
  });

  it("refuses a request with Triton's own message", async () => {
    const refused = await invoke(triton.url, { body: Buffer.from("{}"), contentType: "application/json" }).then(
      () => "answered",
      (error: unknown) => (error as Error).message,
    );
    expect(refused).to.match(/^Triton refuses the request with \d{3}: ./);
  });

  it("can only be reached through 127.0.0.1", () => {
    if (!triton.isolation.isolated) expect(triton.isolation.reason).to.not.equal("");
    else {
      const listening = readFileSync("/proc/net/tcp", "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , state]) => state === "0A");
      const port = Number(new URL(triton.url).port).toString(16).toUpperCase().padStart(4, "0");
      expect(listening.map(([, local]) => local).filter((local) => local?.endsWith(`:${port}`))).to.deep.equal([
        `0100007F:${port}`,
      ]);
      expect(triton.url).to.match(/^http:\/\/127\.0\.0\.1:/);
    }
  });

  it("is installed once, and needs no network after that", async () => {
    const before = process.env.PATH;
    // A proxy that refuses: whatever wants to reach PyPI fails.
    process.env.HTTPS_PROXY = "http://127.0.0.1:9";
    try {
      expect(await installTriton()).to.deep.equal(installation);
    } finally {
      delete process.env.HTTPS_PROXY;
      process.env.PATH = before;
    }
  });
});
