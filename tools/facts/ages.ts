/** The files with facts from outside, each with the date on which they were looked up. */
export const factFiles = [
  "sagemaker/partitions.json",
  "triton/models/pythonModules.json",
  "triton/releases/backendParameters.json",
  "triton/releases/publishedImages.json",
  "triton/releases/releases.json",
  "triton/releases/serverOptions.json",
] as const;

/** The age in days from which facts have to be looked up again. */
const OLDEST = 90;

/**
 * Finds the facts that are too old.
 *
 * @param texts the files' texts, by path
 * @param today the date to count from
 * @returns a line for each file with facts older than 90 days
 */
export function outdated(texts: Readonly<Record<string, string>>, today: Date): string[] {
  return Object.entries(texts).flatMap(([file, text]) => {
    const { retrieved } = JSON.parse(text) as { readonly retrieved: string };
    const days = Math.floor((today.getTime() - Date.parse(retrieved)) / 86_400_000);
    return days > OLDEST
      ? [`${file} is ${days} days old (${retrieved}): look its facts up again at the sources that it names`]
      : [];
  });
}
