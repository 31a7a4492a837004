import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchTriton, type LaunchedTriton } from "../../local/launchTriton.ts";
import { addOnnxRuntime } from "../../local/onnxRuntime.ts";
import { serveArguments } from "../../local/serveArguments.ts";
import { installTriton, type TritonInstallation } from "../../local/triton.ts";
import { tritonOfRun } from "../../local/tritonOfRun.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import { contentsOf, writePieces, type Pieces } from "../support/repository.ts";
import type { RepositoryCase } from "../support/casePieces.ts";
import { writeOnnxFiles, type DescribedFile } from "../support/onnxPackages.ts";
import { repositoryCases } from "../support/repositoryCases.ts";

/** What became of a case. */
interface Verdict {
  readonly title: string;
  /** The check's errors; empty where it would serve. */
  readonly check: readonly string[];
  /** Why Triton does not serve it; empty where it does. */
  readonly triton: string;
  /** Why the two are known to differ. */
  readonly deviates?: string;
}

/** Every server, so that none is left if a case fails. */
const started: LaunchedTriton[] = [];

/** Servers at a time: a load waits for the model's process half of the time. */
const servers = 4;

describe("the check and the real Triton", () => {
  let directory: string;
  let verdicts: readonly Verdict[] = [];

  before(async function () {
    this.timeout(600_000);
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "agreement-"));
    directory = path.join(root, "repository");
    const installation = await tritonOfRun(await installTriton(), path.join(root, "run"));
    await addOnnxRuntime(installation);
    const judged = repositoryCases.filter(({ notAsked }) => notAsked === undefined);
    for (const [index, entry] of judged.entries()) writePieces(named(entry, index).pieces, directory);
    const files = judged.flatMap((entry, index) => named(entry, index).files);
    await writeOnnxFiles(installation.python, directory, files);
    const queue = [...judged.entries()];
    verdicts = (
      await Promise.all(Array.from({ length: servers }, () => judgeAll(queue, installation, directory)))
    ).flat();
  });

  after(async () => {
    await Promise.all(started.map((triton) => triton.stop()));
    fs.rmSync(path.dirname(directory), { recursive: true });
  });

  it("are compared on at least 60 repositories, valid and invalid ones", () => {
    expect(verdicts.length).to.be.at.least(60);
    expect(verdicts.filter(({ triton }) => triton === "").length).to.be.at.least(30);
    expect(verdicts.filter(({ triton }) => triton !== "").length).to.be.at.least(30);
  });

  it("agree on each of them, except where the reason for a difference is known", () => {
    const agree = ({ check, triton }: Verdict) => (check.length === 0) === (triton === "");
    expect(verdicts.filter((verdict) => agree(verdict) !== (verdict.deviates === undefined))).to.deep.equal([]);
  });
});

/** Takes one case after another; a case that ends the server, or keeps it waiting, gets it a new one. */
async function judgeAll(
  queue: [number, RepositoryCase][],
  installation: TritonInstallation,
  repository: string,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const restart = async (ended: LaunchedTriton) => {
    await ended.stop();
    return startServer(installation, repository);
  };
  let triton = await startServer(installation, repository);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [index, entry] = next;
    const { models } = named(entry, index);
    const ask = () => load(triton.url, models, entry.waits ? 3000 : 30_000);
    let answer = await ask();
    if (answer === undefined) {
      triton = await restart(triton);
      // The server may have ended over an earlier case, which it was still unloading.
      if (!entry.waits) answer = await ask();
      if (answer === undefined) triton = await restart(triton);
    }
    const { title, deviates } = entry;
    verdicts.push({ title, check: checkErrors(entry), triton: answer ?? "no answer", ...(deviates && { deviates }) });
    // Unloading takes a second, so don't wait for it.
    for (const model of models) void request(`${triton.url}/v2/repository/models/${model}/unload`, 30_000);
  }
  await triton.stop();
  return verdicts;
}

function checkErrors({ pieces, models, options }: RepositoryCase): string[] {
  const problems = checkModelRepository(contentsOf(pieces, models), {
    accelerator: "cpu",
    release: "24.10",
    ...options,
  });
  return problems.filter(({ severity }) => severity === "error").map(({ code }) => code);
}

async function startServer(installation: TritonInstallation, repository: string): Promise<LaunchedTriton> {
  // The flags of SageMaker's start, but for the model: the models are loaded over HTTP, one case after another.
  const start = serveArguments(
    // Little memory, which each model would fill with zeros first.
    { SAGEMAKER_TRITON_LOG_VERBOSE: "false", SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE: "1048576" },
    ["m"],
  );
  const others = start.arguments.filter((argument) => !/^--(load-model|allow-sagemaker|allow-http)=/.test(argument));
  const triton = await launchTriton({
    installation,
    port: 0,
    modelsDirectory: path.dirname(repository),
    portArgument: "--http-port",
    arguments: [
      ...[`--model-repository=${repository}`, ...others, "--allow-http=true", "--http-address=127.0.0.1"],
      // A stopped server need not wait for models that hang.
      "--exit-timeout-secs=0",
    ],
    environment: { OPENBLAS_NUM_THREADS: "1" },
  });
  started.push(triton);
  for (let tries = 0; tries < 1500; tries++) {
    if ((await request(`${triton.url}/v2/health/ready`, 1000, "GET"))?.ok) return triton;
    await sleep(20);
  }
  throw new Error(`Triton is not ready:\n${triton.log.text}`);
}

/** Why the models do not load; empty where they do, `undefined` where the server never says. */
async function load(url: string, models: readonly string[], milliseconds: number): Promise<string | undefined> {
  for (const model of models) {
    const response = await request(`${url}/v2/repository/models/${model}/load`, milliseconds);
    if (!response?.ok) return await response?.text();
  }
  return "";
}

async function request(url: string, milliseconds: number, method = "POST"): Promise<Response | undefined> {
  try {
    return await fetch(url, { method, signal: AbortSignal.timeout(milliseconds) });
  } catch {
    return undefined;
  }
}

/** A case with names that no other case has, so that they lie side by side. */
interface NamedCase {
  readonly pieces: Pieces;
  /** What its models' files say of themselves. */
  readonly files: readonly DescribedFile[];
  /** The models that the start loads. */
  readonly models: readonly string[];
}

function named({ pieces, options, models = new Map() }: RepositoryCase, index: number): NamedCase {
  const rename = (name: string) => (name === "" ? name : `c${index}_${name}`);
  const renamed = Object.entries(pieces).map(([file, text]) => [
    rename(file),
    text
      .replace(/\b(model_name: ?)"(\w*)"/g, (_, field: string, name: string) => `${field}"${rename(name)}"`)
      .replace(/\.\.\/(\w+)\//g, (_, name: string) => `../${rename(name)}/`)
      .replace(/^name: "(\w+)"/gm, (_, name: string) => `name: "${rename(name)}"`),
  ]);
  const requested = (options.additionalArgs ?? "").match(/(?<=--load-model[= ])\w+/g) ?? [];
  return {
    pieces: Object.fromEntries(renamed) as Pieces,
    files: [...models].map(([file, content]) => ({ path: rename(file), file: content })),
    models: [...new Set([options.defaultModelName ?? "m", ...requested])].map(rename),
  };
}
