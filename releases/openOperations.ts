import { setTimeout as pause } from "node:timers/promises";

/**
 * When a run is cancelled or fails, Pulumi's language host interrupts the program and kills it five seconds later, though
 * the engine still waits for the operations that it began and then calls their hooks.
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go (WaitDelay)
 */
const grace = 4000;

/** Operations on endpoints whose outcome the engine hasn't reported yet. */
export class OpenOperations {
  readonly #names = new Set<string>();

  /**
   * Lets the process outlive an interruption while operations are open.
   *
   * @param onLost called with each endpoint whose operation doesn't end in time
   * @param process the process
   */
  surviveInterruption(onLost: (endpointName: string) => Promise<void>, process = globalThis.process): void {
    process.once("SIGINT", () => void this.#complete(onLost).finally(() => process.exit(1)));
    process.on("SIGINT", () => undefined);
  }

  /**
   * An operation on an endpoint begins, unless the step before it fails.
   *
   * @param endpointName the endpoint's name
   * @param step the step
   */
  async begin(endpointName: string, step: Promise<void>): Promise<void> {
    this.#names.add(endpointName);
    try {
      await step;
    } catch (error) {
      this.#names.delete(endpointName);
      throw error;
    }
  }

  /**
   * An operation on an endpoint has ended, and so will the last step of it.
   *
   * @param endpointName the endpoint's name
   * @param step the step
   */
  async end<Result>(endpointName: string, step: Promise<Result>): Promise<Result> {
    try {
      return await step;
    } finally {
      this.#names.delete(endpointName);
    }
  }

  async #complete(onLost: (endpointName: string) => Promise<void>): Promise<void> {
    const end = performance.now() + grace;
    while (this.#names.size > 0 && performance.now() < end) await pause(50);
    await Promise.all([...this.#names].map(onLost));
    // The engine gets the last hook's answer.
    await pause(50);
  }
}
