import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { describeProgress, withModelProgress, withProgress } from "../../commands/progress.ts";
import { ProgressCounter } from "../../packing/progress.ts";

describe("progress", () => {
  it("shows bytes, rate and time left", () => {
    expect(describeProgress({ bytes: 250_000_000, total: 1_000_000_000 }, 0.5)).to.equal(
      "250.0 MB of 1.0 GB, 500.0 MB/s, 2 s left",
    );
    expect(describeProgress({ bytes: 1_500_000, total: 2e9 }, 0.1)).to.equal(
      "1.5 MB of 2.0 GB, 15.0 MB/s, 2 min 14 s left",
    );
  });

  it("shows no rate until there is one", () => {
    expect(describeProgress({ bytes: 0, total: 999 }, 3)).to.equal("0 B of 999 B");
    expect(describeProgress({ bytes: 5, total: 999 }, 0)).to.equal("5 B of 999 B");
  });

  for (const [place, isTTY, isShown] of [
    ["shows a bar for long work on a terminal and removes it at the end", true, true],
    ["prints nothing elsewhere", false, false],
  ] as const) {
    it(place, async () => {
      const begun = performance.now();
      const clock = Object.getOwnPropertyDescriptor(performance, "now");
      const { CI } = process.env;
      delete process.env.CI;
      const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 });
      try {
        const work = withProgress(
          "Packing models",
          (onProgress) => {
            performance.now = () => begun + 60_000;
            onProgress({ bytes: 10, total: 100 });
            return Promise.reject(new Error("it failed"));
          },
          stream,
        );
        expect(await work.catch(String)).to.equal("Error: it failed");
      } finally {
        if (clock) Object.defineProperty(performance, "now", clock);
        else Reflect.deleteProperty(performance, "now");
        if (CI !== undefined) process.env.CI = CI;
      }
      const printed = String(stream.read() ?? "");
      expect(printed.includes("Packing models")).to.equal(isShown);
      expect(printed.includes("10 B of 100 B")).to.equal(isShown);
      // The line is cleared at the end.
      expect(printed.endsWith("\u001b[1G\u001b[2K")).to.equal(isShown);
    });
  }

  it("is shown of models that are read deep inside of other work, once that takes a while", async () => {
    const { CI } = process.env;
    delete process.env.CI;
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    try {
      await withModelProgress(async () => {
        const counter = new ProgressCounter([{ size: 100 }], {});
        counter.add(5);
        await sleep(600);
        counter.add(5);
      }, stream);
    } finally {
      if (CI !== undefined) process.env.CI = CI;
    }
    const printed = String(stream.read() ?? "");
    expect(printed).to.include("Reading models").and.include("10 B of 100 B").and.not.include("5 B of 100 B,");
  });
});
