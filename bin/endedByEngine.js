// When an update fails, the engine closes its channels while the program may still be about to register something. Pulumi's
// SDK passes over the refusals that gRPC itself gives, but prints this one, thrown before gRPC is asked, with a stack of
// Node.js: the engine has told the real cause by then.

/** What a call on a channel that is closed throws. */
const closed = "Channel has been shut down";

/**
 * Passes over what fails only because the engine has ended the program.
 *
 * @param {Pick<NodeJS.EventEmitter, "listeners" | "removeAllListeners" | "on">} process the process, with Pulumi's own listeners on it
 */
export function passOverEnd(process) {
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    const listeners = process.listeners(event);
    process.removeAllListeners(event);
    process.on(event, (/** @type {unknown} */ error, /** @type {unknown} */ origin) => {
      if (error instanceof Error && error.message.includes(closed)) return;
      for (const listener of listeners) listener.call(process, error, origin);
    });
  }
}
