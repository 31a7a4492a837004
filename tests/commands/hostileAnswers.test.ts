import { expect } from "chai";
import {
  endless,
  dripping,
  json,
  raw,
  startHostileServer,
  whole,
  type HostileServer,
} from "../support/hostileServer.ts";
import { runMeasured } from "../support/measuredRun.ts";

const ok = `HTTP/1.1 200 OK\r\n${json}`;

describe("what a server answers", function () {
  this.timeout(60_000);

  let server: HostileServer;
  before(async () => {
    server = await startHostileServer();
  });
  after(() => server.stop());

  const invoke = ["invoke", "--timeout", "2", "--input", "x:FP32[1,1]=1"];
  const cases: readonly (readonly [string, HostileServer["answer"], string])[] = [
    [
      "without an end",
      endless(`${ok}\r\n`, Buffer.alloc(2 ** 20, "0,")),
      "bytes so far, more than the 33554432 (32 MiB) that are read at most",
    ],
    [
      "with a content-length of 10 GB",
      raw(`${ok}content-length: 10737418240\r\n\r\nabc`),
      "the answer has a content-length of 10737418240 bytes, more than the 33554432 (32 MiB) that are read at most",
    ],
    ["byte by byte", dripping(`${ok}\r\n`), "didn't end within 2 s: allow more with --timeout"],
    ["nothing at all", () => undefined, "no answer from http://127.0.0.1:"],
    ["half of it", raw(`${ok}content-length: 100\r\n\r\n{`), "closed the connection before its answer ended"],
    [
      "headers without an end",
      endless(ok, `x-a: ${"b".repeat(1000)}\r\n`),
      "doesn't answer in HTTP (HPE_HEADER_OVERFLOW)",
    ],
    ["something else than HTTP", raw("\u0000\u001b[2J\r\n\r\n"), "doesn't answer in HTTP"],
    [
      "an error without an end",
      endless(`HTTP/1.1 500 No\r\n\r\n`, Buffer.alloc(2 ** 20, "x")),
      "failed with status 500: xxx",
    ],
    ["with a redirect", whole("", "location: http://127.0.0.1:9/\r\n", "302 Found"), "status 302"],
    [
      "in a header of no size",
      whole("{}", "content-type: application/vnd.sagemaker-triton.binary+json;json-header-size=1e999\r\n"),
      "isn't KServe's",
    ],
  ];
  for (const [what, answer, reason] of cases) {
    it(`${what} is one line that says so, in bounded time and memory`, async () => {
      server.answer = answer;
      const { code, stdout, stderr, megabytes } = await runMeasured([...invoke, "--url", server.url]);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      expect(stderr)
        .to.match(/^error: [^\n]*\n$/)
        .and.include(reason);
      expect(megabytes).to.be.within(1, 300);
    });
  }

  it("in AWS's name is bounded too", async () => {
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    server.answer = endless(`${ok}\r\n`, Buffer.alloc(2 ** 20, "x"));
    const target = ["--endpoint", "penguins", "--region", "eu-central-1"];
    for (const [command, limit] of [
      [["status"], "4194304 (4 MiB) that are read of an answer from AWS"],
      [["logs", "--no-follow"], "4194304 (4 MiB) that are read of an answer from AWS"],
      [invoke, "26214400 (25 MiB) that SageMaker allows"],
    ] as const) {
      const { code, stderr, megabytes } = await runMeasured([...command, ...target], { env });
      expect(code).to.equal(1);
      expect(stderr).to.include(limit);
      expect(megabytes).to.be.within(1, 300);
    }
  });

  it("in 100,000 outputs is shown up to a number", async () => {
    const outputs = Array.from({ length: 100_000 }, (_, index) => ({
      name: `o${index}`,
      datatype: "INT8",
      shape: [1],
      data: [1],
    }));
    server.answer = whole(JSON.stringify({ model_name: "m", outputs }));
    const { code, stdout, megabytes } = await runMeasured([...invoke, "--url", server.url]);
    expect(code).to.equal(0);
    expect(stdout).to.include("… and 99961 more tensors: use invoke with --json or --save for all");
    expect(megabytes).to.be.within(1, 300);
  });

  it("is printed by --json as JSON.stringify would", async () => {
    const answer = {
      model_name: "m",
      parameters: { a: [1] },
      outputs: [
        { name: "y", datatype: "INT32", shape: [5000], data: Array.from({ length: 5000 }, (_, index) => index) },
        { name: "z", datatype: "BYTES", shape: [0], data: [] },
      ],
    };
    server.answer = whole(JSON.stringify(answer));
    const { stdout } = await runMeasured([...invoke, "--url", server.url, "--json"]);
    expect(stdout).to.equal(`${JSON.stringify(answer, undefined, 2)}\n`);
  });
});
