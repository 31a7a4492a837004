import { expect } from "chai";
import type { EngineStack, Run } from "./engineStack.ts";
import { lastingProblems, problemsAfter, unrestProblems } from "./laws.ts";

/**
 * Brings a stack in order by the one command that the documentation names, and expects that it then serves what it is
 * configured for, that nothing is left over, and that another run changes nothing.
 *
 * @param stack the stack, after a run that did not come to its end
 * @param interrupted that run
 */
export async function expectMended(stack: EngineStack, interrupted: Run): Promise<void> {
  expect([...interrupted.violations, ...(await lastingProblems(stack, [interrupted]))], "after it").to.deep.equal([]);
  expect(await problemsAfter(stack, { refresh: true }), "mended").to.deep.equal([]);
  expect(await unrestProblems(stack)).to.deep.equal([]);
}

/** A row of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
export function* seeded(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
