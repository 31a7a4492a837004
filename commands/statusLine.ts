/**
 * Shows a line on the terminal that says how work goes, and takes it away in the end. Elsewhere, and in CI, nothing is shown.
 *
 * @param quiet whether nothing is shown in any case
 * @param work the work, given what shows a line
 * @returns what the work returns
 */
export async function withStatusLine<Result>(
  quiet: boolean,
  work: (show: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  const { stderr } = process;
  if (quiet || !stderr.isTTY || process.env.CI) return work(() => undefined);
  try {
    return await work((line) => {
      // A line that wraps would leave its first part behind.
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns || 80) - 1)}`);
    });
  } finally {
    stderr.write("\r\u001b[2K");
  }
}
