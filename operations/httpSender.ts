import * as http from "node:http";
import * as https from "node:https";
import { bounded, CutOff } from "../releases/boundedBody.ts";
import { ownLimit, refusalBytes } from "./answerLimits.ts";
import { headerSizeIn } from "../inference/inferenceTypes.ts";
import { longestAnswerInSeconds, type Answer, type Invocation, type Sender, type SenderOptions } from "./invocation.ts";
import { InvocationError, refusal } from "./invocationError.ts";

/**
 * Makes a sender for a server that follows SageMaker's contract: `POST /invocations`, with the headers that SageMaker
 * would add. Redirects are not followed, and of an answer 32 MiB are read at most.
 *
 * @param url the server's address
 * @param options timeout and connections
 */
export function httpSender(url: string, options: SenderOptions = {}): Sender {
  const { timeoutInSeconds = longestAnswerInSeconds, connections = 50 } = options;
  const protocol = url.startsWith("https:") ? https : http;
  const agent = new protocol.Agent({ keepAlive: true, maxSockets: connections });
  const address = new URL(`${url}/invocations`);

  async function* pieces(
    invocation: Invocation,
    answered?: (headers: http.IncomingHttpHeaders) => void,
  ): AsyncGenerator<Uint8Array> {
    const signal = AbortSignal.timeout(timeoutInSeconds * 1000);
    let begun = false;
    try {
      const response = await open(invocation, signal);
      begun = true;
      const { statusCode = 0, headers } = response;
      if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, await beginning(response));
      answered?.(headers);
      yield* bounded(response, ownLimit, headers["content-length"]);
      // A body whose length isn't declared ends with the connection, whoever ends that.
      signal.throwIfAborted();
    } catch (error) {
      throw signal.aborted ? late(url, timeoutInSeconds, begun, error) : explained(error, url, begun);
    }
  }

  function open(invocation: Invocation, signal: AbortSignal): Promise<http.IncomingMessage> {
    const { body, contentType } = invocation;
    return new Promise((resolve, reject) => {
      const request = protocol.request(address, {
        agent,
        method: "POST",
        headers: { "content-type": contentType, "content-length": body.length, ...headersOf(invocation) },
        signal,
      });
      request.on("response", resolve).on("error", reject).end(body);
    });
  }

  return {
    send: async (invocation): Promise<Answer> => {
      let contentType = "";
      const body = pieces(invocation, (headers) => {
        contentType = headers["content-type"] ?? "";
      });
      return { body: aligned(await all(body), contentType), contentType };
    },
    stream: pieces,
    close: () => {
      agent.destroy();
    },
  };
}

/**
 * Joins the body in a buffer in which the tensors begin at a multiple of eight, so that decoding doesn't copy them
 * again.
 */
function aligned(pieces: readonly Uint8Array[], contentType: string): Uint8Array {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const begin = (8 - ((headerSizeIn(contentType) ?? 0) % 8)) % 8;
  const body = Buffer.from(new ArrayBuffer(begin + size), begin);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

async function all(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces;
}

async function beginning(response: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response) {
    pieces.push(piece);
    size += piece.length;
    if (size > refusalBytes) break;
  }
  return Buffer.concat(pieces).toString();
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

function late(url: string, seconds: number, begun: boolean, cause: unknown): InvocationError {
  const what = begun
    ? `the answer from ${url} didn't end within ${seconds} s`
    : `no answer from ${url} within ${seconds} s`;
  return new InvocationError(
    "timeout",
    `${what}: allow more with --timeout. An endpoint ends a request after 60 s; async inference allows an hour`,
    cause,
  );
}

function explained(error: unknown, url: string, begun: boolean): unknown {
  if (error instanceof InvocationError || !(error instanceof Error)) return error;
  if (error instanceof CutOff) return new InvocationError("bad answer", `${url}: ${error.message}`, error);
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code ?? message;
  if (begun) {
    const cut = `${url} closed the connection before its answer ended (${reason}): look at its log`;
    return new InvocationError("bad answer", cut, error);
  }
  // The codes of Node's HTTP parser.
  if (code?.startsWith("HPE_")) {
    return new InvocationError("bad answer", `${url} doesn't answer in HTTP (${reason}): check the address`, error);
  }
  return noConnection(url, error);
}

/**
 * Describes why a server can't be reached.
 *
 * @param url the server's address
 * @param error Node's error
 */
export function noConnection(url: string, error: Error): InvocationError {
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy =
    code === "ECONNREFUSED"
      ? "is it running? npm run serve starts one on this machine"
      : "check the address, and whether the server is still running";
  return new InvocationError("no connection", `no connection to ${url} (${code ?? message}): ${remedy}`, error);
}
