import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buffer } from "node:stream/consumers";
import { httpSender } from "../../operations/httpSender.ts";
import { decodeResponse, encodeRequest, type EncodedBody, type InferenceRequest } from "../../inference/index.ts";
import { startTriton } from "../../local/startTriton.ts";
import { installTriton } from "../../local/triton.ts";

/**
 * Sends tensors to a local Triton whose model returns them: through the client, which encodes and decodes each time,
 * and with Node's `http`, with a prepared body and an answer that is read but not decoded. They alternate, so that both
 * see the same server.
 *
 * @param requests how often to send each tensor each way
 * @param onStep called with the current step
 * @param signal ends the run early
 * @returns the table in Markdown
 * @throws Error if Triton can't be installed or started
 */
export async function benchLatency(
  requests: number,
  onStep: (step: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-invoke-"));
  try {
    const modelDirectory = path.join(folder, "models");
    writeModel(path.join(modelDirectory, "echo"));
    const triton = await startTriton({
      ...{ installation: await installTriton(undefined, signal), modelDirectory, port: 0, signal },
      ...{ environment: {}, startupTimeoutInSeconds: 60 },
    });
    try {
      const rows: string[] = [];
      for (const [size, count] of sizes) {
        onStep(`requests of ${size}`);
        rows.push(row(size, await measureLatency(triton.url, count, requests, signal)));
      }
      return [...HEAD, ...rows].join("\n");
    } finally {
      await triton.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sizes = [
  ["1 KiB", 2 ** 8],
  ["1 MiB", 2 ** 18],
  ["6 MB", 1_500_000],
] as const;

const HEAD = ["| tensor of FP32 | plain HTTP, ms | client, ms | added, ms |", "| --- | ---: | ---: | ---: |"];

function writeModel(folder: string): void {
  mkdirSync(path.join(folder, "1"), { recursive: true });
  const tensor = (name: string) => `[{ name: "${name}", data_type: TYPE_FP32, dims: [-1] }]`;
  writeFileSync(
    path.join(folder, "config.pbtxt"),
    `name: "echo"\nbackend: "python"\ninput ${tensor("x")}\noutput ${tensor("y")}\n`,
  );
  writeFileSync(path.join(folder, "1", "model.py"), MODEL);
}

const MODEL = `
import triton_python_backend_utils as utils

class TritonPythonModel:
    def execute(self, requests):
        tensors = [utils.get_input_tensor_by_name(request, "x").as_numpy() for request in requests]
        return [utils.InferenceResponse([utils.Tensor("y", tensor)]) for tensor in tensors]
`;

interface Latencies {
  /** Milliseconds per request. */
  readonly plain: number[];
  readonly client: number[];
}

async function measureLatency(url: string, count: number, requests: number, signal: AbortSignal): Promise<Latencies> {
  const data = Float32Array.from({ length: count }, (_, index) => index);
  const request: InferenceRequest = { inputs: [{ name: "x", datatype: "FP32", shape: [count], data }] };
  const agent = new http.Agent({ keepAlive: true });
  const sender = httpSender(url);
  const encoded = encodeRequest(request, "binary");
  const ways = {
    plain: () => plainRequest(`${url}/invocations`, agent, encoded),
    client: async () => {
      const answer = await sender.send(encodeRequest(request, "binary"));
      return decodeResponse(answer.body, answer.contentType);
    },
  };
  const latencies: Latencies = { plain: [], client: [] };
  try {
    for (let turn = -WARM_UP; turn < requests; turn += 1) {
      signal.throwIfAborted();
      for (const way of ["plain", "client"] as const) {
        const began = performance.now();
        await ways[way]();
        if (turn >= 0) latencies[way].push(performance.now() - began);
      }
    }
    return latencies;
  } finally {
    agent.destroy();
    sender.close();
  }
}

const WARM_UP = 50;

async function plainRequest(url: string, agent: http.Agent, { body, contentType }: EncodedBody): Promise<Buffer> {
  const headers = { "content-type": contentType, "content-length": body.length };
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.request(url, { method: "POST", agent, headers }).on("response", resolve).on("error", reject).end(body);
  });
  return buffer(response);
}

function row(size: string, { plain, client }: Latencies): string {
  const [one, other] = [median(plain), median(client)];
  return `| ${[size, one.toFixed(3), other.toFixed(3), (other - one).toFixed(3)].join(" | ")} |`;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
