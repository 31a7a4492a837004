import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { binaryContentTypeOf } from "../../inference/inferenceTypes.ts";
import { LoadRecorder } from "../../operations/load/recorder.ts";

// A server of known latency: it answers each request after a fixed time with a tensor of 1 KiB, and times itself how long
// that really took. `GET /latency` answers with its percentiles since the last one. It prints its port.

/** 5 % of the requests take longer, so that p50 and p99 are far from the step between the two. */
const delay = (request: number) => (request % 20 === 0 ? 25 : 4);

const tensor = Buffer.alloc(1024);
const shape = { name: "y", datatype: "FP32", shape: [256], parameters: { binary_data_size: tensor.length } };
const head = Buffer.from(JSON.stringify({ model_name: "m", outputs: [shape] }));
const body = Buffer.concat([head, tensor]);
const headers = { "content-type": binaryContentTypeOf(head.length), "content-length": body.length };

let requests = 0;
let recorder = new LoadRecorder(1);

const server = http.createServer((request, response) => {
  const began = performance.now();
  if (request.url === "/latency") {
    response.end(JSON.stringify(recorder.latency ?? {}));
    recorder = new LoadRecorder(1);
    return;
  }
  request.resume();
  setTimeout(
    () => {
      response.writeHead(200, headers).end(body);
      recorder.answered(0, performance.now() - began);
    },
    delay((requests += 1)),
  );
});
// On a busy machine an idle connection may be reused just when the server closes it.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.resume().on("end", () => process.exit());
