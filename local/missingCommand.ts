/**
 * Whether a command could not be started because it is nowhere on the PATH. Where a folder of the PATH can't be read by
 * this user, the system says EACCES in place of ENOENT, as `execvp` does.
 *
 * @param error what starting it threw
 */
export function isMissingCommand(error: unknown): boolean {
  return ["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "");
}
