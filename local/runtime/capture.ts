import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";
import * as path from "node:path";
import { namingFile } from "../../text/systemError.ts";
import { makeFolders } from "../../packing/makeFolders.js";
import type { EncodedBody } from "../../inference/index.ts";

/** A request and its answer. */
export interface Captured {
  readonly variant: string;
  readonly request: EncodedBody;
  readonly answer: EncodedBody;
  /** Marks the request. */
  readonly inferenceId?: string;
  readonly customAttributes?: string;
}

/** Writes requests and their answers as SageMaker's data capture does. */
export class Capture {
  readonly #folder: string;
  readonly #run = randomUUID();
  #written: Promise<void> = Promise.resolve();

  /**
   * @param folder takes the place of the S3 prefix: `<folder>/<endpoint>/<variant>/<year>/<month>/<day>/<hour>/`
   * @param endpointName the endpoint's name
   */
  constructor(folder: string, endpointName: string) {
    this.#folder = path.join(folder, endpointName);
  }

  /** Adds a line; resolves once it is in the file. */
  add(captured: Captured, now = new Date()): Promise<void> {
    this.#written = this.#written.catch(() => undefined).then(() => this.#append(captured, now));
    return this.#written;
  }

  async #append(captured: Captured, now: Date): Promise<void> {
    const [year = "", month = "", day = "", hour = ""] = now.toISOString().split(/[-T:]/);
    const folder = path.join(this.#folder, captured.variant, year, month, day, hour);
    makeFolders(folder);
    const file = path.join(folder, `00-00-000-${this.#run}.jsonl`);
    await namingFile(file, appendFile(file, `${captureLine(captured, now)}\n`));
  }
}

/**
 * A line of captured traffic: text as it is, all else as Base64.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 *
 * @param eventId marks the line. Default: a random one
 */
export function captureLine(captured: Captured, now: Date, eventId: string = randomUUID()): string {
  const { request, answer, inferenceId, customAttributes } = captured;
  return JSON.stringify({
    captureData: { endpointInput: side(request, "INPUT"), endpointOutput: side(answer, "OUTPUT") },
    eventMetadata: {
      eventId,
      ...(customAttributes !== undefined && { customAttributes: [customAttributes] }),
      ...(inferenceId !== undefined && { inferenceId }),
      inferenceTime: `${now.toISOString().slice(0, 19)}Z`,
    },
    eventVersion: "0",
  });
}

function side({ body, contentType }: EncodedBody, mode: "INPUT" | "OUTPUT"): object {
  const text = /^application\/json\b/.test(contentType) ? "JSON" : /^text\/csv\b/.test(contentType) ? "CSV" : undefined;
  const encoding = text !== undefined && isUtf8(body) ? text : "BASE64";
  const data = Buffer.from(body).toString(encoding === "BASE64" ? "base64" : "utf8");
  return { observedContentType: contentType, mode, data, encoding };
}
