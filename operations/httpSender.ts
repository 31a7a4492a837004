import * as http from "node:http";
import * as https from "node:https";
import { urlToHttpOptions } from "node:url";
import { bodyCounter, bounded, CutOff } from "../releases/boundedBody.ts";
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
  const address = urlToHttpOptions(new URL(`${url}/invocations`));

  /** Sends a request, passes the answer on, and ends it when it takes too long. */
  function exchange(invocation: Invocation): Exchange {
    const { body, contentType } = invocation;
    const request = protocol.request({
      ...address,
      ...{ agent, method: "POST" },
      headers: { "content-type": contentType, "content-length": body.length, ...headersOf(invocation) },
    });
    let [begun, isLate] = [false, false];
    // Less work than a signal: a load generator does this thousands of times a second.
    const timer = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, timeoutInSeconds * 1000);
    const response = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on("response", resolve).on("error", reject).end(body);
    }).then(async (answer) => {
      begun = true;
      const { statusCode = 0 } = answer;
      if (statusCode < 200 || statusCode > 299) throw refusal(statusCode, await beginning(answer));
      return answer;
    });
    return {
      response,
      // A body whose length isn't declared ends with the connection, whoever ends that.
      refuseLate: () => {
        if (isLate) throw late(url, timeoutInSeconds, begun);
      },
      explained: (error) => (isLate ? late(url, timeoutInSeconds, begun, error) : explained(error, url, begun)),
      end: () => {
        clearTimeout(timer);
      },
    };
  }

  return {
    send: async (invocation): Promise<Answer> => {
      const { response, refuseLate, explained, end } = exchange(invocation);
      try {
        const answer = await response;
        const body = await all(answer);
        refuseLate();
        const contentType = answer.headers["content-type"] ?? "";
        return { body: aligned(body, contentType), contentType };
      } catch (error) {
        throw explained(error);
      } finally {
        end();
      }
    },
    stream: async function* (invocation) {
      const { response, refuseLate, explained, end } = exchange(invocation);
      try {
        const answer = await response;
        yield* bounded(answer, ownLimit, answer.headers["content-length"]);
        refuseLate();
      } catch (error) {
        throw explained(error);
      } finally {
        end();
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** A request and its answer. */
interface Exchange {
  /** The answer, if it isn't a refusal. */
  readonly response: Promise<http.IncomingMessage>;
  /** Throws if the time was up. */
  readonly refuseLate: () => void;
  /** Explains why there is no whole answer. */
  readonly explained: (error: unknown) => unknown;
  /** Must be called once the answer has ended. */
  readonly end: () => void;
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

/** Reads a whole body, with less work than `for await` takes. */
function all(answer: http.IncomingMessage): Promise<Uint8Array[]> {
  const count = bodyCounter(ownLimit, answer.headers["content-length"]);
  const pieces: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    answer.on("data", (piece: Uint8Array) => {
      try {
        count(piece);
        pieces.push(piece);
      } catch (error) {
        answer.destroy(error as Error);
      }
    });
    answer.on("error", reject).on("end", () => {
      resolve(pieces);
    });
  });
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

function late(url: string, seconds: number, begun: boolean, cause?: unknown): InvocationError {
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
