import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isRunning } from "../packing/isRunning.ts";
import { systemReason } from "../text/systemError.ts";
import { MessageError } from "./messageError.ts";

const folderPrefix = "sagemaker-triton-";

/**
 * Creates an empty folder for a run's files, and removes those of killed runs.
 *
 * @returns its absolute path, even if TMPDIR is relative to the working directory
 * @throws MessageError if it can't be created
 */
export async function freshFolder(): Promise<string> {
  const place = path.resolve(tmpdir());
  try {
    await removeAbandoned(place);
    return await mkdtemp(path.join(place, `${folderPrefix}${process.pid}-`));
  } catch (error) {
    throw new MessageError(
      `can't create a folder in ${place} to unpack the model: ${systemReason(error, "write to")}: set TMPDIR to a writable folder`,
    );
  }
}

/** Removes folders whose process no longer runs, except other users'. */
async function removeAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [, pid] = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(place, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
