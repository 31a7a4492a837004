import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, promisify } from "node:util";
import { launchTriton, type LaunchedTriton } from "../../local/launchTriton.ts";
import { addOnnxRuntime } from "../../local/onnxRuntime.ts";
import { installPythonPackages } from "../../local/pythonPackages.ts";
import { installTriton } from "../../local/triton.ts";
import { tritonOfRun } from "../../local/tritonOfRun.ts";

/** A model, a request for it, and what ONNX Runtime itself answers. */
interface Case {
  readonly model: string;
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
  let triton: LaunchedTriton;
  let cases: readonly Case[];

  before(async function () {
    this.timeout(300_000);
    root = mkdtempSync(path.join(tmpdir(), "onnx-"));
    const installed = await installTriton();
    const installation = await tritonOfRun(installed, path.join(root, "run"));
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
    triton = await launchTriton({
      installation,
      port: 0,
      portArgument: "--http-port",
      arguments: [
        ...[`--model-repository=${path.join(root, "repository")}`, "--http-address=127.0.0.1", "--exit-timeout-secs=0"],
        ...["--allow-grpc=false", "--allow-metrics=false", "--exit-on-error=false"],
        ...[
          "--backend-config=python,shm-default-byte-size=1048576",
          "--backend-config=python,shm-growth-byte-size=1048576",
        ],
      ],
    });
    for (let tries = 0; tries < 2000 && !(await answers(`${triton.url}/v2/health/live`)); tries++) await sleep(50);
  });

  after(async () => {
    await triton.stop();
    rmSync(root, { recursive: true });
  });

  it("answer what ONNX Runtime itself answers, bit for bit", async () => {
    const answered = await Promise.all(cases.map(async (entry) => ({ entry, outputs: await ask(triton.url, entry) })));
    const wrong = answered.filter(({ entry, outputs }) => !isDeepStrictEqual(outputs, entry.outputs));
    expect(wrong, triton.log.reason).to.deep.equal([]);
  });
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
