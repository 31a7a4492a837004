import { once } from "node:events";
import { createServer, request as send, type IncomingHttpHeaders, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { expect } from "chai";
import { forwardTo } from "../../local/forward.ts";
import { openFrontDoor, type FrontDoor } from "../../local/frontDoor.ts";
import { readHost } from "../../local/requestGuard.ts";

const limit = 6_291_456;

describe("the door to a server on this machine", () => {
  let behind: Server;
  let door: FrontDoor;
  let port: number;
  const seen: { method?: string; url?: string; headers: IncomingHttpHeaders; body: string }[] = [];

  before(async () => {
    behind = createServer((request, response) => {
      void textOf(request).then((body) => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        if (request.url === "/broken") request.socket.destroy();
        else response.writeHead(201, { "x-own": "yes", "content-type": "text/x-own" }).end(`answer to ${body.length}`);
      });
    }).listen(0, "127.0.0.1");
    await once(behind, "listening");
    const { port: served } = behind.address() as AddressInfo;
    const allowedHosts = ["tunnel.example", "other.example:8443"];
    door = await openFrontDoor({ port: 0, allowedHosts }, forwardTo({ host: "127.0.0.1", port: served }));
    port = Number(new URL(door.url).port);
  });

  after(() => {
    door.close();
    behind.close();
    behind.closeAllConnections();
  });

  beforeEach(() => {
    seen.length = 0;
  });

  /** Sends bytes, and returns all that comes back until the connection closes. */
  async function raw(lines: string): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    socket.write(lines);
    return textOf(socket);
  }

  const head = (...lines: string[]) => `${[...lines, "connection: close"].join("\r\n")}\r\n\r\n`;
  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

  it("passes on a request, and the answer to it", async () => {
    const request = send({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: "/invocations?x",
      headers: { "X-Amzn-A": "b" },
    });
    request.end("body");
    const [response] = (await once(request, "response")) as [
      NodeJS.ReadableStream & { statusCode: number; headers: object },
    ];
    expect(response.statusCode).to.equal(201);
    expect(response.headers).to.include({ "x-own": "yes", "content-type": "text/x-own" });
    expect(await textOf(response)).to.equal("answer to 4");
    expect(seen[0]).to.include({ method: "POST", url: "/invocations?x", body: "body" });
    expect(seen[0]?.headers).to.include({ "x-amzn-a": "b", "content-length": "4" });
  });

  for (const host of [
    ...["localhost", "LocalHost", "127.0.0.1", "[::1]", "localhost:8080", "127.0.0.1:1", "[::1]:8080"],
    ...["tunnel.example", "Tunnel.Example:443", "other.example:8443"],
  ]) {
    it(`answers the Host ${host}`, async () => {
      expect(statusOf(await raw(head("GET /ping HTTP/1.1", `host: ${host}`)))).to.equal(201);
    });
  }

  for (const host of [
    ...["evil.example", "evil.example:8080", "localhost.", "localhost.evil.example", "evil.localhost", "xlocalhost"],
    ...["127.0.0.1.evil.example", "127.0.0.1.nip.io", "127.1", "2130706433", "0.0.0.0", "127.0.0.2", "::1", "[::2]"],
    ...["localhost@evil.example", "evil.example#localhost", "localhost,evil.example", "localhost:x", "localhost:80:80"],
    ...[
      "",
      "other.example",
      "other.example:1",
      "user@localhost",
      "localhost/evil",
      "[::1].evil.example",
      "[localhost]",
    ],
  ]) {
    for (const method of ["GET", "HEAD", "POST", "OPTIONS", "DELETE"]) {
      it(`refuses a ${method} with the Host ${JSON.stringify(host)}`, async () => {
        const answer = await raw(head(`${method} /ping HTTP/1.1`, `host: ${host}`, "content-length: 0"));
        expect(statusOf(answer)).to.equal(403);
        expect(seen).to.deep.equal([]);
      });
    }
  }

  for (const [title, lines] of Object.entries({
    "no Host": ["GET /ping HTTP/1.1"],
    "no Host in HTTP/1.0": ["GET /ping HTTP/1.0"],
    "a foreign Host in HTTP/1.0": ["GET /ping HTTP/1.0", "host: evil.example"],
    "two Hosts": ["GET /ping HTTP/1.1", "host: localhost", "host: evil.example"],
    "a whole URL as its target": ["GET http://evil.example/ping HTTP/1.1", "host: localhost"],
    "a whole URL of this machine as its target": ["GET http://localhost/ping HTTP/1.1", "host: localhost"],
    "the target *": ["OPTIONS * HTTP/1.1", "host: localhost"],
    "a foreign Host to a model's own route": [
      "POST /models/m/invoke HTTP/1.1",
      "host: evil.example",
      "content-length: 0",
    ],
    "a foreign Host and 100-continue": [
      "POST /x HTTP/1.1",
      "host: evil.example",
      "content-length: 9",
      "expect: 100-continue",
    ],
    "a foreign Host and an upgrade": ["GET /x HTTP/1.1", "host: evil.example", "upgrade: websocket"],
  })) {
    it(`refuses a request with ${title}`, async () => {
      const answer = await raw(head(...lines));
      expect(statusOf(answer)).to.equal(403);
      expect(answer.split("\r\n\r\n")[1]).to.match(/^\{"error":"[^\n]+"\}$/);
      expect(seen).to.deep.equal([]);
    });
  }

  for (const origin of ["https://evil.example", "null", "http://evil.example:8080", "http://localhost.evil.example"]) {
    it(`refuses a plain POST of the Origin ${origin}`, async () => {
      const lines = ["POST /invocations HTTP/1.1", "host: localhost", `origin: ${origin}`, "content-type: text/plain"];
      expect(statusOf(await raw(`${head(...lines, "content-length: 2")}{}`))).to.equal(403);
      expect(seen).to.deep.equal([]);
    });
  }

  it("answers a POST of an Origin on this machine", async () => {
    for (const origin of [
      "http://localhost:3000",
      "http://127.0.0.1:8080",
      "http://[::1]:1",
      "https://tunnel.example",
    ]) {
      const lines = ["POST /invocations HTTP/1.1", "host: localhost", `origin: ${origin}`, "content-length: 2"];
      expect(statusOf(await raw(`${head(...lines)}{}`))).to.equal(201);
    }
  });

  it("says why in one line, with what was sent escaped and short", async () => {
    const answer = await raw(head("GET /ping HTTP/1.1", `host: ${"e".repeat(5000)}`));
    expect(answer.split("\r\n\r\n")[1])
      .to.match(/^\{"error":"the Host \\"e{100}…\\" is not this machine: only localhost, .* --allow-host names/)
      .and.have.length.below(400);
  });

  for (const [title, lines] of Object.entries({
    "both lengths": ["content-length: 3", "transfer-encoding: chunked"],
    "two lengths": ["content-length: 3", "content-length: 4"],
    "an unknown transfer encoding": ["transfer-encoding: chunked, x"],
    "a hidden transfer encoding": ["transfer-encoding : chunked"],
  })) {
    it(`refuses a request with ${title}`, async () => {
      const answer = await raw(`${head("POST /invocations HTTP/1.1", "host: localhost", ...lines)}0\r\n\r\n`);
      expect(statusOf(answer)).to.equal(400);
      expect(seen).to.deep.equal([]);
    });
  }

  it("passes on a chunked body whole, with its length", async () => {
    const lines = ["POST /invocations HTTP/1.1", "host: localhost", "transfer-encoding: chunked"];
    expect(await raw(`${head(...lines)}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`)).to.include("answer to 5");
    expect(seen[0]?.headers).to.include({ "content-length": "5" }).and.not.have.property("transfer-encoding");
  });

  for (const chunked of [false, true]) {
    it(`answers a body of SageMaker's limit, and refuses a longer one as SageMaker does${chunked ? ", in chunks too" : ""}`, async () => {
      for (const [length, status] of [
        [limit, 201],
        [limit + 1, 413],
      ] as const) {
        const headers: Record<string, string | number> = chunked ? {} : { "content-length": length };
        const request = send({ port, host: "127.0.0.1", method: "POST", path: "/invocations", headers });
        request.end(Buffer.alloc(length, "x"));
        const [response] = (await once(request, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
        expect(response.statusCode).to.equal(status);
        if (status === 413)
          expect(await textOf(response)).to.equal('{"message":"HTTP content length exceeded 6291456 bytes."}');
        else response.resume();
      }
      expect(seen).to.have.length(1);
    });
  }

  it("closes the connection if the server does, and goes on serving", async () => {
    expect(await raw(head("GET /broken HTTP/1.1", "host: localhost"))).to.equal("");
    expect(statusOf(await raw(head("GET /ping HTTP/1.1", "host: localhost")))).to.equal(201);
  });
});

describe("an allowed host", () => {
  it("is a name or an address, with or without a port", () => {
    expect(readHost("My-Tunnel.example:8080")).to.equal("my-tunnel.example:8080");
    expect(readHost("[fe80::1]")).to.equal("[fe80::1]");
    for (const text of ["", "*", "*.example", "http://x", "a b", "a/b", "x:", "x:y", "-x", "x.", "fe80::1"]) {
      expect(readHost(text), text).to.equal(undefined);
    }
  });
});
