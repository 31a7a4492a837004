import { expect } from "chai";
import { Readable } from "node:stream";
import { httpSender } from "../../operations/httpSender.ts";
import { InvocationError } from "../../operations/invocationError.ts";
import { bounded, CutOff, readBody } from "../../releases/boundedBody.ts";
import { boundAnswers } from "../../releases/boundedClient.ts";
import { pagesOf } from "../../releases/connection.ts";
import { dripping, raw, startHostileServer } from "../support/hostileServer.ts";

const limit = { bytes: 1000, of: "that are read" };

async function failure(pieces: AsyncIterable<unknown> | Promise<unknown>): Promise<Error> {
  try {
    if (pieces instanceof Promise) await pieces;
    else await Readable.from(pieces).toArray();
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was read to its end");
}

describe("a body", () => {
  const body = (count: number) => Array.from({ length: count }, () => Buffer.from("[1,[2]]..."));

  it("is passed on up to its limit, and one that is larger or declares to be is cut off", async () => {
    expect(await readBody(new Response("a".repeat(1000)), limit)).to.have.length(1000);
    const cases = [
      [bounded(body(101), limit), "1010 bytes so far, more than the 1000 "],
      [bounded(body(1), limit, "1e9"), "a content-length of 1e9 bytes"],
      [bounded(body(3), { ...limit, parts: 5 }), "more than 5 arrays and objects"],
    ] as const;
    for (const [pieces, message] of cases) {
      const error = await failure(pieces);
      expect(error).to.be.instanceOf(CutOff).and.include({ passed: "size" });
      expect(error.message).to.include(message);
    }
  });

  it("of one of AWS's clients is cut off when its time is over, and its error needs no hint", async () => {
    let installed: ((next: () => Promise<unknown>) => (args: unknown) => Promise<unknown>) | undefined;
    const client = {
      middlewareStack: { add: (middleware: NonNullable<typeof installed>) => (installed = middleware) },
    };
    boundAnswers(client, { milliseconds: 20 });
    const response = { body: new Readable({ read: () => undefined }), headers: {} };
    await installed!(() => Promise.resolve({ response }))({});
    const error = await failure(response.body);
    expect(error).to.deep.include({ passed: "time", $metadata: {} });
    expect(error.message).to.equal("the answer didn't end within 0.02 s");
  });
});

describe("the pages of a list", () => {
  it("are passed on up to a number", async () => {
    async function* endless() {
      for (;;) yield await Promise.resolve({});
    }
    expect((await failure(pagesOf(endless()))).message).to.include("the list goes on after 500 pages");
  });
});

describe("a request to a server", () => {
  it("says what it got of an answer that is cut off, comes too slowly, or isn't HTTP", async () => {
    const server = await startHostileServer();
    const sender = httpSender(server.url, { timeoutInSeconds: 0.3 });
    const head = "HTTP/1.1 200 OK\r\n";
    try {
      for (const [answer, kind, message] of [
        [raw(`${head}content-length: 9\r\n\r\n{`), "bad answer", "closed the connection before its answer ended"],
        [raw(`${head}content-length: 1000000000\r\n\r\n{`), "bad answer", "(32 MiB) that are read at most"],
        [raw("SSH-2.0\r\n"), "bad answer", "doesn't answer in HTTP"],
        [dripping(`${head}\r\n`), "timeout", "didn't end within 0.3 s"],
        [dripping("HTTP/1.1 200"), "timeout", "no answer from"],
        [raw(""), "no connection", "ECONNRESET"],
      ] as const) {
        server.answer = answer;
        const error = await failure(sender.send({ body: Buffer.of(), contentType: "" }));
        expect(error).to.be.instanceOf(InvocationError).and.include({ kind });
        expect(error.message).to.include(message);
      }
    } finally {
      sender.close();
      await server.stop();
    }
  });
});
