import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { exampleRequest, invoke, targetModelHeader } from "../../local/exampleRequest.ts";
import { startMultiModelEndpoint, type MultiModelEndpoint } from "../../local/multiModelEndpoint.ts";
import { installedServer, type LocalServer } from "../../local/localServer.ts";
import { installTriton } from "../../local/triton.ts";
import { checkTargetModel } from "../../triton/repository/multiModel.ts";
import { decodeResponse } from "../../inference/index.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";
import { brokenModel, endlessCode } from "../support/pythonModels.ts";
import { contentsOf, writePieces, type Pieces } from "../support/repository.ts";
import { targetModelCases } from "../support/targetModelCases.ts";

const environment = { SAGEMAKER_TRITON_LOG_VERBOSE: "false", SAGEMAKER_TRITON_PING_MODE: "live" };
const ten = { inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [10] }] };

const fromPieces = (name: string, pieces: Pieces) => ({
  name,
  unpack: (directory: string) => {
    writePieces(pieces, directory);
    return Promise.resolve();
  },
});

const fromFolder = (name: string, folder: string) => ({
  name,
  unpack: (directory: string) => cp(folder, directory, { recursive: true }),
});

describe("many models, served by a real Triton", () => {
  let server: LocalServer;
  let endpoint: MultiModelEndpoint;
  const root = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-many-"));
  const modelDirectory = path.join(root, "opt/ml/model");
  const caseName = (index: number) => `case-${index}.tar.gz`;

  before(async function () {
    this.timeout(300_000);
    server = installedServer(await installTriton());
    cpSync("models", path.join(root, "models"), { recursive: true });
    writeFiles(root, { "opt/ml/model/": "", "models/penguins/1/": "" });
    endpoint = await startMultiModelEndpoint({
      ...{ server, modelDirectory, environment, port: 0, startupTimeoutInSeconds: 60 },
      targetModels: [
        fromFolder("with-body-mass.tar.gz", "examples/multi-model/with-body-mass"),
        fromFolder("without-body-mass.tar.gz", "examples/multi-model/without-body-mass"),
        fromFolder("first.tar.gz", path.join(root, "models")),
        fromFolder("second.tar.gz", path.join(root, "models")),
        fromPieces("broken.tar.gz", brokenModel),
        ...targetModelCases.map(({ pieces }, index) => fromPieces(caseName(index), pieces)),
      ],
    });
  });

  after(async () => {
    await endpoint.stop();
    rmSync(root, { recursive: true });
  });

  const post = (targetModel: string | undefined, body: object = ten) =>
    fetch(`${endpoint.url}/invocations`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...(targetModel && { [targetModelHeader]: targetModel }) },
    });
  const ping = async () => (await fetch(`${endpoint.url}/ping`)).status;

  it("are loaded when a request names them, and answer as expected", async () => {
    for (const name of ["with-body-mass", "without-body-mass"]) {
      const request = (await exampleRequest(path.join("examples/multi-model", name), "penguins"))!;
      const response = await invoke(endpoint.url, request, `${name}.tar.gz`);
      expect(answerDifferences(request.expected!, response), name).to.deep.equal([]);
      expect(response.model_name).to.equal(`${name}.tar.gz`);
    }
  });

  it("may have steps with the same names, because each archive is a separate namespace", async () => {
    const request = (await exampleRequest("models", "penguins"))!;
    for (const name of ["first.tar.gz", "second.tar.gz"]) {
      expect(answerDifferences(request.expected!, await invoke(endpoint.url, request, name)), name).to.deep.equal([]);
    }
    await endpoint.unload("first.tar.gz");
    expect(answerDifferences(request.expected!, await invoke(endpoint.url, request, "second.tar.gz"))).to.deep.equal(
      [],
    );
  });

  it("are loaded once for concurrent requests, and again after they were unloaded", async () => {
    const name = caseName(0);
    const statuses = async () => (await Promise.all([1, 2, 3].map(() => post(name)))).map(({ status }) => status);
    expect(await statuses()).to.deep.equal([200, 200, 200]);
    const { directory } = await endpoint.load(name);
    await endpoint.unload(name);
    expect(existsSync(directory)).to.equal(false);
    expect(await statuses()).to.deep.equal([200, 200, 200]);
  });

  it("must be named in the header, by an existing name", async () => {
    expect((await post(undefined)).status).to.equal(400);
    const unknown = await post("nobody.tar.gz");
    expect(unknown.status).to.equal(404);
    expect(await unknown.text()).to.include("nobody.tar.gz");
    expect((await fetch(`${endpoint.url}/models`)).status).to.equal(404);
  });

  it("aren't affected by one that doesn't load, which fails with Triton's reason while the endpoint stays healthy", async () => {
    const refused = await endpoint.load("broken.tar.gz").then(
      () => "loaded",
      (error: unknown) => (error as Error).message,
    );
    expect(refused).to.match(/^Triton could not load broken\.tar\.gz:\n.*No module named 'no_such_module'/);
    expect(refused).to.include("/opt/ml/models/").and.not.include(root);
    expect((await post("broken.tar.gz")).status).to.equal(500);
    expect(await ping()).to.equal(200);
    expect((await post(caseName(0))).status).to.equal(200);
  });

  for (const [index, { title, pieces, triton }] of targetModelCases.entries()) {
    it(`are judged by the check as by Triton, which with ${title} ${typeof triton === "number" ? "answers" : triton}`, async () => {
      const accepted = checkTargetModel(contentsOf(pieces)).every(({ severity }) => severity === "warning");
      expect(accepted).to.equal(typeof triton === "number");
      const loaded = await endpoint.load(caseName(index)).then(
        () => true,
        () => false,
      );
      expect(loaded, "loaded").to.equal(triton !== "does not load");
      if (!loaded) return;
      const response = await post(caseName(index));
      if (triton === "refuses requests") expect(response.status).to.equal(400);
      else expect(response.status).to.equal(200);
      if (typeof triton !== "number") return;
      expect(decodeResponse(await response.text()).outputs[0]?.data).to.deep.equal(Float32Array.of(10 * triton));
    });
  }

  it("fail if Triton doesn't finish loading one", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, { "model/": "" });
      const other = await startMultiModelEndpoint({
        ...{ server, environment, port: 0, startupTimeoutInSeconds: 5 },
        modelDirectory: path.join(directory, "model"),
        targetModels: [
          fromPieces("endless.tar.gz", { "m/config.pbtxt": 'backend: "python"', "m/1/model.py": endlessCode }),
        ],
      });
      const refused = await other.load("endless.tar.gz").then(
        () => "loaded",
        (error: unknown) => (error as Error).message,
      );
      await other.stop();
      expect(refused).to.match(/^Triton did not load endless\.tar\.gz in 5 s, the time that containerStartup/);
    });
  });

  it("fail Triton's ping if one doesn't load and the environment doesn't set live", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, { "model/": "" });
      const other = await startMultiModelEndpoint({
        ...{ server, port: 0, startupTimeoutInSeconds: 60 },
        environment: { SAGEMAKER_TRITON_LOG_VERBOSE: "false" },
        modelDirectory: path.join(directory, "model"),
        targetModels: [fromPieces("broken.tar.gz", brokenModel)],
      });
      try {
        expect((await fetch(`${other.url}/ping`)).status).to.equal(200);
        await other.load("broken.tar.gz").catch(() => undefined);
        expect((await fetch(`${other.url}/ping`)).status).to.equal(400);
      } finally {
        await other.stop();
      }
    });
  });
});
