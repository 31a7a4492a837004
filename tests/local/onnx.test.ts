import { expect } from "chai";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, promisify } from "node:util";
import { loadedConfigs } from "../../commands/loadedConfigs.ts";
import { launchTriton, type LaunchedTriton } from "../../local/launchTriton.ts";
import { addOnnxRuntime } from "../../local/onnxRuntime.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { tritonOfRun } from "../../local/tritonOfRun.ts";
import { readModelFolder } from "../../packing/folder.ts";

/** A model, a request for it, and what ONNX Runtime itself answers. */
interface Case {
  readonly model: string;
  /** Whether ONNX Runtime works out a size of an output that the file leaves open. */
  readonly workedOut: boolean;
  readonly headerSize: number;
  readonly body: string;
  readonly outputs: Readonly<Record<string, Output>>;
}

interface Output {
  readonly datatype: string;
  readonly shape: readonly number[];
  /** The tensor's bytes, in base 64. */
  readonly bytes: string;
}

describe("ONNX models on the real Triton", () => {
  let root: string;
  let installation: TritonInstallation;
  let cases: readonly Case[];
  const started: LaunchedTriton[] = [];

  before(async function () {
    this.timeout(300_000);
    root = mkdtempSync(path.join(tmpdir(), "onnx-"));
    const installed = await installTriton();
    installation = await tritonOfRun(installed, path.join(root, "run"));
    await addOnnxRuntime(installation);
    const packages = await installPythonPackages(installed.directory, installed.python, {
      title: "onnx 1.23.2",
      name: `onnx-1.23.2-python-${installed.python.version}`,
      installs: [{ requirements: ["onnx==1.23.2"], target: "." }],
    });
    await promisify(execFile)(installed.python.executable, ["tests/support/onnx_models.py", root, "20261125", "20"], {
      env: {
        PYTHONPATH: [packages, path.join(installation.backendDirectory, "onnxruntime")].join(":"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
    cases = JSON.parse(readFileSync(path.join(root, "cases.json"), "utf8")) as Case[];
  });

  afterEach(async () => {
    for (const triton of started.splice(0)) await triton.stop();
  });

  after(() => {
    rmSync(root, { recursive: true });
  });

  it("give the same answers as ONNX Runtime itself, bit for bit", async () => {
    const triton = await serve(path.join(root, "repository"));
    expect(await wrongAnswers(triton), triton.log.reason).to.deep.equal([]);
  });

  it("can be served with the configurations that check --show-config prints, unless those say what may be wrong", async () => {
    const repository = path.join(root, "configured");
    cpSync(path.join(root, "repository"), repository, { recursive: true });
    const configs = loadedConfigs(await readModelFolder(repository), {});
    for (const [model, text] of Object.entries(configs)) {
      writeFileSync(path.join(repository, model, "config.pbtxt"), text);
    }
    // Nothing is completed any more.
    const triton = await serve(repository, "--disable-auto-complete-config");
    const wrong = (await wrongAnswers(triton)).map(({ entry }) => entry);
    expect(wrong.filter(({ workedOut }) => !workedOut)).to.deep.equal([]);
    expect(wrong).not.to.be.empty;
    for (const { model } of wrong) expect(configs[model]).to.match(/^# If ONNX Runtime infers an output's size/);
  });

  async function serve(repository: string, ...more: string[]): Promise<LaunchedTriton> {
    const triton = await launchTriton({
      installation,
      port: 0,
      modelsDirectory: path.dirname(repository),
      portArgument: "--http-port",
      arguments: [
        ...[`--model-repository=${repository}`, "--http-address=127.0.0.1", "--exit-timeout-secs=0", ...more],
        ...["--allow-grpc=false", "--allow-metrics=false", "--exit-on-error=false"],
        ...[
          "--backend-config=python,shm-default-byte-size=1048576",
          "--backend-config=python,shm-growth-byte-size=1048576",
        ],
      ],
    });
    started.push(triton);
    for (let tries = 0; tries < 5000 && !(await answers(`${triton.url}/v2/health/live`)); tries++) await sleep(20);
    return triton;
  }

  async function wrongAnswers({ url }: LaunchedTriton) {
    const answered = await Promise.all(cases.map(async (entry) => ({ entry, outputs: await ask(url, entry) })));
    return answered.filter(({ entry, outputs }) => !isDeepStrictEqual(outputs, entry.outputs));
  }
});

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The outputs by name, or what Triton says where it refuses the request. */
async function ask(url: string, { model, headerSize, body }: Case): Promise<Record<string, Output> | string> {
  const response = await fetch(`${url}/v2/models/${model}/infer`, {
    method: "POST",
    body: Buffer.from(body, "base64"),
    headers: { "inference-header-content-length": String(headerSize) },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) return `${model}: ${bytes.toString()}`;
  let offset = Number(response.headers.get("inference-header-content-length") ?? bytes.length);
  const header = JSON.parse(bytes.toString("utf8", 0, offset)) as {
    outputs: (Omit<Output, "bytes"> & { name: string; parameters: { binary_data_size: number } })[];
  };
  return Object.fromEntries(
    header.outputs.map(({ name, datatype, shape, parameters }) => {
      const end = offset + parameters.binary_data_size;
      const output = { datatype, shape, bytes: bytes.toString("base64", offset, end) };
      offset = end;
      return [name, output];
    }),
  );
}
