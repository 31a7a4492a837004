import { gzipSync } from "node:zlib";
import { END, paxEntry, paxRecord, rawArchive, rawEntry, rawHeader, type RawHeader } from "./largeInputs.ts";

/** A crafted archive. */
export interface CraftedArchive {
  /** The archive in words. */
  readonly title: string;
  /** Its bytes. */
  readonly bytes: Buffer;
  /** The code of the problem that the check has with it; absent if it has none. */
  readonly code?: string;
}

const config = rawEntry({ name: "m/config.pbtxt" }, 'backend: "python"');
const model = rawEntry({ name: "m/1/model.py" }, "class TritonPythonModel:\n  def execute(self, requests): pass\n");

function withEntries(title: string, code: string | undefined, ...entries: readonly Buffer[]): CraftedArchive {
  return { title, bytes: rawArchive([config, model, ...entries]), ...(code !== undefined && { code }) };
}

function withHeader(title: string, code: string | undefined, header: RawHeader, content = ""): CraftedArchive {
  return withEntries(title, code, rawEntry({ name: "m/1/more", ...header }, content));
}

/** A PAX header with records, and the file that it belongs to. */
function withPax(title: string, code: string | undefined, ...records: readonly (Buffer | string)[]): CraftedArchive {
  const body = records.map((record) => (typeof record === "string" ? Buffer.from(record) : record));
  return withEntries(title, code, paxEntry(body), rawEntry({ name: "m/1/more" }, "x"));
}

function withGlobal(title: string, code: string | undefined, key: string, value: string): CraftedArchive {
  return withEntries(title, code, paxEntry([paxRecord(key, value)], "g"), rawEntry({ name: "m/1/more" }, "x"));
}

/** A number in GNU's form, of as many bytes as its field. */
function base256(value: number, length: number, first = 0x80): Buffer {
  const bytes = Buffer.alloc(length, first === 0xff ? 0xff : 0);
  bytes[0] = first;
  bytes.writeUIntBE(value, length - 6, 6);
  return bytes;
}

const longName = (name: string, type: string) => rawEntry({ name: "././@LongLink", type, format: "gnu" }, `${name}\0`);
const link = (name: string, linkname: string, type = "2") => rawEntry({ name, linkname, type });
const folder = (name: string) => rawEntry({ name, type: "5" });
const file = (name: string, content = "x") => rawEntry({ name }, content);
const tar = Buffer.concat([config, model, END]);

/** Archives of which each is read differently from what it seems, or not at all, by some program. */
export const craftedArchives: readonly CraftedArchive[] = [
  // What every program reads.
  withEntries("an ordinary archive", undefined),
  withHeader("a file in the format of GNU", undefined, { format: "gnu" }, "x"),
  withHeader("a file in the format of Unix 7", undefined, { format: "v7", type: "\0" }, "x"),
  withEntries("a folder in the format of Unix 7", undefined, rawEntry({ name: "m/2/", format: "v7", type: "\0" })),
  withHeader("a size in base 256", undefined, { size: base256(1, 12) }, "x"),
  withHeader("a user in base 256", undefined, { raw: { 108: base256(70_000, 8) } }, "x"),
  withHeader("a time before 1970", undefined, { raw: { 136: base256(2 ** 48 - 5, 12, 0xff) } }, "x"),
  withHeader("numbers that begin with spaces", undefined, { raw: { 100: "   644 \0" } }, "x"),
  withHeader("a checksum of signed bytes", undefined, { name: Buffer.from("m/1/\u00e9"), checksumError: -512 }, "x"),
  withEntries("a long name of GNU", undefined, longName(`m/1/${"n".repeat(200)}`, "L"), rawEntry({ name: "c" }, "x")),
  withPax("a long name of PAX", undefined, paxRecord("path", `m/1/${"n".repeat(200)}`)),
  withPax("a name of 255 bytes", undefined, paxRecord("path", `m/1/${"n".repeat(255)}`)),
  withPax("a time with a fraction", undefined, paxRecord("mtime", "1700000000.123456789")),
  withPax("records that only some programs know", undefined, paxRecord("SCHILY.fflags", "x"), paxRecord("comment", "")),
  withGlobal("the global comment of git archive", undefined, "comment", "0123456789abcdef"),
  withEntries("a file twice", undefined, file("m/1/a"), file("m/1/a", "yy")),
  withEntries("a folder twice", undefined, folder("m/2/"), folder("m/2")),
  withEntries("a symbolic link twice", undefined, link("m/2", "1"), link("m/2", "1")),
  withEntries("a hard link to an earlier file", undefined, link("n/model.py", "m/1/model.py", "1")),
  withEntries("a hard link to a symbolic link", undefined, link("m/1/l", "model.py"), link("m/1/k", "m/1/l", "1")),
  withEntries("a contiguous file", undefined, rawEntry({ name: "m/1/c", type: "7" }, "x")),
  { title: "no blocks of zeros at the end", bytes: gzipSync(Buffer.concat([config, model])) },
  { title: "one block of zeros at the end", bytes: gzipSync(tar.subarray(0, tar.length - 512)) },
  { title: "zeros after the end", bytes: gzipSync(Buffer.concat([tar, Buffer.alloc(9000)])) },
  { title: "zeros after the last gzip member", bytes: Buffer.concat([gzipSync(tar), Buffer.alloc(700)]) },
  {
    title: "several gzip members",
    bytes: Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]),
  },
  // Names.
  withPax("a NUL in a path of PAX", "path-invalid", paxRecord("path", "m/1/a\0b")),
  withPax("a NUL in a target of PAX", undefined, paxRecord("linkpath", "a\0b")),
  withEntries(
    "a NUL in a link's target of PAX",
    "path-invalid",
    paxEntry([paxRecord("linkpath", "a\0b")]),
    link("m/2", "1"),
  ),
  withEntries("a file without a name", "path-invalid", rawEntry({ name: "" }, "x")),
  withEntries("a file named .", "path-invalid", file(".")),
  withEntries("a link named ./", "path-invalid", link("./", "m")),
  withPax("an empty path of PAX", "path-invalid", paxRecord("path", "")),
  withEntries("a file whose name ends in a slash", "path-invalid", file("m/1/a/")),
  withEntries("a name that is not UTF-8", "unreadable", rawEntry({ name: Buffer.from([0x6d, 0x2f, 0xff]) }, "x")),
  withPax("a name of 300 bytes", "path-too-long", paxRecord("path", `m/1/${"n".repeat(300)}`)),
  withPax("a name of 86 letters of 3 bytes", "path-too-long", paxRecord("path", `m/1/${"€".repeat(86)}`)),
  withPax("a path of 5,000 bytes", "path-too-long", paxRecord("path", `m/1/${`${"n".repeat(200)}/`.repeat(25)}f`)),
  withPax("a file in 200 folders", "path-too-deep", paxRecord("path", `m/${"d/".repeat(200)}f`)),
  withEntries(
    "a target of 5,000 bytes",
    "path-too-long",
    paxEntry([paxRecord("linkpath", "./".repeat(2500))]),
    link("m/2", "1"),
  ),
  withEntries("an absolute path", "path-outside", file("/m/1/a")),
  withEntries("a path with ..", "path-outside", file("m/../../a")),
  withEntries("a path with .. that stays inside", "path-outside", file("m/../n")),
  // Paths that get in each other's way.
  withEntries("a file below a file", "entry-conflict", file("m/1/model.py/a")),
  withEntries("a folder below a file", "entry-conflict", folder("m/1/model.py/a/")),
  withEntries("a file, then a folder", "entry-conflict", folder("m/1/model.py")),
  withEntries("a folder, then a file", "entry-conflict", folder("m/2"), file("m/2")),
  withEntries("a file where a folder is implied", "entry-conflict", file("m/1")),
  withEntries("a link, then a file", "entry-below-link", link("m/1/l", "model.py"), file("m/1/l")),
  withEntries("a file, then a link", "entry-below-link", link("m/1/model.py", "other"), file("m/1/other")),
  withEntries("a folder, then a link", "entry-below-link", folder("m/2"), link("m/2", "1")),
  withEntries("a file below a link", "entry-below-link", link("m/2", "1"), file("m/2/a")),
  withEntries(
    "a hard link twice",
    "entry-below-link",
    link("m/1/h", "m/1/model.py", "1"),
    link("m/1/h", "m/1/model.py", "1"),
  ),
  withEntries("a hard link over a file", "entry-below-link", file("m/1/h"), link("m/1/h", "m/1/model.py", "1")),
  // Links.
  withEntries("a hard link to a folder", "link-broken", link("m/2", "m/1", "1")),
  withEntries("a hard link to a later file", "link-broken", link("m/1/h", "m/1/z", "1"), file("m/1/z")),
  withEntries("a hard link to nothing", "link-broken", link("m/1/h", "m/1/z", "1")),
  withEntries("a hard link to itself", "link-broken", link("m/1/h", "m/1/h", "1")),
  withEntries("a hard link to an absolute path", "link-outside", link("m/1/h", "/etc/passwd", "1")),
  withEntries("a hard link outside", "link-outside", link("m/1/h", "../x", "1")),
  withEntries("a symbolic link to an absolute path", "link-outside", link("m/1/l", "/etc/passwd")),
  withEntries("a symbolic link outside", "link-outside", link("m/1/l", "../../../x")),
  withEntries("a symbolic link to itself", "link-outside", link("m/1/l", "l")),
  withEntries("two symbolic links to each other", "link-outside", link("m/1/l", "k"), link("m/1/k", "l")),
  withEntries("a symbolic link to nothing", "link-broken", link("m/1/l", "")),
  withHeader("a symbolic link with content", "archive-corrupt", { type: "2", linkname: "model.py" }, "x"),
  withHeader("a hard link with content", "archive-corrupt", { type: "1", linkname: "m/1/model.py" }, "x"),
  // What is neither file, folder nor link.
  ...["3", "4", "6", "S", "D", "V", "M", "N"].map((type) =>
    withHeader(`an entry of the type ${type}`, "not-a-file", { type }),
  ),
  withHeader("an entry of a type that nobody knows", "not-a-file", { type: "?" }, "x"),
  withHeader("a folder with content", "archive-corrupt", { type: "5" }, "x"),
  withHeader("a device with content", "archive-corrupt", { type: "3" }, "x"),
  withPax(
    "a sparse file of PAX 1.0",
    "not-a-file",
    paxRecord("GNU.sparse.major", "1"),
    paxRecord("GNU.sparse.name", "a"),
  ),
  withPax("a sparse file of PAX 0.1", "not-a-file", paxRecord("GNU.sparse.map", "0,1")),
  // Numbers.
  withHeader("a negative size in base 256", "archive-corrupt", { size: base256(2 ** 48 - 512, 12, 0xff) }),
  withHeader("a size of 80 bits", "archive-corrupt", { size: Buffer.from("800100000000000000000000", "hex") }),
  withHeader("a size with a letter", "archive-corrupt", { size: Buffer.from("0000000000x\0") }),
  withHeader("a size with a minus", "archive-corrupt", { size: Buffer.from("-0000000001\0") }),
  withHeader("a size after a NUL", "archive-corrupt", { size: Buffer.from("\x000000000010") }),
  withHeader("a mode with a letter", "archive-corrupt", { raw: { 100: "000x644\0" } }, "x"),
  withHeader("a user with a letter", "archive-corrupt", { raw: { 108: "rootroot" } }, "x"),
  withHeader("a negative user", "archive-corrupt", { raw: { 108: base256(2 ** 48 - 2, 8, 0xff) } }, "x"),
  withHeader("a group of 48 bits", "archive-corrupt", { raw: { 116: base256(2 ** 47, 8) } }, "x"),
  withHeader("a time with a letter", "archive-corrupt", { raw: { 136: "yesterday\0" } }, "x"),
  withHeader("a device number with a letter", "archive-corrupt", { type: "3", raw: { 329: "x\0" } }),
  withHeader("a wrong checksum", "archive-corrupt", { checksumError: 1 }, "x"),
  // PAX.
  withPax("a record without a length", "archive-corrupt", "path=a\n"),
  withPax("a record of length 0", "archive-corrupt", "0 path=a\n"),
  withPax("a record that is too long", "archive-corrupt", "99 path=a\n"),
  withPax("a record that is too short", "archive-corrupt", "5 path=a\n"),
  withPax("a record without a blank", "archive-corrupt", "10path=ab\n"),
  withPax("a record without a key", "archive-corrupt", "5 =a\n"),
  withPax("a record without an equals sign", "archive-corrupt", "8 patha\n"),
  withPax("a record without a newline", "archive-corrupt", "10 path=abc"),
  withPax("a record with a negative length", "archive-corrupt", "-10 path=a\n"),
  withPax("zeros after the records", "archive-corrupt", paxRecord("comment", "a"), "\0\0"),
  withPax("a size that is not a number", "archive-corrupt", paxRecord("size", "x")),
  withPax("a negative size of PAX", "archive-corrupt", paxRecord("size", "-1")),
  withPax("a size of PAX without digits", "archive-corrupt", paxRecord("size", "")),
  withPax("a size of PAX of 30 digits", "archive-corrupt", paxRecord("size", "9".repeat(30))),
  withPax("a time of PAX that is not a number", "archive-corrupt", paxRecord("mtime", "now")),
  withPax("a user of PAX that is not a number", "archive-corrupt", paxRecord("uid", "root")),
  withGlobal("a global path", "archive-corrupt", "path", "m/1/a"),
  withGlobal("a global target", "archive-corrupt", "linkpath", "a"),
  withGlobal("a global size", "archive-corrupt", "size", "1"),
  withEntries("a PAX header at the end", "archive-corrupt", paxEntry([paxRecord("path", "a")])),
  withEntries("a long name at the end", "archive-corrupt", longName("m/1/a", "L")),
  withEntries("two long names", "archive-corrupt", longName("m/1/a", "L"), longName("m/1/b", "L"), file("c")),
  withEntries(
    "two PAX paths",
    "archive-corrupt",
    ...["a", "b"].map((name) => paxEntry([paxRecord("path", name)])),
    file("c"),
  ),
  withEntries(
    "a PAX header of 5 MB",
    "archive-corrupt",
    paxEntry([paxRecord("comment", "x".repeat(5e6))]),
    file("m/1/c"),
  ),
  withEntries(
    "2,000 global headers in a row",
    "archive-corrupt",
    ...Array.from({ length: 2000 }, () => paxEntry([paxRecord("comment", "x")], "g")),
    file("m/1/c"),
  ),
  // Ends.
  { title: "a file that is cut off", bytes: gzipSync(tar.subarray(0, 520)), code: "archive-truncated" },
  {
    title: "a file without its padding",
    bytes: gzipSync(Buffer.concat([config, model.subarray(0, 560)])),
    code: "archive-truncated",
  },
  {
    title: "half a header at the end",
    bytes: gzipSync(Buffer.concat([config, model, config.subarray(0, 300)])),
    code: "archive-truncated",
  },
  {
    title: "a size beyond the archive's end",
    bytes: rawArchive([config, model, rawHeader({ name: "m/1/a", size: 9e9 })]),
    code: "archive-truncated",
  },
  { title: "a gzip stream that is cut off", bytes: gzipSync(tar).subarray(0, -9), code: "archive-truncated" },
  { title: "a wrong checksum of gzip", bytes: flipped(gzipSync(tar), -6), code: "archive-corrupt" },
  { title: "a wrong length of gzip", bytes: flipped(gzipSync(tar), -2), code: "archive-corrupt" },
  {
    title: "text after the last gzip member",
    bytes: Buffer.concat([gzipSync(tar), Buffer.from("text")]),
    code: "archive-corrupt",
  },
  {
    title: "a gzip member after zeros",
    bytes: Buffer.concat([gzipSync(tar), Buffer.alloc(9), gzipSync(tar)]),
    code: "archive-corrupt",
  },
  { title: "a second archive after the end", bytes: gzipSync(Buffer.concat([tar, tar])), code: "archive-corrupt" },
  {
    title: "an entry after one block of zeros",
    bytes: gzipSync(Buffer.concat([config, model, Buffer.alloc(512), file("m/1/a"), END])),
    code: "archive-corrupt",
  },
  { title: "text after the end", bytes: gzipSync(Buffer.concat([tar, Buffer.from("text")])), code: "archive-corrupt" },
  { title: "an empty file, compressed", bytes: gzipSync(""), code: "archive-not-tar" },
  { title: "text, compressed", bytes: gzipSync("text\n".repeat(300)), code: "archive-not-tar" },
];

function flipped(bytes: Buffer, at: number): Buffer {
  const place = bytes.length + at;
  bytes[place] = (bytes[place] ?? 0) ^ 0xff;
  return bytes;
}
