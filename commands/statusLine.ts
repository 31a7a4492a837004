import { terminal } from "./output.ts";

/**
 * Shows a status line on the terminal while work runs, and removes it at the end. Elsewhere, and in CI, nothing is
 * shown.
 *
 * @param quiet whether to show nothing even on a terminal
 * @param work the work, which gets a function to show a line
 * @returns what the work returns
 */
export async function withStatusLine<Result>(
  quiet: boolean,
  work: (show: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  const stderr = terminal(process.stderr);
  if (quiet || !stderr.isTTY || process.env.CI) return work(() => undefined);
  try {
    return await work((line) => {
      // If the line wrapped, its first part couldn't be removed.
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns || 80) - 1)}`);
    });
  } finally {
    stderr.write("\r\u001b[2K");
  }
}
