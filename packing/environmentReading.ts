import { buffer } from "node:stream/consumers";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { cppLibrary, EnvironmentListing, type EnvironmentFile } from "../triton/models/environment.ts";
import { DamagedFileError, type ForwardReader } from "../triton/models/forwardReader.ts";
import { readTar } from "./tarReader.ts";

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
  const listing = new EnvironmentListing();
  try {
    for await (const { name, type, size, linkname, content } of readTar(
      isCompressed ? pipeline(bytes, gunzip(), () => undefined) : bytes,
    )) {
      const path = name
        .toString()
        .replace(/^(?:\.\/)+/, "")
        .replace(/\/$/, "");
      listing.add(path, linkname.toString());
      if (path === cppLibrary && type === "file") {
        const newest = await newestSymbol(content);
        if (newest !== undefined) listing.addLoadedLibrary(newest);
      }
      if (path === "pyvenv.cfg" && size <= MAX_SETTINGS_BYTES) listing.addSettings(await textOf(content));
    }
  } catch (error) {
    throw new DamagedFileError(reasonOf(error));
  } finally {
    bytes.destroy();
  }
  return listing.environment;
}

const noTar = "it isn't a tar archive, plain or compressed with gzip, which is what the Python backend unpacks";
const MAX_SETTINGS_BYTES = 65_536;

function gunzip() {
  return createGunzip({ chunkSize: 2 ** 18 });
}

/** The newest `GLIBCXX_3.4.…` that a library defines. */
async function newestSymbol(content: AsyncIterable<Uint8Array>): Promise<number | undefined> {
  const numbers = new Set<number>();
  let rest = "";
  for await (const chunk of content) {
    const text = rest + Buffer.from(chunk).toString("latin1");
    for (const [, number] of text.matchAll(/GLIBCXX_3\.4\.(\d{1,3})\0/g)) numbers.add(Number(number));
    rest = text.slice(-SYMBOL_BYTES);
  }
  return numbers.size === 0 ? undefined : Math.max(...numbers);
}

/** At least the bytes of one symbol, which two chunks may have between them. */
const SYMBOL_BYTES = 20;

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  return (await buffer(content)).toString();
}

function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return /^unexpected end|^it is cut off$/.test(message) ? "it is truncated" : `it can't be unpacked (${message})`;
}
