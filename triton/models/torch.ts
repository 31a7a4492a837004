import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";

/** The metadata of a PyTorch file. */
export interface TorchFile {
  readonly format: "torch";
  /** The function that saved it: `torch.jit.save`, `torch.save` or `torch.export.save`. */
  readonly kind: "TorchScript" | "checkpoint" | "export";
}

/** The number of bytes to read from the end of an archive, where its directory is; a longer directory is read partially. */
const TAIL_BYTES = 2 ** 20;

/**
 * Detects the contents of a PyTorch file: since PyTorch 1.6 it is a zip archive, and the names in it show what saved
 * it.
 * Source: https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md
 *
 * @param reader the file, from its beginning
 * @throws DamagedFileError if the PyTorch backend couldn't load it
 */
export async function readTorch(reader: ForwardReader): Promise<TorchFile> {
  const head = Buffer.from(await reader.peek(4));
  // torch.save before PyTorch 1.6, or without its zip format, wrote a series of Python pickles.
  if (head[0] === 0x80 && (head[1] ?? 9) <= 5) return { format: "torch", kind: "checkpoint" };
  if (head.toString("latin1", 0, 2) !== "PK") throw new DamagedFileError("it isn't a file saved by PyTorch");
  await reader.skip(Math.max(0, reader.size - TAIL_BYTES));
  const names = zipNames(Buffer.from(await reader.read(reader.size - reader.position)));
  if (names === undefined) throw new DamagedFileError("it is truncated: its zip directory is missing");
  // The names are in a folder with the file's original name.
  const inner = new Set(names.map((name) => name.slice(name.indexOf("/") + 1)));
  if (inner.has("constants.pkl") || inner.has("model.json")) return { format: "torch", kind: "TorchScript" };
  if (inner.has("archive_format") || inner.has("serialized_exported_program.json"))
    return { format: "torch", kind: "export" };
  if (inner.has("data.pkl")) return { format: "torch", kind: "checkpoint" };
  throw new DamagedFileError("it is a zip archive, but not one saved by PyTorch");
}

/**
 * The names in a zip archive's directory.
 * Source: 4.3.12 and 4.3.16 in https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function zipNames(tail: Buffer): string[] | undefined {
  const end = tail.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0 || end + 22 > tail.length) return undefined;
  const names: string[] = [];
  for (let at = tail.indexOf("PK\u0001\u0002", 0, "latin1"); at >= 0 && at + 46 <= end;) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => tail.readUInt16LE(at + offset));
    const next = at + 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    names.push(tail.toString("utf8", at + 46, at + 46 + (nameLength ?? 0)));
    at =
      tail.toString("latin1", next, next + 4) === "PK\u0001\u0002"
        ? next
        : tail.indexOf("PK\u0001\u0002", next, "latin1");
  }
  return names;
}
