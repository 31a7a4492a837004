import type { ChildProcess } from "node:child_process";

/**
 * Waits until a process has ended and all its output has arrived.
 *
 * @param child the process
 * @returns its exit code; 1 if a signal ended it
 * @throws Error if it couldn't be started
 */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}
