import { addAbortSignal, Readable } from "node:stream";
import { bounded, CutOff, type BodyLimit } from "./boundedBody.ts";

/** The part of one of AWS's clients that sees an answer before it is parsed. */
interface Client {
  readonly middlewareStack: {
    readonly add: (
      middleware: (next: Handler) => Handler,
      options: { readonly step: "deserialize"; readonly priority: "low"; readonly name: string },
    ) => void;
  };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- every command has types of its own
type Handler = (args: any) => Promise<any>;

/** How much is read of an answer, and for how long. */
export interface AnswerBounds {
  /** The most that is read. Default: 4 MiB, several times AWS's largest page. */
  readonly limit?: BodyLimit;
  /** The time for the body, in milliseconds. */
  readonly milliseconds: number;
}

/**
 * Has one of AWS's clients read no more of an answer, and no longer, than allowed. The clients' own time limits end
 * with an answer's headers, and they have none for its size.
 *
 * @param client the client
 * @param bounds the limits
 * @returns the client
 */
export function boundAnswers<Some extends Client>(client: Some, bounds: AnswerBounds): Some {
  const middleware = (next: Handler): Handler => {
    return async (args) => {
      const result = (await next(args)) as { readonly response: Response };
      const { response } = result;
      if (response.body instanceof Readable) {
        response.body = Readable.from(read(response.body, response.headers["content-length"], bounds), {
          objectMode: false,
        });
      }
      return result;
    };
  };
  // The last one of this step is next to the connection.
  client.middlewareStack.add(middleware, { name: "boundAnswers", step: "deserialize", priority: "low" });
  return client;
}

interface Response {
  body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const ownLimit: BodyLimit = {
  bytes: 4 * 2 ** 20,
  parts: 250_000,
  of: "that are read of an answer from AWS",
};

async function* read(
  body: Readable,
  declared: string | undefined,
  { limit = ownLimit, milliseconds }: AnswerBounds,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bounded(addAbortSignal(AbortSignal.timeout(milliseconds), body), limit, declared);
  } catch (error) {
    const late = (error as Error).name === "AbortError";
    const reason = late ? new CutOff("time", `the answer didn't end within ${milliseconds / 1000} s`) : error;
    // With this field, AWS's clients leave the message as it is.
    throw Object.assign(reason as Error, { $metadata: {} });
  }
}
