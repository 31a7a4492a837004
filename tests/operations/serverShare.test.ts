import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import { boundOf, shareOf } from "../../operations/load/serverShare.ts";
import { settingsSnippet, suggestSettings } from "../../operations/load/suggestSettings.ts";
import { describeLoad } from "../../commands/loadReport.ts";
import { everySecond, ServerTimes } from "../../local/serverTimes.ts";
import { wholeAnswer } from "../../local/container.ts";
import { printedPeriods } from "../support/metricsModel.ts";

const totals = (requests: number, QueueTime: number, ComputeTime: number) => ({
  requests,
  microseconds: { QueueTime, ComputeTime, InputTime: 10 * requests, OutputTime: 20 * requests },
});

describe("the latency of a load", () => {
  it("is split into what waits, what computes and the rest", () => {
    const share = shareOf(totals(100, 5000, 9000), totals(200, 205_000, 106_000), 5)!;
    expect(share).to.deep.equal({ queue: 2, compute: 1, network: 2 });
    expect(shareOf(totals(100, 0, 0), totals(100, 0, 0), 5)).to.equal(undefined);
    // Averages over slightly different requests.
    expect(shareOf(totals(0, 0, 0), totals(10, 60_000, 0), 5)?.network).to.equal(0);
  });

  it("names the part that bounds how much is answered", () => {
    expect(boundOf({ queue: 9, compute: 2, network: 1 })).to.match(/^requests wait for the model/);
    expect(boundOf({ queue: 1, compute: 2, network: 1 })).to.equal("the model's computing");
    expect(boundOf({ queue: 1, compute: 2, network: 7 })).to.match(/^the network/);
    const latency = { min: 1, p50: 2, p90: 3, p99: 4, p999: 5, max: 6 };
    const server = { queue: 1.5, compute: 0.25, network: 0.75 };
    const result = {
      seconds: 10,
      succeeded: 100,
      failures: {},
      throughput: 10,
      latency,
      intervals: [],
      busy: 0.1,
      server,
    };
    const text = describeLoad("here", { concurrency: 1 }, result);
    expect(text).to.include("on average  queue 1.50 ms  compute 0.25 ms  network 0.75 ms");
    expect(text).to.include("bound by    requests wait for the model");
    expect(describeLoad("here", { concurrency: 1 }, { ...result, server: undefined })).to.not.include("bound by");
  });

  it("suggests the queue time at the capacity as a target beside the invocations", () => {
    const snippet = settingsSnippet("triton", suggestSettings({ capacity: 20, queue: 2.5 }));
    expect(snippet).to.include("invocationsPerInstance: 600").and.include("queueTimeInMicroseconds: 2500");
    expect(settingsSnippet("triton", suggestSettings({ capacity: 20 }))).to.not.include("queueTime");
  });
});

describe("a server on this machine", () => {
  it("adds up its metrics, which it prints every second, and says so", async () => {
    const options = { dimensions: {}, periodInSeconds: 60, defaultModelName: "m" };
    const environment = everySecond({ SERVER_METRICS: JSON.stringify(options), A: "b" });
    expect(environment).to.deep.equal({ SERVER_METRICS: JSON.stringify({ ...options, periodInSeconds: 1 }), A: "b" });
    expect(everySecond({ A: "b" })).to.deep.equal({ A: "b" });
    const reading = (requests: number) =>
      `nv_inference_request_success{model="m"} ${requests}\nnv_inference_queue_duration_us{model="m"} ${requests * 40}\n`;
    const times = new ServerTimes();
    const periods = printedPeriods(
      [
        ["period", reading(10)],
        ["period", reading(15)],
      ],
      options,
    );
    for (const line of ["a model's own line", '{"_aws":', ...periods.flat()]) times.add(line);
    const container = times.in(() => Promise.resolve(wholeAnswer(404, "")));
    const request = { method: "GET", headers: {}, body: Buffer.alloc(0), signal: new AbortController().signal };
    const answer = (await container({ ...request, path: "/v2/server-times" }))!;
    const said = JSON.parse((await buffer(answer.body)).toString()) as { requests: number; microseconds: object };
    expect(said.requests).to.equal(15);
    expect(said.microseconds).to.deep.include({ QueueTime: 600 });
    expect((await container({ ...request, path: "/ping" }))?.status).to.equal(404);
  });
});
