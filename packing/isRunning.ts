/**
 * Whether a process of this machine runs, this user's or another's.
 *
 * @param pid its number
 */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
