import { EventEmitter } from "node:events";
import { expect } from "chai";
import { passOverEnd } from "../../commands/bin/endedByEngine.js";

describe("a program ended by the engine", () => {
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    it(`doesn't print errors of its closed channel, but any others: ${event}`, () => {
      const process = new EventEmitter();
      const told: unknown[][] = [];
      process.on(event, (...args) => told.push(args));
      passOverEnd(process);
      const other = new Error("the model does not load");
      process.emit(event, new Error("Channel has been shut down"), "promise");
      process.emit(event, other, "promise");
      process.emit(event, "text", "promise");
      expect(told).to.deep.equal([
        [other, "promise"],
        ["text", "promise"],
      ]);
    });
  }
});
