/** The most that is read of an answer. */
export interface BodyLimit {
  /** The size in bytes. */
  readonly bytes: number;
  /** Whose limit it is, to follow its value in messages: `that SageMaker sends of an answer`. */
  readonly of: string;
  /** The most arrays and objects of a JSON body, each of which takes some hundred bytes. Default: any number. */
  readonly parts?: number;
}

/** An answer that isn't read to its end. The message says which limit it passed, and by what. */
export class CutOff extends Error {
  /** The limit that it passed. */
  readonly passed: "size" | "time";

  /**
   * @param passed the limit that it passed
   * @param message the limit, and what is known of the answer
   */
  constructor(passed: CutOff["passed"], message: string) {
    super(message);
    this.passed = passed;
  }
}

/**
 * Counts a body's pieces as they arrive.
 *
 * @param limit the most to read
 * @param declared its `content-length`. Default: unknown
 * @returns a function to call with each piece; it throws a CutOff as soon as the limit is passed
 */
export function bodyCounter({ bytes, of, parts = Infinity }: BodyLimit, declared?: string | null) {
  const refuse = (found: string): never => {
    throw new CutOff("size", `the answer has ${found}, more than the ${bytes} (${bytes / 2 ** 20} MiB) ${of}`);
  };
  let [size, found] = [0, 0];
  return (piece: Uint8Array): void => {
    if (Number(declared) > bytes) refuse(`a content-length of ${declared} bytes`);
    size += piece.length;
    if (size > bytes) refuse(`${size} bytes so far`);
    if (parts < Infinity) for (const byte of piece) if (byte === 0x5b || byte === 0x7b) found += 1;
    if (found > parts) throw new CutOff("size", `the answer has more than ${parts} arrays and objects`);
  };
}

/**
 * Passes on a body's pieces as they arrive, up to a limit. Of a body that declares more, nothing is read. Whoever stops
 * early destroys the body, and with it the connection.
 *
 * @param body the body
 * @param limit the most to pass on
 * @param declared its `content-length`. Default: unknown
 * @throws CutOff as soon as the limit is passed
 */
export async function* bounded(
  body: AsyncIterable<Uint8Array> | readonly Uint8Array[],
  limit: BodyLimit,
  declared?: string | null,
): AsyncGenerator<Uint8Array> {
  const count = bodyCounter(limit, declared);
  for await (const piece of body) {
    count(piece);
    yield piece;
  }
}

/**
 * Reads a body up to a limit.
 *
 * @param response an answer of `fetch`
 * @param limit the most to read
 * @throws CutOff if it is larger
 */
export async function readBody({ body, headers }: Response, limit: BodyLimit): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bounded(body ?? [], limit, headers.get("content-length"))) pieces.push(piece);
  return Buffer.concat(pieces);
}
