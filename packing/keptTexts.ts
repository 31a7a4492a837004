import { isUtf8 } from "node:buffer";

/** The texts that the checks need, and those that aren't UTF-8. */
export interface KeptTexts {
  readonly texts: Map<string, string>;
  readonly undecoded: Set<string>;
}

/**
 * Keeps a file's text; bytes that aren't UTF-8 become U+FFFD.
 *
 * @param path its path in the repository
 */
export function keepText(path: string, bytes: Buffer, { texts, undecoded }: KeptTexts): void {
  texts.set(path, bytes.toString());
  if (path.endsWith(".py") && !isUtf8(bytes)) undecoded.add(path);
}
