import { spawn } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { isRunning } from "../packing/isRunning.ts";
import { cacheRemedy, systemReason } from "../packing/systemError.ts";
import { MessageError } from "./messageError.ts";
import type { Python } from "./python.ts";

/** What is installed from PyPI. */
export interface PythonPackages {
  /** What people know it as, for example `Triton 24.10`. */
  readonly title: string;
  /** The folder's name; it has to change whenever the content does. */
  readonly name: string;
  /** What pip is asked to install, in one call each. */
  readonly installs: readonly PipInstall[];
  /** Puts things in place before the folder counts as installed. Default: nothing. */
  readonly arrange?: (directory: string) => Promise<void>;
}

/** One call of pip. */
export interface PipInstall {
  /** Pinned requirements, for example `numpy==1.26.4`. */
  readonly requirements: readonly string[];
  /** Where to, below the folder. */
  readonly target: string;
  /** Whether the packages that they need are installed, too. Default: true. */
  readonly dependencies?: boolean;
}

/**
 * Installs packages once, into a folder of their own. The folder appears whole or not at all: an interrupted run leaves
 * nothing that a later one takes for installed, and two runs at once do not disturb each other.
 *
 * @param directory the folder that holds such folders, for example `.triton`
 * @param python the interpreter whose pip is used
 * @param packages what is installed
 * @param signal ends it early. Default: nothing does
 * @returns the folder
 * @throws MessageError with pip's own words
 */
export async function installPythonPackages(
  directory: string,
  python: Python,
  packages: PythonPackages,
  signal?: AbortSignal,
): Promise<string> {
  const installed = path.resolve(directory, packages.name);
  if (existsSync(installed)) return installed;
  await prepare(directory);
  const unfinished = path.resolve(directory, `${unfinishedPrefix}${process.pid}-${packages.name}`);
  console.error(`Installing ${packages.title} from PyPI into ${directory}, once ...`);
  try {
    for (const install of packages.installs) await pip(python, unfinished, install, signal);
    await packages.arrange?.(unfinished);
    await rename(unfinished, installed).catch((error: unknown) => {
      if (!existsSync(installed)) throw error; // Another run was faster.
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return installed;
}

const unfinishedPrefix = "unfinished-";

async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    await removeAbandoned(directory);
  } catch (error) {
    throw new MessageError(`the cache ${directory} can't be used: ${systemReason(error, "write to")}: ${cacheRemedy}`);
  }
}

/** What a killed run left behind: its process is gone. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, pid] = new RegExp(`^${unfinishedPrefix}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(directory, name), { recursive: true, force: true });
    }
  }
}

async function pip(python: Python, directory: string, install: PipInstall, signal?: AbortSignal): Promise<void> {
  const terminal = process.stderr.isTTY;
  const child = spawn(
    python.executable,
    [
      ...["-m", "pip", "install", "--disable-pip-version-check", "--root-user-action=ignore", "--no-compile"],
      ...["--only-binary=:all:", "--target", path.join(directory, install.target)],
      ...(install.dependencies === false ? ["--no-deps"] : []),
      ...(terminal ? [] : ["--quiet"]),
      ...install.requirements,
    ],
    { signal, stdio: ["ignore", terminal ? 2 : "ignore", terminal ? "inherit" : "pipe"] },
  );
  const words: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => words.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code === 0) return;
  const reason = words.join("").trim();
  throw new MessageError(
    `pip could not install ${install.requirements.join(" ")}${reason ? `:\n${reason}` : ""}\nThe first run needs PyPI; later ones work offline.`,
  );
}
