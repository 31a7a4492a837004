import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { decodeRequest, plainTensor } from "../client/inference.ts";
import { targetModelHeader, type ExampleRequest } from "../local/exampleRequest.ts";
import { quoted } from "./quoted.ts";

/** What a request is sent to, and where its file may lie. */
export interface TryOptions {
  /** The server's address. */
  readonly url: string;
  /** The request that was sent already. Default: none; the user brings one. */
  readonly request?: ExampleRequest | undefined;
  /** The model that it is for, where there are many. */
  readonly targetModel?: string | undefined;
  /** The folder of the user's own model repository; absent where it is an archive or in S3. */
  readonly repository?: string | undefined;
}

/**
 * A command that sends a request and works as it stands, also after the server's own files are gone: with the file in the
 * user's repository, or else with the request itself where it is short.
 *
 * @param options what it is sent to
 */
export function tryLine({ url, request, targetModel, repository }: TryOptions): string {
  const target = targetModel === undefined ? "" : ` -H '${targetModelHeader}: ${targetModel}'`;
  return `curl -H 'content-type: application/json'${target} --data-binary ${dataOf(request, repository)} ${url}/invocations`;
}

/** More than this is hard to read in a terminal. */
const LONGEST_INLINE = 1000;

function dataOf(request: ExampleRequest | undefined, repository: string | undefined): string {
  if (!request) return "@request.json";
  const file = request.file && repository && path.join(repository, request.origin);
  // A variant's repository may be another one.
  if (file && existsSync(file) && readFileSync(file).equals(request.body)) return `@${quoted(path.relative("", file))}`;
  const json = jsonOf(request);
  if (json !== undefined && json.length <= LONGEST_INLINE) return quoted(json);
  return request.file === undefined ? "@request.json" : `@${quoted(request.file)}`;
}

/** In one line of JSON; a tensor of a type that JSON has no numbers for can't be. */
function jsonOf({ body, contentType }: ExampleRequest): string | undefined {
  try {
    const { inputs } = decodeRequest(body, contentType);
    return JSON.stringify({ inputs: inputs.map(plainTensor) });
  } catch {
    return undefined;
  }
}
