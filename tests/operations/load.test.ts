import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { InvocationError } from "../../operations/invocationError.ts";
import { findCapacity } from "../../operations/load/findCapacity.ts";
import { generateLoad, type LoadResult } from "../../operations/load/generateLoad.ts";
import { LoadRecorder } from "../../operations/load/recorder.ts";
import { settingsSnippet, suggestSettings } from "../../operations/load/suggestSettings.ts";
import { planOf, resourceOf } from "../support/plans.ts";

/** A server with one worker that stalls once. */
function stallingServer(stallInMilliseconds: number, onRequest: number) {
  let requests = 0;
  let free = Promise.resolve();
  return () => {
    requests += 1;
    const stalls = requests === onRequest;
    free = free.then(() => sleep(stalls ? stallInMilliseconds : 0, undefined));
    return free;
  };
}

describe("a load", () => {
  it("in an open loop counts the wait of requests that fall due during a stall", async () => {
    const open = await generateLoad(stallingServer(300, 20), { rate: 100, seconds: 0.8, connections: 1 });
    const closed = await generateLoad(stallingServer(300, 20), { concurrency: 1, seconds: 0.8 });
    // 30 of 80 fell due in the 300 ms; the closed loop sent none meanwhile.
    expect(open.latency!.p90).to.be.greaterThan(100);
    expect(closed.latency!.p90).to.be.lessThan(100);
    expect(closed.latency!.max).to.be.greaterThan(290);
  });

  it("at a fixed rate sends as many requests as planned, and reports those it could not send", async () => {
    const free = await generateLoad(() => Promise.resolve(), { rate: 200, seconds: 0.5 });
    expect(free.succeeded).to.equal(100);
    expect(free.failures).to.deep.equal({});
    const stuck = await generateLoad(() => sleep(200), { rate: 200, seconds: 0.5, connections: 2 });
    expect(stuck.succeeded + (stuck.failures["not sent"] ?? 0)).to.equal(100);
    expect(stuck.succeeded).to.be.lessThan(10);
  });

  it("sleeps between the requests of an open loop, and is busy only while it works", async () => {
    const before = process.cpuUsage();
    const result = await generateLoad(() => Promise.resolve(), { rate: 600, seconds: 1.5, warmupSeconds: 0.5 });
    const { user, system } = process.cpuUsage(before);
    expect(result.succeeded).to.equal(900);
    expect((user + system) / 2_000_000).to.be.lessThan(0.3);
    expect(result.busy).to.be.lessThan(0.5);
  });

  it("doesn't count it as the server's latency that this process sent requests late, and says how late", async () => {
    let requests = 0;
    const send = () => {
      requests += 1;
      // Nothing else runs meanwhile: 20 requests fall due.
      for (const began = performance.now(); requests === 10 && performance.now() - began < 200;);
      return Promise.resolve();
    };
    const { latency, lateness, succeeded } = await generateLoad(send, { rate: 100, seconds: 0.8 });
    expect(succeeded).to.equal(80);
    expect(latency!.p90).to.be.lessThan(50);
    expect(lateness!.p90).to.be.greaterThan(50);
    expect(lateness!.max).to.be.within(150, 400);
  });

  it("keeps as many requests in flight as its concurrency", async () => {
    let underWay = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, (underWay += 1));
      await sleep(5);
      underWay -= 1;
    };
    await generateLoad(send, { concurrency: 3, seconds: 0.1 });
    expect(most).to.equal(3);
  });

  it("counts failures by kind and by interval, without the warm-up", async () => {
    const began = performance.now();
    const send = async () => {
      await sleep(1);
      if (performance.now() - began < 200) throw new InvocationError("throttled", "no");
    };
    const result = await generateLoad(send, { rate: 100, seconds: 0.2, warmupSeconds: 0.3 });
    expect(result.failures).to.deep.equal({});
    const failing = await generateLoad(() => Promise.reject(new InvocationError("timeout", "no")), {
      rate: 100,
      seconds: 0.2,
    });
    expect(failing.failures).to.deep.equal({ timeout: 20 });
    expect(failing.latency).to.equal(undefined);
    expect(failing.intervals.reduce((sum, { failed }) => sum + failed, 0)).to.equal(20);
  });

  it("stops at once when aborted, without waiting for a stalled server", async () => {
    for (const pace of [{ rate: 100 }, { concurrency: 2 }]) {
      const controller = new AbortController();
      let sent = 0;
      const send = () => {
        sent += 1;
        if (sent === 5) controller.abort();
        return sent < 3 ? Promise.resolve() : new Promise<void>(() => undefined);
      };
      setTimeout(() => {
        controller.abort();
      }, 200);
      const result = await generateLoad(send, { ...pace, seconds: 3600, signal: controller.signal });
      expect(result.succeeded).to.equal(2);
      expect(result.failures).to.not.have.property("timeout");
    }
  });

  it("stops early when aborted, and rethrows errors that aren't request failures", async () => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 50);
    const result = await generateLoad(() => sleep(1), { rate: 100, seconds: 60, signal: controller.signal });
    expect(result.seconds).to.be.lessThan(5);
    const defect = await generateLoad(() => Promise.reject(new TypeError("a defect")), { seconds: 5 }).catch(String);
    expect(defect).to.equal("TypeError: a defect");
  });
});

describe("recorded latencies", () => {
  it("have no percentile above the maximum", () => {
    for (const slowest of [17.657, 99.99, 1234.567]) {
      const recorder = new LoadRecorder(1);
      recorder.answered(0, 1);
      recorder.answered(0, slowest);
      const { p99 = 0, p999 = 0, max = 0 } = recorder.latency ?? {};
      expect(max).to.be.closeTo(slowest, slowest / 500);
      expect([p99, p999]).to.deep.equal([max, max]);
    }
  });
});

describe("a capacity", () => {
  /** A server that can handle a given rate. */
  const bearing = (bearable: number) => (rate: number) =>
    Promise.resolve({
      ...{ seconds: 1, succeeded: rate, failures: {}, throughput: rate, intervals: [], busy: 0 },
      latency: { min: 1, p50: 1, p90: 1, p99: rate <= bearable ? 10 : 1000, p999: 1, max: 1 },
    } satisfies LoadResult);

  it("is found to within a sixteenth of the last doubling", async () => {
    const { rate, isLowerBound } = await findCapacity(bearing(300), { p99InMilliseconds: 50 });
    expect(rate).to.be.within(280, 300);
    expect(isLowerBound).to.equal(false);
  });

  it("may be above the last rate or below the first", async () => {
    expect(await findCapacity(bearing(1e6), { p99InMilliseconds: 50, maxRate: 100 })).to.include({
      rate: 100,
      isLowerBound: true,
    });
    expect((await findCapacity(bearing(3), { p99InMilliseconds: 50 })).rate).to.be.within(2.5, 3);
    expect((await findCapacity(bearing(0), { p99InMilliseconds: 50 })).rate).to.equal(0);
  });

  it("of an interrupted search is the best rate so far, marked as possibly higher", async () => {
    const controller = new AbortController();
    const load = (rate: number) => {
      if (rate > 32) controller.abort();
      return bearing(1e6)(rate);
    };
    const found = await findCapacity(load, { p99InMilliseconds: 50, signal: controller.signal });
    expect(found).to.include({ rate: 32, isLowerBound: false, endedEarly: true });
    expect(found.steps.map(({ rate }) => rate)).to.deep.equal([8, 16, 32]);
  });

  it("is limited by errors and by falling behind, but not by a single slow run", async () => {
    const failing = async (rate: number) => ({
      ...(await bearing(1e6)(rate)),
      ...(rate > 20 && { failures: { throttled: 1 } }),
    });
    expect((await findCapacity(failing, { p99InMilliseconds: 50 })).rate).to.be.within(19, 20);
    const late = async (rate: number) => ({ ...(await bearing(1e6)(rate)), throughput: Math.min(rate, 50) });
    expect((await findCapacity(late, { p99InMilliseconds: 50 })).rate).to.be.within(48, 54);
    let runs = 0;
    const once = (rate: number) => bearing((runs += 1) === 1 ? 0 : 1e6)(rate);
    expect((await findCapacity(once, { p99InMilliseconds: 50, maxRate: 64 })).rate).to.equal(64);
  });
});

describe("settings suggested for a peak", () => {
  it("plan each instance at half its measured capacity", () => {
    expect(suggestSettings({ capacity: 20, peak: 100 })).to.deep.equal({
      invocationsPerInstance: 600,
      minCapacity: 2,
      maxCapacity: 10,
    });
    expect(suggestSettings({ capacity: 40, instances: 2, peak: 5, safetyFactor: 0.8 })).to.deep.equal({
      invocationsPerInstance: 960,
      minCapacity: 1,
      maxCapacity: 1,
    });
  });

  it("are accepted by a stack unchanged", async () => {
    for (const capacity of [0.01, 17.3, 5000]) {
      const snippet = settingsSnippet("sagemaker-triton", suggestSettings({ capacity, peak: 3 * capacity }));
      const { config } = parse(snippet) as { config: Record<string, unknown> };
      const settings = Object.entries(config).map(
        ([key, value]) => [key.split(":")[1], JSON.stringify(value)] as const,
      );
      const plan = await planOf("dev", Object.fromEntries(settings) as Record<string, string>);
      const suggested = config["sagemaker-triton:autoscaling"] as { maxCapacity: number };
      const scaled = plan.resources.find(({ type }) => type === "aws:appautoscaling/target:Target")!;
      expect(resourceOf(plan, scaled.name).inputs.maxCapacity).to.equal(suggested.maxCapacity);
    }
  });
});
