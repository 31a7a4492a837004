import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isRunning } from "../packing/isRunning.ts";
import { systemReason } from "../packing/systemError.ts";
import { MessageError } from "./messageError.ts";

const folderPrefix = "sagemaker-triton-";

/**
 * Makes an empty folder for a run's files, and removes those of runs that were killed.
 *
 * @returns its absolute path, also where TMPDIR is relative to the working directory
 * @throws MessageError where none can be made
 */
export async function freshFolder(): Promise<string> {
  const place = path.resolve(tmpdir());
  try {
    await removeAbandoned(place);
    return await mkdtemp(path.join(place, `${folderPrefix}${process.pid}-`));
  } catch (error) {
    throw new MessageError(
      `no folder can be made in ${place}, where the model is unpacked: ${systemReason(error, "write to")}: set TMPDIR to a folder that you may write to`,
    );
  }
}

/** What a killed run left behind: its process is gone. What is another user's stays. */
async function removeAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [, pid] = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(place, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
