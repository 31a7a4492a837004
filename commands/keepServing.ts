import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { wholeAnswer } from "../local/container.ts";
import type { Endpoint } from "../local/endpoint.ts";
import type { DoneRequest } from "../local/frontDoor.ts";
import { printableLine } from "../text/printable.ts";
import { tell } from "./run.ts";
import type { Served } from "./serving.ts";

/** Serves once, until `use` returns. */
export type Round = (use: (served: Served) => Promise<Outcome>) => Promise<Outcome>;

/** The reason why a round is over. */
export type Outcome = "interrupted" | "changed";

/** How to keep serving. */
export interface KeepServingOptions {
  /** The door that users come in by. */
  readonly endpoint: Endpoint;
  /** The folders of the models' own files, a change of which loads them again after one has ended. */
  readonly folders: readonly string[];
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Serves until interrupted. When a model's process has ended, the next change of its files loads all again; a change
 * that doesn't load is told, and the one after it tried.
 *
 * @param round serves what is in the files now
 * @throws Error if the first round fails, or the server ends by itself
 */
export async function keepServing(round: Round, { endpoint, folders, signal }: KeepServingOptions): Promise<void> {
  let loaded = await stateOf(folders);
  const serve = (served: Served) => {
    endpoint.serve(served.container);
    console.log(`\nServing until Ctrl-C. Try it:\n  ${served.command}`);
    return untilOver(served, { folders, loaded, signal });
  };
  let outcome = await round(serve);
  while (outcome === "changed") {
    endpoint.pause();
    console.log("\nA file has changed: loading again ...");
    loaded = await stateOf(folders);
    try {
      outcome = await round(serve);
    } catch (error) {
      if (signal.aborted) throw error;
      const { message } = error as Error;
      endpoint.serve(() => Promise.resolve(wholeAnswer(503, JSON.stringify({ error: `not loaded: ${message}` }))));
      tell(new Error(`${message}\nChange a file to try again.`, { cause: error }));
      outcome = await changed({ folders, loaded, signal });
    }
  }
}

/** Where a change is awaited. */
interface Awaited {
  readonly folders: readonly string[];
  /** The state of the folders that is loaded. */
  readonly loaded: string;
  readonly signal: AbortSignal;
}

async function untilOver({ ended, modelEnded }: Served, awaited: Awaited): Promise<Outcome> {
  const { folders, signal } = awaited;
  const over = new AbortController();
  const change = modelEnded.then(() => {
    console.error(
      folders.length === 0
        ? "Start this command again to load it again."
        : `Change a file in ${folders.map(printableLine).join(" or ")} to load it again.`,
    );
    return changed({ ...awaited, signal: AbortSignal.any([signal, over.signal]) });
  });
  const interrupted = once(signal, "abort").then((): Outcome => "interrupted");
  try {
    const result = await Promise.race([ended, interrupted, change]);
    if (signal.aborted) return "interrupted";
    if (result instanceof Error) throw result;
    return result;
  } finally {
    over.abort();
  }
}

/** Waits for a change, and until the editor that makes it is done. */
async function changed({ folders, loaded, signal }: Awaited): Promise<Outcome> {
  let [before, now] = [loaded, loaded];
  while (!signal.aborted && (now === loaded || now !== before)) {
    await sleep(MILLISECONDS_BETWEEN_LOOKS, undefined, { signal }).catch(() => undefined);
    [before, now] = [now, await stateOf(folders)];
  }
  return signal.aborted ? "interrupted" : "changed";
}

/** File systems of virtual machines and networks report no changes, so they are looked for. */
const MILLISECONDS_BETWEEN_LOOKS = 300;

/** The names, sizes and times of all files below some folders. */
async function stateOf(folders: readonly string[]): Promise<string> {
  const files = folders.map(async (folder) => {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    return Promise.all(
      names.sort().map(async (name) => {
        const { size, mtimeMs } = await stat(path.join(folder, name)).catch(() => ({ size: 0, mtimeMs: 0 }));
        return [name, size, mtimeMs];
      }),
    );
  });
  return JSON.stringify(await Promise.all(files));
}

/** One line about a request, for example `10:15:04 POST /invocations 200 in 12 ms, 310 B in, 145 B out`. */
export function requestLine({ method, path, status, milliseconds, received, sent }: DoneRequest, now: Date): string {
  const time = now.toTimeString().slice(0, 8);
  const place = printableLine(path.length > 100 ? `${path.slice(0, 100)}…` : path);
  const result = status === undefined ? "closed without an answer" : String(status);
  return `${time} ${method} ${place} ${result} in ${milliseconds.toFixed(0)} ms, ${received} B in, ${sent} B out`;
}
