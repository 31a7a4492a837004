import { binaryContentType, binaryContentTypeOf } from "./inferenceTypes.ts";

/**
 * Restores the content type of a body that lost it, as happens in S3. Triton's binary form is a JSON object followed by
 * the tensors, so the object's end gives the header's size.
 *
 * @param body the body
 * @param contentType the content type as far as it is known. Default: unknown
 */
export function contentTypeOf(body: Uint8Array, contentType = ""): string {
  if (contentType.startsWith(binaryContentType) && /json-header-size=\d/.test(contentType)) return contentType;
  const size = jsonObjectSize(body);
  if (size === undefined) return contentType === "" ? "application/octet-stream" : contentType;
  return size === body.length ? "application/json" : binaryContentTypeOf(size);
}

/**
 * The size in bytes of the JSON object at the beginning, trailing white space included; `undefined` if there is none.
 */
function jsonObjectSize(body: Uint8Array): number | undefined {
  let depth = 0;
  let inString = false;
  let at = 0;
  while (at < body.length && isSpace(body[at])) at += 1;
  if (body[at] !== 0x7b) return undefined;
  for (; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b) depth += 1;
    else if (byte === 0x7d && (depth -= 1) === 0) break;
  }
  if (depth !== 0) return undefined;
  const end = at + 1;
  return body.subarray(end).every(isSpace) ? body.length : end;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
