import { TarError } from "./tarHeader.ts";

/**
 * Decodes the records of a PAX header, `<length> <key>=<value>\n`, as strictly as GNU tar and Python 3.13 do.
 * Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_92_13_03
 *
 * @param body the header's content
 * @returns the last value of each key, in bytes, because a path need not be UTF-8
 * @throws TarError of the kind `damaged`
 */
export function decodePax(body: Buffer): ReadonlyMap<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < body.length;) {
    const space = body.subarray(at, at + MAX_LENGTH_DIGITS + 1).indexOf(" ");
    const digits = body.toString("latin1", at, at + Math.max(0, space));
    const end = at + (/^\d+$/.test(digits) ? Number(digits) : Infinity);
    const equals = body.indexOf("=", at);
    const start = at + space + 1;
    if (end > body.length || end <= start || equals <= start || equals >= end || body[end - 1] !== NEWLINE) {
      throw new TarError("damaged", "a PAX record is malformed");
    }
    const key = body.toString("utf8", start, equals);
    const value = body.subarray(equals + 1, end - 1);
    const pattern = numbers[key];
    if (pattern && !pattern.test(value.toString("latin1"))) {
      throw new TarError("damaged", `the PAX record ${key}=${value.toString()} is not a valid number`);
    }
    records.set(key, value);
    at = end;
  }
  return records;
}

const MAX_LENGTH_DIGITS = 10;
const NEWLINE = 0x0a;

const time = /^-?\d{1,12}(?:\.\d*)?$/;
const identifier = /^\d{1,9}$/;

/** The records that readers convert into numbers: a size in bytes, times in seconds, identifiers of users and groups. */
const numbers: Readonly<Record<string, RegExp | undefined>> = Object.assign(Object.create(null) as object, {
  size: /^\d{1,15}$/,
  mtime: time,
  atime: time,
  ctime: time,
  uid: identifier,
  gid: identifier,
});
