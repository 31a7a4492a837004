// When an update fails, the engine closes its channels while the program may still be registering resources. Pulumi's
// SDK ignores gRPC's own errors then, but prints this one, which is thrown before gRPC is called, with a stack trace.
// By then the engine has already reported the real cause.

/** The message of the error that a call on a closed channel throws. */
const closed = "Channel has been shut down";

/**
 * Ignores errors that only occur because the engine has ended the program.
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
