/**
 * Checks whether a process on this machine is running, of any user.
 *
 * @param pid its process id
 */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
