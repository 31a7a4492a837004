import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exampleRequest } from "../../local/exampleRequest.ts";
import { launchTriton, type LaunchedTriton } from "../../local/launchTriton.ts";
import { installTriton } from "../../local/triton.ts";
import { writePieces } from "../support/repository.ts";
import { requestCases } from "../support/requestCases.ts";

describe("a request generated from a configuration", () => {
  let directory: string;
  let triton: LaunchedTriton;
  /** Triton's reason for each model that doesn't load; empty for those that do. */
  let reasons: readonly string[];

  before(async function () {
    this.timeout(300_000);
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "requests-"));
    requestCases.forEach(({ pieces }, index) => {
      writePieces(renamed(pieces, index), path.join(directory, "models"));
    });
    triton = await launchTriton({
      installation: await installTriton(),
      port: 0,
      modelsDirectory: directory,
      portArgument: "--http-port",
      arguments: [
        ...[`--model-repository=${directory}/models`, "--http-address=127.0.0.1", "--allow-grpc=false"],
        ...["--allow-metrics=false", "--model-control-mode=explicit", "--exit-timeout-secs=0"],
      ],
      environment: { OPENBLAS_NUM_THREADS: "1" },
    });
    while (!(await fetch(`${triton.url}/v2/health/ready`).catch(() => undefined))?.ok) await sleep(20);
    reasons = await Promise.all(requestCases.map((_, index) => load(`c${index}_m`)));
  });

  after(async () => {
    await triton.stop();
    fs.rmSync(directory, { recursive: true });
  });

  requestCases.forEach(({ title }, index) => {
    it(`is answered by ${title}`, async () => {
      const model = `c${index}_m`;
      expect(reasons[index]).to.equal("");
      const request = await exampleRequest(path.join(directory, "models"), model);
      const size = /json-header-size=(\d+)/.exec(request?.contentType ?? "")?.[1] ?? "";
      const response = await fetch(`${triton.url}/v2/models/${model}/infer`, {
        method: "POST",
        body: request?.body as Uint8Array<ArrayBuffer>,
        headers: { "inference-header-content-length": size },
      });
      expect(response.ok ? "" : await response.text()).to.equal("");
    });
  });

  async function load(model: string): Promise<string> {
    return await (await fetch(`${triton.url}/v2/repository/models/${model}/load`, { method: "POST" })).text();
  }
});

function renamed(pieces: (typeof requestCases)[number]["pieces"], index: number) {
  const entries = Object.entries(pieces).map(([file, text]) => [
    `c${index}_${file}`,
    text.replace(/(?<=model_name: ")\w+/g, (name) => `c${index}_${name}`),
  ]);
  return Object.fromEntries(entries) as typeof pieces;
}
