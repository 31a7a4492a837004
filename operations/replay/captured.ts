import { open, readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { awsReason } from "../../releases/accessProblem.ts";
import { awsSettings } from "../awsSettings.ts";
import { contentTypeOf } from "../../inference/contentType.ts";
import type { EncodedBody } from "../../inference/index.ts";
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
 * @throws Error if it doesn't exist or contains no captured traffic
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
    for await (const text of createInterface({ input: await open(), crlfDelay: Infinity })) {
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
    const { captureData } = JSON.parse(line) as { captureData?: CaptureData };
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
  readonly observedContentType?: string;
  readonly data?: unknown;
  readonly encoding?: string;
}

/** Text is stored as it is, everything else as Base64. */
function bodyOf({ observedContentType = "", data, encoding = "" }: CapturedBody): EncodedBody {
  if (typeof data !== "string") throw new Error('it has a body without "data"');
  const body = encoding.toUpperCase() === "BASE64" ? Buffer.from(data, "base64") : Buffer.from(data);
  return { body, contentType: contentTypeOf(body, observedContentType) };
}

interface CapturedFile {
  readonly name: string;
  readonly open: () => Promise<Readable>;
}

async function* localFiles(traffic: string): AsyncGenerator<CapturedFile> {
  for (const name of (await namesBelow(traffic)).sort()) {
    // Open it before reading lines, where an error would be lost.
    yield { name, open: async () => (await open(name)).createReadStream() };
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
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key } of page.Contents ?? []) {
        if (Key === undefined || !isCaptured(Key)) continue;
        const open = async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
          return Body as Readable;
        };
        yield { name: `s3://${bucket}/${Key}`, open };
      }
    }
  } catch (error) {
    throw new Error(`captured traffic can't be read from ${uri}: ${awsReason(error as Error)}`, { cause: error });
  } finally {
    client.destroy();
  }
}

function isCaptured(name: string): boolean {
  return name.endsWith(".jsonl");
}
