import { binaryContentType, binaryContentTypeOf } from "./inferenceTypes.ts";

/**
 * The content type of a body whose own got lost, as it does in S3: Triton's binary form begins with a JSON object, and what
 * follows the object are tensors.
 *
 * @param body the body
 * @param contentType what is known. Default: nothing
 */
export function contentTypeOf(body: Uint8Array, contentType = ""): string {
  if (contentType.startsWith(binaryContentType) && /json-header-size=\d/.test(contentType)) return contentType;
  const size = jsonObjectSize(body);
  if (size === undefined) return contentType === "" ? "application/octet-stream" : contentType;
  return size === body.length ? "application/json" : binaryContentTypeOf(size);
}

/** How many bytes the JSON object at the beginning takes, with white space behind it; `undefined` where there is none. */
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
