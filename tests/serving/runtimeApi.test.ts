import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeClient,
  type InvokeEndpointCommandInput,
} from "@aws-sdk/client-sagemaker-runtime";
import { expect } from "chai";
import { wholeAnswer, type Container, type ContainerRequest } from "../../local/container.ts";
import { openFrontDoor, type FrontDoor } from "../../local/frontDoor.ts";
import { Capture } from "../../local/runtime/capture.ts";
import { runtimeApi } from "../../local/runtime/runtimeApi.ts";
import { chooseVariant } from "../../local/runtime/variants.ts";
import { readCaptured, type CapturedRecord, type UnreadableRecord } from "../../operations/replay/captured.ts";

const limit = 6_291_456;

/** A container's answers, by what it is sent. */
const behaviour: Readonly<Record<string, (request: ContainerRequest) => ReturnType<Container>>> = {
  ok: () =>
    Promise.resolve(wholeAnswer(201, "fine", { "content-type": "text/own", "x-amzn-sagemaker-new-session-id": "s" })),
  refused: () => Promise.resolve(wholeAnswer(400, '{"error":"no such input"}')),
  closed: () => Promise.resolve(undefined),
  thrown: () => Promise.reject(new Error("it does not load")),
  slow: ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        resolve(undefined);
      });
    }),
  pieces: () => Promise.resolve({ status: 200, headers: {}, body: pieces(false) }),
  broken: () => Promise.resolve({ status: 200, headers: {}, body: pieces(true) }),
};

async function* pieces(broken: boolean) {
  yield Buffer.from("one");
  await Promise.resolve();
  if (broken) throw new Error("reset");
  yield Buffer.from("two");
}

describe("SageMaker's runtime API on this machine, called by AWS's SDK", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-capture-"));
  let seen: ContainerRequest | undefined;
  let door: FrontDoor;
  let client: SageMakerRuntimeClient;

  const container: Container = (request) => {
    seen = request;
    return behaviour[request.body.toString()]?.(request) ?? Promise.resolve(wholeAnswer(200, "{}"));
  };
  const variants = [
    { name: "one", weight: 1, multiModel: false, container },
    { name: "many", weight: 0, multiModel: true, container },
  ];

  before(async () => {
    const capture = new Capture(folder, "e");
    door = await openFrontDoor(
      { port: 0 },
      runtimeApi({ endpointName: "e", variants, capture, timeoutInSeconds: 0.5 }),
    );
    client = new SageMakerRuntimeClient({
      ...{ endpoint: door.url, region: "eu-central-1", maxAttempts: 1 },
      credentials: { accessKeyId: "x", secretAccessKey: "y" },
    });
  });

  after(() => {
    client.destroy();
    door.close();
    rmSync(folder, { recursive: true });
  });

  const invoke = (Body: string, more: Partial<InvokeEndpointCommandInput> = {}) =>
    client.send(new InvokeEndpointCommand({ EndpointName: "e", Body: Buffer.from(Body), ...more }));
  const failure = (sent: Promise<unknown>) =>
    sent.then(
      () => expect.fail("answered"),
      (error: unknown) => error as ModelError,
    );

  it("passes on the body, its type and SageMaker's headers, without the signature", async () => {
    const answer = await invoke("ok", {
      ContentType: "text/x",
      InferenceId: "i",
      CustomAttributes: "a=b",
      SessionId: "NEW_SESSION",
    });
    expect(Buffer.from(answer.Body).toString()).to.equal("fine");
    expect(answer).to.include({ ContentType: "text/own", InvokedProductionVariant: "one", NewSessionId: "s" });
    expect(seen).to.include({ method: "POST", path: "/invocations" });
    expect(seen?.headers).to.deep.equal({
      "content-type": "text/x",
      "x-amzn-sagemaker-inference-id": "i",
      "x-amzn-sagemaker-custom-attributes": "a=b",
      "x-amzn-sagemaker-session-id": "NEW_SESSION",
    });
  });

  for (const [body, status, words] of [
    ["refused", 400, 'Received client error (400) from primary with message "{"error":"no such input"}"'],
    ["closed", 0, "Amazon SageMaker could not get a response from the primary endpoint."],
    ["thrown", 500, "it does not load"],
    ["slow", 0, "Your invocation timed out"],
  ] as const) {
    it(`throws a ModelError with the container's status for a container that is ${body}`, async () => {
      const error = await failure(invoke(body));
      expect(error).to.be.instanceOf(ModelError);
      expect(error.OriginalStatusCode).to.equal(status);
      expect(error.message).to.include(words);
    });
  }

  for (const [title, input, words] of [
    ["an unknown endpoint", { EndpointName: "f" }, "Endpoint f of account 000000000000 not found"],
    ["an unknown variant", { TargetVariant: "three" }, "it has one, many"],
    ["a target model where there is one model", { TargetModel: "a.tar.gz" }, "not a multi-model endpoint"],
    ["no target model where there are many", { TargetVariant: "many" }, "TargetModel is missing"],
    ["an id that is too long", { InferenceId: "i".repeat(65) }, "1 validation error detected: Value at 'inferenceId'"],
    ["two bad values", { SessionId: "-", CustomAttributes: "a".repeat(1025) }, "2 validation errors detected"],
    ["an inference component", { InferenceComponentName: "c" }, "no inference components"],
    ["a container's name", { TargetContainerHostname: "c" }, "one container"],
    ["explanations", { EnableExplanations: "yes" }, "no explainer"],
  ] as const) {
    it(`refuses ${title} with a ValidationError`, async () => {
      const error = await failure(invoke("ok", input));
      expect(error).to.include({ name: "ValidationError" });
      expect(error.$metadata.httpStatusCode).to.equal(400);
      expect(error.message).to.include(words);
    });
  }

  it("answers by the named variant, with the target model", async () => {
    const answer = await invoke("ok", { TargetVariant: "many", TargetModel: "a.tar.gz" });
    expect(answer.InvokedProductionVariant).to.equal("many");
    expect(seen?.headers["x-amzn-sagemaker-target-model"]).to.equal("a.tar.gz");
  });

  it("takes a body of SageMaker's limit, and none that is a byte longer", async () => {
    expect((await invoke("x".repeat(limit))).$metadata.httpStatusCode).to.equal(200);
    const error = await failure(invoke("x".repeat(limit + 1)));
    expect(error.$metadata.httpStatusCode).to.equal(413);
    expect(error.message).to.equal(`HTTP content length exceeded ${limit} bytes.`);
  });

  const streamed = async (Body: string) => {
    const { Body: events, ...rest } = await client.send(
      new InvokeEndpointWithResponseStreamCommand({ EndpointName: "e", Body: Buffer.from(Body) }),
    );
    const parts: string[] = [];
    const read = async () => {
      for await (const event of events ?? []) parts.push(Buffer.from(event.PayloadPart?.Bytes ?? []).toString());
    };
    return { ...rest, parts, ended: read() };
  };

  it("streams an answer in its pieces", async () => {
    const { parts, ended, InvokedProductionVariant } = await streamed("pieces");
    await ended;
    expect(parts).to.deep.equal(["one", "two"]);
    expect(InvokedProductionVariant).to.equal("one");
  });

  it("ends a stream that breaks off with a ModelStreamError", async () => {
    const { parts, ended } = await streamed("broken");
    const error = await failure(ended);
    expect(error).to.include({ name: "ModelStreamError", ErrorCode: "StreamBroken" });
    expect(parts).to.deep.equal(["one"]);
  });

  it("refuses asynchronous inference in words, and what is no operation", async () => {
    const command = new InvokeEndpointAsyncCommand({ EndpointName: "e", InputLocation: "s3://b/k" });
    const error = await failure(client.send(command));
    expect(error).to.include({ name: "ValidationError" });
    expect(error.message).to.include("no S3 on this machine");
    expect((await fetch(`${door.url}/endpoints/e/invocations`)).status).to.equal(404);
    expect((await fetch(`${door.url}/endpoints/e/other`, { method: "POST" })).status).to.equal(404);
  });

  it("passes on the container's own contract, and tells the variant", async () => {
    const answer = await fetch(`${door.url}/invocations`, { method: "POST", body: "refused" });
    expect([answer.status, await answer.text()]).to.deep.equal([400, '{"error":"no such input"}']);
    expect(answer.headers.get("x-amzn-invoked-production-variant")).to.equal("one");
    expect((await fetch(`${door.url}/ping`)).status).to.equal(200);
  });

  it("refuses a foreign Host before anything else", async () => {
    const answer = await fetch(`${door.url}/endpoints/e/invocations`, {
      method: "POST",
      headers: { origin: "http://evil.example" },
    });
    expect(answer.status).to.equal(403);
  });

  it("captures good requests as SageMaker does, so that replay reads them", async () => {
    await invoke("captured", { ContentType: "application/json", InferenceId: "marked" });
    // What an endpoint doesn't have, such as the description of the model.
    await (await fetch(`${door.url}/v2/models`)).text();
    await failure(invoke("refused"));
    const records: (CapturedRecord | UnreadableRecord)[] = [];
    for await (const record of readCaptured(folder)) records.push(record);
    const bodies = records.map((record) => "request" in record && Buffer.from(record.request?.body ?? []).toString());
    expect(bodies).to.include("captured").and.include("ok").and.not.include("refused").and.not.include("");
    expect(
      records.every(({ place }) => /\/e\/(one|many)\/\d{4}\/\d\d\/\d\d\/\d\d\/[\w-]+\.jsonl:\d+$/.test(place)),
    ).to.equal(true);
  });
});

describe("a variant", () => {
  const container: Container = () => Promise.resolve(undefined);
  const of = (...weights: number[]) =>
    weights.map((weight, index) => ({ name: String(index), weight, multiModel: false, container }));

  it("answers as often as its weight says, and never with weight 0", () => {
    const variants = of(1, 0, 3);
    const chosen = Array.from({ length: 100 }, (_, index) => chooseVariant(variants, {}, index / 100).name);
    expect(chosen.filter((name) => name === "0").length).to.equal(25);
    expect(chosen.filter((name) => name === "2").length).to.equal(75);
  });

  it("is named by the request if none has weight", () => {
    expect(() => chooseVariant(of(0), {})).to.throw("No variant has a weight above 0");
    expect(chooseVariant(of(0), { "x-amzn-sagemaker-target-variant": "0" }).name).to.equal("0");
  });
});
