import * as http from "node:http";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { encodeRequest, type EncodedBody } from "../../inference/index.ts";
import { httpSender } from "../../operations/httpSender.ts";
import { answerReader } from "../../operations/kserveAnswer.ts";
import { generateLoad } from "../../operations/load/generateLoad.ts";
import { LoadRecorder, type Latency } from "../../operations/load/recorder.ts";
import type { LoadRun } from "./load.ts";

// One load generator in a process of its own: sends requests of 1 KiB at a rate, first to warm up, then to be measured.

const [name = "", url = "", rate = "", seconds = "", autocannonFolder = ""] = process.argv.slice(2);

type Percentiles = Pick<Latency, "p50" | "p99">;

/** Sends for some seconds; resolves with the number of answers and their latency. */
type Generator = (
  rate: number,
  seconds: number,
) => Promise<{ readonly answers: number; readonly latency: Percentiles }>;

const input = { name: "x", datatype: "FP32", shape: [256], data: new Float32Array(256) } as const;
const request = encodeRequest({ inputs: [input] }, "binary");
const connections = 256;

const generators: Readonly<Record<string, () => Promise<Generator>>> = {
  own: () => Promise.resolve(own),
  plain: () => Promise.resolve(plain),
  autocannon: async () => autocannon((await import(autocannonUrl())) as { readonly default: Autocannon }),
};

async function own(ofRate: number, forSeconds: number) {
  const sender = httpSender(url, { connections });
  const pace = { rate: ofRate, seconds: forSeconds, connections, check: answerReader(request) };
  const { succeeded, latency = none } = await generateLoad(() => sender.send(request), pace);
  sender.close();
  return { answers: succeeded, latency };
}

const none: Percentiles = { p50: NaN, p99: NaN };

/** An open loop as k6 has it: Node's plain `http`, and latency from sending to the last byte. */
async function plain(ofRate: number, forSeconds: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const recorder = new LoadRecorder(forSeconds);
  const began = performance.now();
  const answers: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = Math.min(forSeconds, (performance.now() - began) / 1000);
      while (answers.length < Math.floor(now * ofRate)) answers.push(timed(agent, recorder));
      if (now < forSeconds) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(answers);
  agent.destroy();
  return { answers: recorder.succeeded, latency: recorder.latency ?? none };
}

async function timed(agent: http.Agent, recorder: LoadRecorder): Promise<void> {
  const sent = performance.now();
  await plainRequest(agent, request);
  recorder.answered(0, performance.now() - sent);
}

function plainRequest(agent: http.Agent, { body, contentType }: EncodedBody): Promise<void> {
  const headers = { "content-type": contentType, "content-length": body.length };
  return new Promise((resolve, reject) => {
    http
      .request(`${url}/invocations`, { method: "POST", agent, headers })
      .on("response", (response) => response.resume().on("end", resolve).on("error", reject))
      .on("error", reject)
      .end(body);
  });
}

type Autocannon = (options: object) => Promise<{
  readonly requests: { readonly total: number };
  readonly latency: Percentiles;
}>;

function autocannonUrl(): string {
  return pathToFileURL(path.join(autocannonFolder, "node_modules/autocannon/autocannon.js")).href;
}

function autocannon({ default: run }: { readonly default: Autocannon }): Generator {
  return async (ofRate, forSeconds) => {
    const { requests, latency } = await run({
      ...{ url: `${url}/invocations`, method: "POST", body: Buffer.from(request.body) },
      ...{ headers: { "content-type": request.contentType }, connections: 50 },
      ...{ duration: forSeconds, overallRate: ofRate },
    });
    return { answers: requests.total, latency };
  };
}

async function known(): Promise<Percentiles> {
  return (await (await fetch(`${url}/latency`)).json()) as Percentiles;
}

const generate = await generators[name]?.();
if (!generate) throw new Error(`there is no load generator "${name}"`);
await generate(Number(rate), 3);
await known();
const before = process.cpuUsage();
const { answers, latency } = await generate(Number(rate), Number(seconds));
const { user, system } = process.cpuUsage(before);
const run: LoadRun = { answers, processorSeconds: (user + system) / 1e6, latency, known: await known() };
console.log(JSON.stringify(run));
process.exit();
