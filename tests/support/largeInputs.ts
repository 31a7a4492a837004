import { gzipSync } from "node:zlib";

/** A tar header as raw bytes: of a regular file unless `type` says otherwise; nothing of it is checked. */
export interface RawHeader {
  /** The name, at most 100 bytes. */
  readonly name?: string | Buffer;
  /** The type flag. Default: `0`, a regular file. */
  readonly type?: string;
  /** The size in bytes, or the bytes of the field. Default: 0. */
  readonly size?: number | Buffer;
  /** The target of a link, at most 100 bytes. */
  readonly linkname?: string;
  /** Bytes to write over the header's, by their offset. */
  readonly raw?: Readonly<Record<number, Buffer | string>>;
  /** Added to the right checksum. Default: 0. */
  readonly checksumError?: number;
  /** The format. Default: `ustar`. */
  readonly format?: "ustar" | "gnu" | "v7";
}

const MAGIC = { ustar: "ustar\x0000", gnu: "ustar  \0", v7: "" };

/** The 512 bytes of a header. */
export function rawHeader(header: RawHeader): Buffer {
  const { name = "", type = "0", size = 0, linkname = "", raw = {}, checksumError = 0, format = "ustar" } = header;
  const block = Buffer.alloc(512);
  const put = (bytes: Buffer | string, at: number) => Buffer.from(bytes as string).copy(block, at);
  put(name, 0);
  put("0000644\x000000000\x000000000\0", 100);
  put(typeof size === "number" ? `${size.toString(8).padStart(11, "0")}\0` : size, 124);
  put("00000000000\0", 136);
  put(type, 156);
  put(linkname, 157);
  put(MAGIC[format], 257);
  for (const [at, bytes] of Object.entries(raw)) put(bytes, Number(at));
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0) + checksumError;
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** A header and its content, padded to whole blocks. */
export function rawEntry(header: RawHeader, content: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(content as string);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([rawHeader({ size: bytes.length, ...header }), bytes, padding]);
}

/** One PAX record with its length. */
export function paxRecord(key: string, value: Buffer | string): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from("\n")]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** A PAX header, `x` for the next entry or `g` for all that follow. */
export function paxEntry(records: readonly Buffer[], type = "x"): Buffer {
  return rawEntry({ name: "PaxHeaders/x", type }, Buffer.concat(records));
}

/** The two blocks of zeros at the end of an archive. */
export const END = Buffer.alloc(1024);

/** Entries and the end of an archive, compressed. */
export function rawArchive(entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, END]), { level: 6 });
}

/** An archive with one file in `depth` folders. */
export function deepArchive(depth: number): Buffer {
  return rawArchive([paxEntry([paxRecord("path", `m/${"d/".repeat(depth)}f`)]), rawEntry({ name: "f" }, "x")]);
}

/** An archive of `count` empty files of one model. */
export function archiveOfManyEntries(count: number): Buffer {
  return rawArchive(Array.from({ length: count }, (_, index) => rawHeader({ name: `m/1/f${index}` })));
}

/** An archive of `count` models, each a folder with a version. */
export function archiveOfManyModels(count: number): Buffer {
  return rawArchive(Array.from({ length: count }, (_, index) => rawHeader({ name: `m${index}/1/model.py` })));
}

/** A configuration with `count` inputs. */
export function configOfManyInputs(count: number): string {
  return `${HEAD}${Array.from({ length: count }, (_, i) => `input{name:"${i.toString(36)}"}\n`).join("")}`;
}

const HEAD = 'backend: "python"\n';

/** An ensemble of `count` steps that form a chain of tensors. */
export function configOfManySteps(count: number): string {
  const steps = Array.from({ length: count }, (_, i) => {
    const [from, to] = [i === 0 ? "I" : `t${i}`, i === count - 1 ? "O" : `t${i + 1}`];
    return `step{model_name:"m" model_version:-1 input_map{key:"i" value:"${from}"} output_map{key:"o" value:"${to}"}}\n`;
  });
  const tensors = 'input{name:"I" data_type:TYPE_FP32 dims:1}\noutput{name:"O" data_type:TYPE_FP32 dims:1}\n';
  return `platform: "ensemble"\n${tensors}ensemble_scheduling{\n${steps.join("")}}\n`;
}
