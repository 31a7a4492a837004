import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { protectCache } from "./cacheDirectory.js";
import { isRunning } from "./isRunning.ts";
import { makeFolders } from "./makeFolders.js";
import { cacheRemedy, systemReason } from "../text/systemError.ts";
import { ModelError } from "../triton/repository/modelError.ts";

/**
 * Writes a file atomically: it gets its name only once it is complete, and if the work ends early, by an error, Ctrl-C
 * or the process's own exit, the partial file is removed. Only this user can read it. The next process removes what a killed one left behind.
 *
 * @param directory the folder for the file, which is created if it doesn't exist
 * @param write writes the content and returns the file's name
 * @returns the file's path
 * @throws ModelError if the folder can't be written to, and whatever `write` throws
 */
export async function writeWhole(
  directory: string,
  write: (handle: fs.promises.FileHandle) => Promise<string>,
): Promise<string> {
  const partial = path.join(directory, `${process.pid}@${hostname()}@${randomUUID()}${PARTIAL}`);
  await prepare(directory);
  guard(partial);
  try {
    const handle = await fs.promises.open(partial, "wx", 0o600).catch(refuseCache(directory));
    const name = await write(handle)
      .finally(() => handle.close())
      .catch(isFull(directory));
    const file = path.join(directory, name);
    await fs.promises.rename(partial, file);
    return file;
  } finally {
    fs.rmSync(partial, { force: true });
    unguard(partial);
  }
}

async function prepare(directory: string): Promise<void> {
  try {
    makeFolders(directory, 0o700);
    protectCache();
    await removeStalePartials(directory);
  } catch (error) {
    refuseCache(directory)(error);
  }
}

/** The cache can't be used, whatever the model. */
export class CacheError extends ModelError {}

/** Everything written this way is a cache, and users who can't write to it can choose another. */
function refuseCache(directory: string): (error: unknown) => never {
  return (error) => {
    throw new CacheError(`the cache ${directory} can't be used: ${systemReason(error, "write to")}: ${cacheRemedy}`);
  };
}

/** Only the cache is written to; whatever else fails is the caller's. */
function isFull(directory: string): (error: unknown) => never {
  return (error) => {
    const { syscall, path: named } = error as NodeJS.ErrnoException;
    if (["write", "writev", "close"].includes(syscall ?? "") && named === undefined) refuseCache(directory)(error);
    throw error;
  };
}

const PARTIAL = ".partial";
const DAY_IN_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * For a process on this machine, checks whether it is running; for one on another machine that shares the folder, only
 * the age counts.
 */
async function removeStalePartials(directory: string): Promise<void> {
  for (const name of await fs.promises.readdir(directory)) {
    if (!name.endsWith(PARTIAL)) continue;
    const file = path.join(directory, name);
    const [pid, host] = name.split("@");
    const stats = await fs.promises.stat(file).catch(() => undefined);
    const isOld = stats !== undefined && Date.now() - stats.mtimeMs > DAY_IN_MILLISECONDS;
    if (isOld || (host === hostname() && !isRunning(Number(pid)))) await fs.promises.rm(file, { force: true });
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const guarded = new Set<string>();

function guard(partial: string): void {
  if (guarded.size === 0) {
    process.on("exit", removeGuarded);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }
  guarded.add(partial);
}

function unguard(partial: string): void {
  guarded.delete(partial);
  if (guarded.size > 0) return;
  process.off("exit", removeGuarded);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

function removeGuarded(): void {
  for (const partial of guarded) fs.rmSync(partial, { force: true });
}

/** If the program has its own handler, that must end the work; otherwise the signal has its usual effect. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeGuarded();
  process.off(signal, endBySignal);
  process.kill(process.pid, signal);
}
