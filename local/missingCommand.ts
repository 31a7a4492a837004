/**
 * Checks whether a command couldn't be started because it isn't on the PATH. If this user can't read a folder on the PATH, the
 * system reports EACCES instead of ENOENT, as `execvp` does.
 *
 * @param error the error thrown when starting it
 */
export function isMissingCommand(error: unknown): boolean {
  return ["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "");
}
