import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { makeFolders } from "../../packing/makeFolders.js";
import { unpackModelArchive } from "../../packing/modelArchive.ts";
import type { Progress } from "../../packing/progress.ts";
import { s3Client } from "../../releases/bucketTags.ts";
import { ask, type AwsConnection } from "../../releases/connection.ts";
import { isObject } from "./template.ts";
import type { Values } from "./variants.ts";

/** Settings whose models are folders on this machine. */
export interface LocalModels {
  /** The settings, with `modelRepository` in place of `modelDataUrl`. */
  readonly settings: Values;
  /** The folders to download to, by the models' places in S3. */
  readonly folders: ReadonlyMap<string, string>;
}

/**
 * Puts folders in place of the models in S3: `folder` itself for the endpoint's model, folders in it for the variants'.
 * A model that several variants serve has one folder.
 *
 * @param settings the settings
 * @param folder the folder
 */
export function withFolders(settings: Values, folder: string): LocalModels {
  const folders = new Map<string, string>();
  const local = ({ modelDataUrl: url, ...values }: Values, own: string): Values => {
    if (typeof url !== "string") return values;
    const at = folders.get(url) ?? own;
    folders.set(url, at);
    return { ...values, modelRepository: at };
  };
  const { variants, ...shared } = settings;
  const entries = Object.entries(isObject(variants) ? variants : {});
  const apart = entries.map(([name, values]) => [name, local(values as Values, path.join(folder, name))] as const);
  return {
    settings: { ...local(shared, folder), ...(variants !== undefined && { variants: Object.fromEntries(apart) }) },
    folders,
  };
}

/**
 * Downloads a packed model and unpacks it. Until both are done, there is no such folder.
 *
 * @param connection how to reach S3
 * @param url the model, `s3://bucket/key`
 * @param folder a folder that doesn't exist yet
 * @param onProgress called with the bytes that have come. Default: nobody
 * @throws AwsError if S3 refuses it; ModelError if it can't be unpacked
 */
export async function downloadModel(
  connection: AwsConnection,
  url: string,
  folder: string,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<void> {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (existsSync(folder)) throw new Error(`"${folder}" already exists: name a new folder`);
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await s3Client(connection);
  const parent = path.dirname(path.resolve(folder));
  const made = firstMissing(parent);
  makeFolders(parent);
  const temporary = await mkdtemp(path.join(parent, `.${path.basename(folder)}-`));
  let kept = false;
  try {
    const archive = path.join(temporary, "model.tar.gz");
    await ask(`GetObject of ${url}`, async () => {
      const { Body, ContentLength: total = 0 } = await client.send(new GetObjectCommand({ Bucket, Key }));
      let bytes = 0;
      const counted = async function* (content: AsyncIterable<Uint8Array>) {
        for await (const chunk of content) {
          bytes += chunk.length;
          onProgress({ bytes, total });
          yield chunk;
        }
      };
      await pipeline(Body as Readable, counted, createWriteStream(archive));
    });
    const unpacked = path.join(temporary, "model");
    await unpackModelArchive(archive, unpacked);
    await rename(unpacked, folder);
    kept = true;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    if (!kept && made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

/** The topmost folder of a path that isn't there yet; `undefined` if all are. */
function firstMissing(directory: string): string | undefined {
  return existsSync(directory) ? undefined : (firstMissing(path.dirname(directory)) ?? directory);
}
