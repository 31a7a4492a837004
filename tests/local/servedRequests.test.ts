import {
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { answerDifferences } from "../../inference/compareAnswers.ts";
import { decodeRequest, decodeResponse, encodeRequest } from "../../inference/index.ts";
import { invoke } from "../../local/exampleRequest.ts";
import { runCli } from "../support/cli.ts";
import { failureOf } from "../support/failures.ts";
import { npmStart, type Ended } from "../support/npmStart.ts";

describe("npm run serve with the example's model", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "served-requests-"));
  const captured = path.join(folder, "captured");
  const request = readFileSync("models/penguins/request.json");
  const expected = decodeResponse(readFileSync("models/penguins/response.json"));
  let ended: Promise<Ended>;
  let served: { readonly url: string; readonly name: string; readonly pid: number };
  let client: SageMakerRuntimeClient;

  before(async () => {
    const ready = Promise.withResolvers<typeof served>();
    ended = npmStart(
      ["--port", "0", "--capture", captured],
      (text, pid) => {
        const [, url, name] = /endpoint_url (\S+) and the EndpointName (\S+)\n[^]*Serving until/.exec(text) ?? [];
        if (url !== undefined && name !== undefined) ready.resolve({ url, name, pid });
      },
      {},
      "serve",
    );
    void ended.then(({ output }) => {
      ready.reject(new Error(output));
    });
    served = await ready.promise;
    client = new SageMakerRuntimeClient({
      ...{ endpoint: served.url, region: "eu-central-1", maxAttempts: 1 },
      credentials: { accessKeyId: "x", secretAccessKey: "y" },
    });
  });

  after(async () => {
    client.destroy();
    process.kill(served.pid, "SIGINT");
    expect((await ended).code).to.equal(0);
    rmSync(folder, { recursive: true });
  });

  for (const [what, body] of [
    ["TensorFlow Serving's", { instances: [[1, 2, 3, 4]] }],
    ["the inference type generate's", { text_input: "a penguin" }],
    ["a list", [1, 2, 3]],
    ["an input without datatype", { inputs: [{ name: "bill_length_mm", shape: [1, 1], data: [1] }] }],
  ] as const) {
    it(`a request in another form, ${what}, is at fault itself, whichever way it is sent`, async () => {
      const file = path.join(folder, "other.json");
      writeFileSync(file, JSON.stringify(body));
      const { code, stdout, stderr } = await runCli(["invoke", "--url", served.url, file]);
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr)
        .to.match(/^error: /)
        .and.not.include("look at its log");
      expect(stderr).to.match(/the request isn't in the form that the model takes|needs a datatype|has the datatype/);
    });
  }

  it("a model's own request.json in another form is at fault itself, too", async () => {
    const example = {
      body: Buffer.from('{"instances":[]}'),
      contentType: "application/json",
      origin: "m/request.json",
    };
    expect((await failureOf(invoke(served.url, example))).message)
      .to.match(/^Triton refuses the request \(m\/request.json\) with 500: Unable to parse 'inputs'/)
      .and.include('send KServe\'s {"inputs": [');
  });

  it("answers AWS's SDK as SageMaker would, and what it captures can be replayed", async () => {
    const EndpointName = served.name;
    const binary = encodeRequest(decodeRequest(request, "application/json"), "binary");
    for (const { body, contentType } of [{ body: request, contentType: "application/json" }, binary]) {
      const answer = await client.send(
        new InvokeEndpointCommand({ EndpointName, Body: body, ContentType: contentType, InferenceId: "p1" }),
      );
      expect(answerDifferences(expected, decodeResponse(answer.Body, answer.ContentType))).to.deep.equal([]);
    }
    const streamed = await client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName, Body: request, ContentType: "application/json" }),
    );
    const pieces: Uint8Array[] = [];
    for await (const { PayloadPart } of streamed.Body ?? []) pieces.push(PayloadPart?.Bytes ?? new Uint8Array());
    expect(answerDifferences(expected, decodeResponse(Buffer.concat(pieces)))).to.deep.equal([]);
    const refused = await failureOf(client.send(new InvokeEndpointCommand({ EndpointName, Body: Buffer.from("{}") })));
    expect(refused).to.be.instanceOf(ModelError).and.include({ OriginalStatusCode: 500 });

    const { code, stdout } = await runCli(["replay", captured, "--url", served.url, "--json"]);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ records: 3, compared: 3, changed: 0, failures: {} });
  });
});
