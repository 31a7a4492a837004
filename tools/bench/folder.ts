import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

/**
 * A temporary folder for a benchmark, removed whatever ends it: an error, Ctrl-C, another signal or a closed pipe.
 *
 * @param name what its name begins with
 * @param work what is done in it
 */
export async function inBenchFolder<Result>(name: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), name));
  const remove = (): void => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", remove);
  for (const signal of signals) process.once(signal, exit);
  try {
    return await work(folder);
  } finally {
    for (const signal of signals) process.off(signal, exit);
    process.off("exit", remove);
    remove();
  }
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function exit(): void {
  process.exit(130);
}
