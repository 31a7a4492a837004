import { crc32 } from "node:zlib";

/**
 * A message of AWS's event stream.
 * Source: https://smithy.io/2.0/aws/amazon-eventstream.html
 *
 * @param type the event's or the exception's name
 * @param kind an exception's payload is JSON, an event's is bytes
 */
export function eventMessage(type: string, kind: "event" | "exception", payload: Uint8Array | string): Buffer {
  const body = Buffer.from(payload);
  const headers = Buffer.concat([
    header(":message-type", kind),
    header(kind === "event" ? ":event-type" : ":exception-type", type),
    header(":content-type", kind === "event" ? "application/octet-stream" : "application/json"),
  ]);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([checked, checksum(checked)]);
}

function header(name: string, value: string): Buffer {
  const ofString = 7;
  return Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(ofString, value.length >> 8, value.length & 0xff),
    Buffer.from(value),
  ]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
