import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { headerSizeIn } from "../inference/inferenceTypes.ts";
import { longestAnswerInSeconds, type Answer, type Invocation, type Sender, type SenderOptions } from "./invocation.ts";
import { InvocationError, refusal } from "./invocationError.ts";

/**
 * Makes a sender for a server that follows SageMaker's contract: `POST /invocations`, with the headers that SageMaker
 * would add.
 *
 * @param url the server's address
 * @param options timeout and connections
 */
export function httpSender(url: string, options: SenderOptions = {}): Sender {
  const { timeoutInSeconds = longestAnswerInSeconds, connections = 50 } = options;
  const protocol = url.startsWith("https:") ? https : http;
  const agent = new protocol.Agent({ keepAlive: true, maxSockets: connections });
  const address = new URL(`${url}/invocations`);

  async function open(invocation: Invocation): Promise<http.IncomingMessage> {
    const { body, contentType } = invocation;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = protocol.request(address, {
        agent,
        method: "POST",
        headers: { "content-type": contentType, "content-length": body.length, ...headersOf(invocation) },
        signal: AbortSignal.timeout(timeoutInSeconds * 1000),
      });
      request.on("response", resolve).on("error", reject).end(body);
    });
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, await text(response));
    return response;
  }

  return {
    send: async (invocation): Promise<Answer> => {
      try {
        const response = await open(invocation);
        const contentType = response.headers["content-type"] ?? "";
        return { body: await alignedBody(response, contentType), contentType };
      } catch (error) {
        throw explained(error, url, timeoutInSeconds);
      }
    },
    stream: async function* (invocation) {
      try {
        yield* (await open(invocation)) as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw explained(error, url, timeoutInSeconds);
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

/**
 * Copies the body into a buffer in which the tensors begin at a multiple of eight, so that decoding doesn't copy them
 * again.
 */
async function alignedBody(response: AsyncIterable<Uint8Array>, contentType: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  const begin = (8 - ((headerSizeIn(contentType) ?? 0) % 8)) % 8;
  const body = Buffer.from(new ArrayBuffer(begin + size), begin);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function headersOf(invocation: Invocation): http.OutgoingHttpHeaders {
  const { targetModel, targetVariant, inferenceId, sessionId, customAttributes } = invocation;
  const headers = {
    "X-Amzn-SageMaker-Target-Model": targetModel,
    "X-Amzn-SageMaker-Target-Variant": targetVariant,
    "X-Amzn-SageMaker-Inference-Id": inferenceId,
    "X-Amzn-SageMaker-Session-Id": sessionId,
    "X-Amzn-SageMaker-Custom-Attributes": customAttributes,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

function explained(error: unknown, url: string, seconds: number): unknown {
  if (error instanceof InvocationError || !(error instanceof Error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return new InvocationError(
      "timeout",
      `no answer from ${url} within ${seconds} s: allow more with --timeout. An endpoint ends a request after 60 s; async inference allows an hour`,
      error,
    );
  }
  const reason = code ?? message;
  const remedy =
    code === "ECONNREFUSED"
      ? "is it running? npm run serve starts one on this machine"
      : "check the address, and whether the server is still running";
  return new InvocationError("no connection", `no connection to ${url} (${reason}): ${remedy}`, error);
}
