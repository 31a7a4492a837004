import type { ChildProcess } from "node:child_process";

/**
 * Waits until a process has ended and all that it printed has come through.
 *
 * @param child the process
 * @returns its exit code; 1 where a signal ended it
 * @throws Error where it could not be started
 */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      resolve(code ?? 1);
    });
  });
}
