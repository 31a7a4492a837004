import { expect } from "chai";
import { EventEmitter, once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { OpenOperations } from "../../releases/openOperations.ts";
import { failureOf } from "../support/failures.ts";

describe("a program that is interrupted", () => {
  let open: OpenOperations;
  let lost: string[];
  let ended: Promise<unknown>;
  let interrupt: () => void;
  beforeEach(() => {
    open = new OpenOperations();
    lost = [];
    const process = Object.assign(new EventEmitter(), { exit: () => process.emit("exit") });
    ended = once(process, "exit");
    interrupt = () => process.emit("SIGINT");
    open.surviveInterruption(
      (endpointName) => Promise.resolve(void lost.push(endpointName)),
      process as unknown as NodeJS.Process,
    );
  });

  it("ends at once if no endpoint is being updated", async () => {
    await open.begin("penguins", Promise.resolve());
    await open.end("penguins", Promise.resolve());
    await failureOf(open.begin("seals", Promise.reject(new Error("refused"))));
    interrupt();
    const start = performance.now();
    await ended;
    expect(performance.now() - start).to.be.lessThan(1000);
    expect(lost).to.deep.equal([]);
  });

  it("lives until an update that ends soon is verified, however often it is interrupted", async () => {
    await open.begin("penguins", Promise.resolve());
    interrupt();
    interrupt();
    await pause(200);
    await open.end("penguins", pause(100));
    await ended;
    expect(lost).to.deep.equal([]);
  });

  it("reports an update that doesn't end before the engine kills it", async () => {
    await open.begin("penguins", Promise.resolve());
    interrupt();
    await ended;
    expect(lost).to.deep.equal(["penguins"]);
  });
});
