import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { decodeRequest, encodeRequest } from "../inference/index.ts";
import { targetModelHeader, type ExampleRequest } from "../local/exampleRequest.ts";
import { quoted } from "./quoted.ts";

/** The target of a request, and where its file may be. */
export interface TryOptions {
  /** The server's address. */
  readonly url: string;
  /** The request that was already sent. Default: none, the user has one. */
  readonly request?: ExampleRequest | undefined;
  /** The target model, if there are many. */
  readonly targetModel?: string | undefined;
  /** The folder of the user's own model repository; absent if it is an archive or in S3. */
  readonly repository?: string | undefined;
}

/**
 * A command that sends a request and can be copied as it is, even after the server's own files are removed: it uses the
 * file in the user's repository or, if there is none, the request itself if it is short.
 *
 * @param options the target
 */
export function tryLine({ url, request, targetModel, repository }: TryOptions): string {
  const target = targetModel === undefined ? "" : ` -H '${targetModelHeader}: ${targetModel}'`;
  return `curl -H 'content-type: application/json'${target} --data-binary ${dataOf(request, repository)} ${url}/invocations`;
}

/** A longer line is hard to read in a terminal. */
const LONGEST_INLINE = 1000;

function dataOf(request: ExampleRequest | undefined, repository: string | undefined): string {
  if (!request) return "@request.json";
  const file = request.file && repository && path.join(repository, request.origin);
  // A variant may have another repository.
  if (file && existsSync(file) && readFileSync(file).equals(request.body)) return `@${quoted(path.relative("", file))}`;
  const json = jsonOf(request);
  if (json !== undefined && json.length <= LONGEST_INLINE) return quoted(json);
  return request.file === undefined ? "@request.json" : `@${quoted(request.file)}`;
}

/** As one line of JSON, unless JSON can't hold a tensor. */
function jsonOf({ body, contentType }: ExampleRequest): string | undefined {
  try {
    return Buffer.from(encodeRequest({ inputs: decodeRequest(body, contentType).inputs }, "json").body).toString();
  } catch {
    return undefined;
  }
}
