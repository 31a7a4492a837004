import { readdir, stat, type FileHandle } from "node:fs/promises";
import * as path from "node:path";
import { openFile } from "../../packing/regularFile.ts";
import { systemReason } from "../../text/systemError.ts";
import { awsReason } from "../../releases/accessProblem.ts";
import { boundAnswers } from "../../releases/boundedClient.ts";
import { endpointLimit } from "../answerLimits.ts";
import { awsSettings, patience } from "../awsSettings.ts";
import { contentTypeOf } from "../../inference/contentType.ts";
import type { EncodedBody } from "../../inference/index.ts";
import { parseJson } from "../../inference/parseJson.ts";
import type { EndpointTarget } from "../target.ts";

/** A request and its answer, as SageMaker captured them. */
export interface CapturedRecord {
  /** Its file and line. */
  readonly place: string;
  /** The request; absent if only answers were captured. */
  readonly request?: EncodedBody;
  /** The answer; absent if only requests were captured. */
  readonly answer?: EncodedBody;
}

/** A line that can't be read as a captured record. */
export interface UnreadableRecord {
  /** Its file and line. */
  readonly place: string;
  /** Why it can't be read. */
  readonly reason: string;
}

/**
 * Reads captured traffic from a file, a folder of `.jsonl` files at any depth, or S3, in the order of the file names,
 * which is chronological.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 *
 * @param traffic a path, or `s3://bucket/prefix`
 * @param account how to reach S3. Default: as AWS's own tools do
 * @throws Error if it doesn't exist, contains no captured traffic, or isn't text in lines
 */
export async function* readCaptured(
  traffic: string,
  account: Pick<EndpointTarget, "region" | "profile"> = {},
): AsyncGenerator<CapturedRecord | UnreadableRecord> {
  const files = traffic.startsWith("s3://") ? s3Files(traffic, account) : localFiles(traffic);
  let found = false;
  for await (const { name, open } of files) {
    found = true;
    let line = 0;
    for await (const text of linesOf(name, await open())) {
      line += 1;
      if (text.trim() !== "") yield parseRecord(`${name}:${line}`, text);
    }
  }
  if (!found) throw new Error(`there is no captured traffic in ${traffic}: expected .jsonl files`);
}

/**
 * Reads a line of captured traffic.
 *
 * @param place its file and line
 * @param line the line
 */
export function parseRecord(place: string, line: string): CapturedRecord | UnreadableRecord {
  try {
    const { captureData } = (parseJson(line) ?? {}) as { captureData?: CaptureData };
    if (!captureData) return { place, reason: 'it has no "captureData"' };
    const { endpointInput, endpointOutput } = captureData;
    return {
      place,
      ...(endpointInput && { request: bodyOf(endpointInput) }),
      ...(endpointOutput && { answer: bodyOf(endpointOutput) }),
    };
  } catch (error) {
    return { place, reason: (error as Error).message };
  }
}

interface CaptureData {
  readonly endpointInput?: CapturedBody;
  readonly endpointOutput?: CapturedBody;
}

interface CapturedBody {
  readonly observedContentType?: unknown;
  readonly data?: unknown;
  readonly encoding?: unknown;
}

/** Text is stored as it is, everything else as Base64. */
function bodyOf({ observedContentType = "", data, encoding = "" }: CapturedBody): EncodedBody {
  if (typeof data !== "string") throw new Error('it has a body without "data"');
  if (typeof observedContentType !== "string" || typeof encoding !== "string") {
    throw new Error('its "observedContentType" or "encoding" isn\'t a string');
  }
  const body = encoding.toUpperCase() === "BASE64" ? Buffer.from(data, "base64") : Buffer.from(data);
  return { body, contentType: contentTypeOf(body, observedContentType) };
}

interface CapturedFile {
  readonly name: string;
  readonly open: () => Promise<AsyncIterable<Buffer>>;
}

/** The longest line, in bytes: the largest answer in Base64, and 2 MiB for its request and what is noted of both. */
const MOST_OF_A_LINE = Math.ceil((endpointLimit.bytes * 4) / 3) + 2 ** 21;

async function* linesOf(name: string, pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let line: Buffer[] = [];
  let size = 0;
  let count = 0;
  const add = (piece: Buffer): void => {
    line.push(piece);
    size += piece.length;
    if (size <= MOST_OF_A_LINE) return;
    throw new Error(
      `${name}:${count + 1}: the line has more than the ${MOST_OF_A_LINE} bytes that are read: check that it is captured traffic, or leave it out`,
    );
  };
  for await (const piece of pieces) {
    let begin = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, begin)) {
      add(piece.subarray(begin, end));
      yield Buffer.concat(line).toString();
      count += 1;
      [line, size, begin] = [[], 0, end + 1];
    }
    add(piece.subarray(begin));
  }
  if (size > 0) yield Buffer.concat(line).toString();
}

async function* localFiles(traffic: string): AsyncGenerator<CapturedFile> {
  for (const name of (await namesBelow(traffic)).sort()) {
    yield { name, open: async () => (await opened(name)).createReadStream() };
  }
}

async function opened(name: string): Promise<FileHandle> {
  try {
    return await openFile(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new Error(`${name} can't be read: ${systemReason(error)}`, { cause: error });
  }
}

async function namesBelow(traffic: string): Promise<string[]> {
  try {
    if (!(await stat(traffic)).isDirectory()) return [traffic];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const message = `there is no ${traffic}: name a folder or file of captured traffic, or s3://bucket/prefix`;
    throw new Error(message, { cause: error });
  }
  const entries = await readdir(traffic, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isCaptured(entry.name))
    .map(({ parentPath, name }) => path.join(parentPath, name));
}

async function* s3Files(
  uri: string,
  account: Pick<EndpointTarget, "region" | "profile">,
): AsyncGenerator<CapturedFile> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  const { GetObjectCommand, paginateListObjectsV2, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client(awsSettings(account));
  const lists = boundAnswers(new S3Client(awsSettings(account)), { milliseconds: patience() });
  try {
    for await (const page of paginateListObjectsV2({ client: lists }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key } of page.Contents ?? []) {
        if (Key === undefined || !isCaptured(Key)) continue;
        const open = async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
          return Body as AsyncIterable<Buffer>;
        };
        yield { name: `s3://${bucket}/${Key}`, open };
      }
    }
  } catch (error) {
    throw new Error(`captured traffic can't be read from ${uri}: ${awsReason(error as Error)}`, { cause: error });
  } finally {
    client.destroy();
    lists.destroy();
  }
}

function isCaptured(name: string): boolean {
  return name.endsWith(".jsonl");
}
