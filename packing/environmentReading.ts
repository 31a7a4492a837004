import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { EnvironmentListing, type EnvironmentFile } from "../triton/models/environment.ts";
import { DamagedFileError, type ForwardReader } from "../triton/models/forwardReader.ts";
import { feedTar } from "./feedTar.ts";

/**
 * Lists the contents of a Python execution environment's archive by streaming through it. The Python backend unpacks
 * tar archives, compressed with gzip or not.
 * Source: `ExtractTarFile` in https://github.com/triton-inference-server/python_backend/blob/main/src/pb_env.cc
 *
 * @param reader the archive, from its beginning
 * @throws DamagedFileError if the Python backend couldn't unpack it
 */
export async function readEnvironment(reader: ForwardReader): Promise<EnvironmentFile> {
  const first = Buffer.from(await reader.peek(512));
  const isCompressed = first[0] === 0x1f && first[1] === 0x8b;
  if (!isCompressed && first.toString("latin1", 257, 262) !== "ustar") throw new DamagedFileError(noTar);
  const bytes = Readable.from(reader.rest());
  const archive = extract();
  const fed = feedTar(archive, isCompressed ? pipeline(bytes, gunzip(), () => undefined) : bytes);
  const listing = new EnvironmentListing();
  try {
    for await (const entry of archive) {
      const { name, size } = entry.header;
      // For a size that it can't parse, the tar reader returns nothing and never ends.
      if (!Number.isSafeInteger(size)) throw new Error("a size in it isn't a number");
      const path = name.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
      listing.add(path);
      if (path === "pyvenv.cfg" && size <= MAX_SETTINGS_BYTES) listing.addSettings(await textOf(entry));
      entry.resume();
    }
  } catch (error) {
    throw new DamagedFileError(reasonOf(error));
  } finally {
    archive.destroy(null);
    await fed;
    bytes.destroy();
  }
  return listing.environment;
}

const noTar = "it isn't a tar archive, plain or compressed with gzip, which is what the Python backend unpacks";
const MAX_SETTINGS_BYTES = 65_536;

function gunzip() {
  return createGunzip({ chunkSize: 2 ** 18 });
}

async function textOf(entry: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of entry) text += String(chunk);
  return text;
}

function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return /^unexpected end/i.test(message) ? "it is truncated" : `it can't be unpacked (${message})`;
}
