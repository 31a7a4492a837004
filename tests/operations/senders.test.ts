import { createServer, type AddressInfo } from "node:net";
import { expect } from "chai";
import { invokeAsync } from "../../operations/asyncInvocation.ts";
import { httpSender } from "../../operations/httpSender.ts";
import { binaryContentType, decodeResponse } from "../../inference/index.ts";
import type { Invocation, Sender } from "../../operations/invocation.ts";
import type { InvocationError } from "../../operations/invocationError.ts";
import { sagemakerSender } from "../../operations/sagemakerSender.ts";
import type { EndpointTarget } from "../../operations/target.ts";
import { restoreEnvironment } from "../support/environment.ts";
import { startRuntimeEmulator, type EmulatedAnswer, type RuntimeEmulator } from "../support/runtimeEmulator.ts";

const target: EndpointTarget = { kind: "endpoint", endpointName: "penguins", region: "eu-central-1" };
const invocation: Invocation = {
  body: Buffer.from("[1]"),
  contentType: "application/json",
  targetModel: "a.tar.gz",
  targetVariant: "next",
  inferenceId: "7",
  sessionId: "NEW_SESSION",
  customAttributes: "c=1",
};

describe("requests of the client", () => {
  let emulator: RuntimeEmulator;
  const saved = { ...process.env };

  before(async () => {
    emulator = await startRuntimeEmulator();
  });

  beforeEach(() => {
    Object.assign(process.env, emulator.environment);
    emulator.arrived.length = 0;
    emulator.objects.clear();
  });

  afterEach(() => {
    restoreEnvironment(saved);
  });

  after(() => emulator.stop());

  async function failure(sender: Sender, answer: EmulatedAnswer): Promise<{ kind: string; message: string }> {
    emulator.answer = () => answer;
    try {
      await sender.send(invocation);
    } catch (error) {
      const { kind, message } = error as InvocationError;
      return { kind, message };
    }
    throw new Error("it was answered");
  }

  async function streamed(sender: Sender): Promise<string[]> {
    const pieces = [];
    for await (const piece of sender.stream(invocation)) pieces.push(Buffer.from(piece).toString());
    return pieces;
  }

  describe("a request to an endpoint", () => {
    let sender: Sender;

    beforeEach(async () => {
      sender = await sagemakerSender(target, { retries: false });
    });

    afterEach(() => {
      sender.close();
    });

    const error = (status: number, name: string, members: Record<string, unknown> = {}): EmulatedAnswer => ({
      status,
      headers: { "x-amzn-errortype": name },
      body: JSON.stringify(members),
    });

    it("is signed, carries everything that InvokeEndpoint takes, and returns the variant that answered", async () => {
      emulator.answer = () => ({ body: "{}", headers: { "x-amzn-invoked-production-variant": "next" } });
      const { body, ...answer } = await sender.send(invocation);
      expect({ ...answer, body: Buffer.from(body).toString() }).to.deep.equal({
        body: "{}",
        contentType: "application/json",
        variant: "next",
      });
      const [request] = emulator.arrived;
      expect(request!.path).to.equal("/endpoints/penguins/invocations");
      expect(request!.body.toString()).to.equal("[1]");
      expect(request!.headers).to.include({
        "content-type": "application/json",
        "x-amzn-sagemaker-target-model": "a.tar.gz",
        "x-amzn-sagemaker-target-variant": "next",
        "x-amzn-sagemaker-inference-id": "7",
        "x-amzn-sagemaker-session-id": "NEW_SESSION",
        "x-amzn-sagemaker-custom-attributes": "c=1",
      });
      expect(request!.headers.authorization).to.match(/^AWS4-HMAC-SHA256 .*\/eu-central-1\/sagemaker\//);
    });

    it("that fails gives one line on what happened and what to do", async () => {
      const model = (OriginalStatusCode: number, OriginalMessage: string) =>
        error(424, "ModelError", { Message: "Received error", OriginalStatusCode, OriginalMessage });
      const cases: [EmulatedAnswer, string, string][] = [
        [
          model(400, '{"error":"unexpected inference input"}'),
          "refused",
          "Triton refuses the request: unexpected inference input",
        ],
        [
          model(500, "boom\n  at line 2"),
          "model failed",
          "status 500: boom at line 2: look at its log in /aws/sagemaker/Endpoints/penguins",
        ],
        [model(507, '{"error":"out of memory"}'), "out of memory", "use an instance type with more memory"],
        [
          model(0, "Your invocation timed out while waiting for a response from container primary."),
          "timeout",
          "took longer than 60 s",
        ],
        [error(429, "ModelNotReadyException"), "model not ready", "try again in a minute"],
        [error(400, "ThrottlingException", { message: "Rate exceeded" }), "throttled", "(Rate exceeded): send fewer"],
        [
          error(400, "ValidationError", { message: "Endpoint penguins of account 123456789012 not found." }),
          "not found",
          "there is no endpoint penguins in eu-central-1 (Endpoint penguins of account 123456789012 not found)",
        ],
        [error(400, "ValidationError", { message: "Variant x is unknown." }), "refused", "Variant x is unknown"],
        [error(403, "AccessDeniedException", { message: "no" }), "not allowed", "needs sagemaker:InvokeEndpoint"],
        [error(403, "ExpiredTokenException", { message: "expired" }), "not allowed", "sign in again"],
        [error(503, "ServiceUnavailable", { message: "busy" }), "unavailable", "try again"],
        [error(413, "RequestEntityTooLarge", { message: "too large" }), "refused", "send less at once"],
      ];
      for (const [answer, kind, message] of cases) {
        const failed = await failure(sender, answer);
        expect(failed.message).to.include(message).and.not.include("\n");
        expect(failed.kind).to.equal(kind);
      }
    });

    it("that can't reach AWS says so", async () => {
      process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:9";
      const lost = await sagemakerSender(target, { retries: false });
      expect(await failure(lost, {})).to.deep.equal({
        kind: "no connection",
        message:
          "penguins in eu-central-1: there is no connection to AWS (ECONNREFUSED): check the region, the network and any proxy",
      });
    });

    it("can stream its answer piece by piece, and reports an answer that is cut off", async () => {
      emulator.answer = () => ({
        headers: { "content-type": "application/vnd.amazon.eventstream" },
        pieces: ["data: a", "data: b"],
      });
      expect(await streamed(sender)).to.deep.equal(["data: a", "data: b"]);
      emulator.answer = () => ({
        headers: { "content-type": "application/vnd.amazon.eventstream" },
        pieces: ["data: a"],
        failure: "the container died",
      });
      const broken = await streamed(sender).catch((error: unknown) => (error as Error).message);
      expect(broken).to.include("the container died");
    });
  });

  describe("an async request", () => {
    const places = {
      "x-amzn-sagemaker-outputlocation": "s3://models/async-inference/output/1.out",
      "x-amzn-sagemaker-failurelocation": "s3://models/async-inference/failure/1.out",
    };

    beforeEach(() => {
      emulator.answer = () => ({ status: 202, headers: places, body: '{"InferenceId":"1"}' });
    });

    it("is uploaded, queued, and waits for its answer", async () => {
      const sent = await invokeAsync(target, "models", invocation, 5);
      const [request] = emulator.arrived;
      expect(request!.path).to.equal("/endpoints/penguins/async-invocations");
      expect(request!.headers["x-amzn-sagemaker-inputlocation"]).to.equal(sent.places.input);
      expect(sent.places.input).to.match(/^s3:\/\/models\/async-inference\/input\/./);
      expect(emulator.objects.get(sent.places.input.slice(5))?.toString()).to.equal("[1]");
      setTimeout(() => emulator.objects.set("models/async-inference/output/1.out", Buffer.from('{"outputs":[]}')), 20);
      const answer = await sent.answer(5);
      expect(Buffer.from(answer.body).toString()).to.equal('{"outputs":[]}');
      expect(answer.contentType).to.equal("application/json");
    });

    it("fails with the reason at the failure location or, after a timeout, with the location to look at", async () => {
      const sent = await invokeAsync(target, "models", invocation, 5);
      const reason = (error: unknown) => (error as Error).message;
      expect(await sent.answer(0.02).catch(reason)).to.include(
        "it will be in s3://models/async-inference/output/1.out",
      );
      emulator.objects.set("models/async-inference/failure/1.out", Buffer.from("out of shared memory"));
      expect(await sent.answer(5).catch(reason)).to.include("out of shared memory");
    });
  });

  describe("a request to a server", () => {
    it("carries SageMaker's headers", async () => {
      const sender = httpSender(emulator.url);
      emulator.answer = () => ({ body: "{}" });
      expect((await sender.send(invocation)).contentType).to.equal("application/json");
      expect(emulator.arrived[0]!.path).to.equal("/invocations");
      expect(emulator.arrived[0]!.headers).to.include({
        "x-amzn-sagemaker-target-model": "a.tar.gz",
        "x-amzn-sagemaker-custom-attributes": "c=1",
      });
      sender.close();
    });

    it("receives binary tensors aligned, so that they are never copied, wherever the header ends", async () => {
      const sender = httpSender(emulator.url);
      for (const name of ["y", "yy", "yyy"]) {
        const output = { name, datatype: "FP64", shape: [2], parameters: { binary_data_size: 16 } };
        const header = JSON.stringify({ model_name: "m", outputs: [output] });
        emulator.answer = () => ({
          headers: { "content-type": `${binaryContentType};json-header-size=${header.length}` },
          body: Buffer.concat([Buffer.from(header), Buffer.from(Float64Array.of(1.5, -2).buffer)]),
        });
        const { body, contentType } = await sender.send(invocation);
        const [tensor] = decodeResponse(body, contentType).outputs;
        expect(tensor!.data).to.deep.equal(Float64Array.of(1.5, -2));
        expect((tensor!.data as Float64Array).buffer).to.equal(body.buffer);
      }
      sender.close();
    });

    it("that fails gives one line on what happened and what to do", async () => {
      const sender = httpSender(emulator.url);
      const cases: [EmulatedAnswer, string, string][] = [
        [{ status: 400, body: '{"error":"no"}' }, "refused", "Triton refuses the request: no"],
        [{ status: 400, body: "" }, "refused", "with status 400 and gave no reason: check the address"],
        [{ status: 424, body: '{"error":"no"}' }, "model failed", "the model failed: no: look at its log"],
        [{ status: 404, body: "" }, "not found", "no reason given"],
        [{ status: 507, body: '{"error":"full"}' }, "out of memory", "there is no memory left to load the model: full"],
        [{ status: 503, body: "" }, "unavailable", "try again once /ping answers 200"],
        [{ status: 500, body: "x".repeat(5000) }, "model failed", "xx …: look"],
      ];
      for (const [answer, kind, message] of cases) {
        const failed = await failure(sender, answer);
        expect(failed.message).to.include(message).and.not.include("\n");
        expect(failed.kind).to.equal(kind);
      }
      sender.close();
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const slow = httpSender(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, { timeoutInSeconds: 0.05 });
      expect((await failure(slow, {})).kind).to.equal("timeout");
      slow.close();
      silent.close();
      const lost = await failure(httpSender("http://127.0.0.1:9"), {});
      expect(lost.message).to.equal(
        "no connection to http://127.0.0.1:9 (ECONNREFUSED): is it running? npm run serve starts one on this machine",
      );
    });

    it("can stream its answer", async () => {
      const sender = httpSender(emulator.url);
      emulator.answer = () => ({ pieces: ["a", "b"] });
      expect((await streamed(sender)).join("")).to.equal("ab");
      sender.close();
    });
  });
});
