import { SingleBar } from "cli-progress";
import { terminal } from "./output.ts";
import { progressChannel, type Progress } from "../packing/progress.ts";

/** Where to draw a progress bar: standard error, or a substitute in a test. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * Shows a bar with bytes, rate and time left on a terminal; elsewhere, and in CI, nothing is printed. Work that ends
 * within half a second shows no bar, and the bar is always removed, however the work ends.
 *
 * @param title the title, for example `Packing models`
 * @param work the work, which gets a function to report its progress
 * @param stream where to draw the bar. Default: standard error, so that it never mixes with a command's output
 * @returns what the work returns
 * @throws whatever the work throws
 */
export async function withProgress<Result>(
  title: string,
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
  stream: ProgressStream = terminal(process.stderr),
): Promise<Result> {
  if (!stream.isTTY || process.env.CI) return work(() => undefined);
  const begun = performance.now();
  const bar = new SingleBar({ stream, format: `${title} {bar} {text}`, clearOnComplete: true, hideCursor: true });
  try {
    return await work((progress) => {
      const seconds = (performance.now() - begun) / 1000;
      const payload = { text: describeProgress(progress, seconds) };
      if (bar.isActive) bar.update(progress.bytes, payload);
      else if (seconds > QUIET_SECONDS) bar.start(progress.total, progress.bytes, payload);
    });
  } finally {
    bar.stop();
  }
}

/**
 * Shows the bar while work reads or packs models, wherever in it that happens.
 *
 * @param work the work
 * @param stream where the bar is drawn. Default: standard error
 * @returns what the work returns
 * @throws whatever the work throws
 */
export async function withModelProgress<Result>(work: () => Promise<Result>, stream?: ProgressStream): Promise<Result> {
  return withProgress(
    "Reading models",
    async (onProgress) => {
      let begun: number | undefined;
      const listener = (progress: unknown) => {
        begun ??= performance.now();
        if (performance.now() - begun > QUIET_SECONDS * 1000) onProgress(progress as Progress);
      };
      progressChannel.subscribe(listener);
      try {
        return await work();
      } finally {
        progressChannel.unsubscribe(listener);
      }
    },
    stream,
  );
}

/**
 * Describes the progress of work.
 *
 * @param progress the bytes done and the total
 * @param seconds the time taken so far
 */
export function describeProgress({ bytes, total }: Progress, seconds: number): string {
  const rate = bytes / seconds;
  const done = `${describeBytes(bytes)} of ${describeBytes(total)}`;
  if (!(rate > 0 && Number.isFinite(rate))) return done;
  return `${done}, ${describeBytes(rate)}/s, ${describeSeconds((total - bytes) / rate)} left`;
}

const QUIET_SECONDS = 0.5;
const UNITS = ["B", "kB", "MB", "GB", "TB"];

function describeBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? ""}`;
}

function describeSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
