import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { eventMessage as event } from "../../local/runtime/eventStream.ts";

/** A request as it arrived. */
export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the endpoint answers. */
export interface EmulatedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Pieces of a streamed answer. */
  readonly pieces?: readonly (string | Buffer)[];
  /** Ends a streamed answer with this error. */
  readonly failure?: string;
}

/** SageMaker's runtime and S3 on this machine, as AWS's clients see them. */
export interface RuntimeEmulator {
  /** What the environment of a client needs to reach it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its address, also a server on SageMaker's contract. */
  readonly url: string;
  /** What arrived, in order. */
  readonly arrived: Arrived[];
  /** What lies in S3: `bucket/key` and the content. */
  readonly objects: Map<string, Buffer>;
  /** What the next requests are answered with. */
  answer: (request: Arrived) => EmulatedAnswer;
  /** Ends it. */
  readonly stop: () => Promise<void>;
}

/** Starts the emulator on a free port of 127.0.0.1. */
export async function startRuntimeEmulator(): Promise<RuntimeEmulator> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const emulator: RuntimeEmulator = {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-central-1",
      AWS_MAX_ATTEMPTS: "1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    arrived: [],
    objects: new Map(),
    answer: () => ({ body: "{}" }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ""] = (request.url ?? "").split("?");
    const arrived = { path, headers: request.headers, body: await buffer(request) };
    if (!/^\/(endpoints\/|invocations)/.test(path)) {
      fromS3(emulator.objects, arrived, request.method ?? "", response);
      return;
    }
    emulator.arrived.push(arrived);
    const { status = 200, headers = {}, body = "", pieces, failure } = emulator.answer(arrived);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    for (const piece of pieces ?? []) {
      response.write(path === "/invocations" ? piece : event("PayloadPart", "event", piece.toString()));
    }
    if (failure !== undefined) {
      response.write(event("ModelStreamError", "exception", JSON.stringify({ Message: failure })));
    }
    response.end(body);
  }

  return emulator;
}

function fromS3(objects: Map<string, Buffer>, { path, body }: Arrived, method: string, response: ServerResponse): void {
  const name = decodeURIComponent(path.slice(1)).replace(/\/$/, "");
  if (method === "PUT") {
    objects.set(name, body);
    response.end();
  } else if (objects.has(name)) response.end(objects.get(name));
  else if (method === "GET" && !name.includes("/")) list(objects, name, response);
  else response.writeHead(404, { "content-type": "application/xml" }).end("<Error><Code>NoSuchKey</Code></Error>");
}

function list(objects: Map<string, Buffer>, bucket: string, response: ServerResponse): void {
  const keys = [...objects.keys()].filter((name) => name.startsWith(`${bucket}/`)).sort();
  const contents = keys.map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key></Contents>`).join("");
  response
    .writeHead(200, { "content-type": "application/xml" })
    .end(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`);
}
