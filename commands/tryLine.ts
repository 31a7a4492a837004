import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { decodeRequest, encodeRequest } from "../inference/index.ts";
import { targetModelHeader, type ExampleRequest } from "../local/exampleRequest.ts";
import { typedName } from "./npm.ts";
import { quoted } from "./quoted.ts";

/** The target of a request, and where its file may be. */
export interface TryOptions {
  /** The server's address. */
  readonly url: string;
  /** The request that was already sent; absent if there is none. */
  readonly request?: ExampleRequest | undefined;
  /** The target model, if there are many. */
  readonly targetModel?: string | undefined;
  /** The folder of the user's own model repository; absent if it is an archive or in S3. */
  readonly repository?: string | undefined;
}

/**
 * A command to try the server with, which works as it is printed. It sends the file in the user's repository or, if there
 * is none, the request itself if it is short. What JSON can't hold, or would be too long, `invoke` sends; without a
 * request it is a ping.
 *
 * @param options the target
 */
export function tryLine(options: TryOptions): string {
  const { url, request, targetModel, repository } = options;
  if (!request) return `curl -i ${url}/ping`;
  const data = dataOf(request, repository);
  if (data === undefined) return invokeLine(options);
  const target = targetModel === undefined ? "" : ` -H ${quoted(`${targetModelHeader}: ${targetModel}`)}`;
  const streaming = request.generates === "generate_stream" ? " -N" : "";
  return `curl${streaming} -H 'content-type: application/json'${target} --data-binary ${data} ${url}/invocations`;
}

/** A server of one model tells `invoke` what to send; of many models, their repositories do. */
function invokeLine({ url, targetModel, repository }: TryOptions): string {
  const invoke = `${typedName("invoke", process.env)} --url ${url}`;
  if (targetModel === undefined) return invoke;
  if (repository === undefined) return `curl -i ${url}/ping`;
  return `${invoke} --target-model ${quoted(targetModel)} --model-repository ${shownPath(repository)}`;
}

/** A longer line is hard to read in a terminal. */
const LONGEST_INLINE = 1000;

/** What curl sends; `undefined` if the request isn't JSON, or has an answer that isn't. */
function dataOf(request: ExampleRequest, repository: string | undefined): string | undefined {
  const file = request.file && repository && path.join(repository, request.origin);
  // A variant may have another repository.
  if (file && existsSync(file) && readFileSync(file).equals(request.body)) return `@${shownPath(file)}`;
  const json = request.generates ? textOf(request) : request.answersInBinary ? undefined : jsonOf(request);
  if (json !== undefined && json.length <= LONGEST_INLINE) return quoted(json);
  // The server's own copy is removed at its end.
  return request.file === undefined ? undefined : `@${quoted(request.file)}`;
}

function shownPath(file: string): string {
  return quoted(path.relative("", file) || ".");
}

function textOf({ body }: ExampleRequest): string {
  return Buffer.from(body).toString();
}

/** As one line of JSON, unless JSON can't hold a tensor. */
function jsonOf({ body, contentType }: ExampleRequest): string | undefined {
  try {
    return Buffer.from(encodeRequest({ inputs: decodeRequest(body, contentType).inputs }, "json").body).toString();
  } catch {
    return undefined;
  }
}
