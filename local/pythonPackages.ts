import { spawn } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { access, readdir, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolders } from "../packing/makeFolders.js";
import { protectCache } from "../packing/cacheDirectory.js";
import { isRunning } from "../packing/isRunning.ts";
import { cacheRemedy, systemReason } from "../text/systemError.ts";
import { exitCode } from "./exitCode.ts";
import { MessageError } from "./messageError.ts";
import type { Python } from "./python.ts";

/** Packages to install from PyPI. */
export interface PythonPackages {
  /** A readable name, for example `Triton 24.10`. */
  readonly title: string;
  /** The folder's name, which must change whenever the contents do. */
  readonly name: string;
  /** The calls of pip. */
  readonly installs: readonly PipInstall[];
  /** Further steps before the folder counts as installed. Default: none. */
  readonly arrange?: (directory: string) => Promise<void>;
}

/** One call of pip. */
export interface PipInstall {
  /** Names with versions, for example `numpy==1.26.4`, as lines of a requirements file. */
  readonly requirements: readonly string[];
  /** Versions to keep to where another package needs the named one. Default: none. */
  readonly constraints?: readonly string[];
  /** The target inside the folder. */
  readonly target: string;
  /** True to install their dependencies, too. Default: true. */
  readonly dependencies?: boolean;
}

/**
 * Installs packages once, into a separate folder. The folder is created atomically: an interrupted run leaves nothing
 * that a later one takes for installed, and concurrent runs don't disturb each other.
 *
 * @param directory the parent folder, for example `~/.cache/sagemaker-triton/triton`
 * @param python the interpreter whose pip to use
 * @param packages what to install
 * @param signal ends it early. Default: none
 * @returns the folder
 * @throws MessageError with pip's own message
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
    await rm(path.join(unfinished, temporaryName), { recursive: true });
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
/** A folder for what pip downloads and unpacks: on the same disk, because a system may have /tmp in memory. */
const temporaryName = ".temporary";

async function prepare(directory: string): Promise<void> {
  try {
    makeFolders(directory, 0o700);
    protectCache();
    await access(directory, constants.W_OK);
    await removeAbandoned(directory);
  } catch (error) {
    throw new MessageError(`the cache ${directory} can't be used: ${systemReason(error, "write to")}: ${cacheRemedy}`);
  }
}

/** Removes folders left behind by killed runs. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const [, pid] = new RegExp(`^${unfinishedPrefix}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(path.join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Runs pip where it sees nothing of the user's but its folder: see install.py. */
async function pip(python: Python, directory: string, install: PipInstall, signal?: AbortSignal): Promise<void> {
  const terminal = process.stderr.isTTY;
  const temporary = path.join(directory, temporaryName);
  const workingDirectory = `${directory}-empty`;
  for (const folder of [temporary, workingDirectory]) makeFolders(folder, 0o700);
  const [requirements, constraints] = [
    path.join(temporary, "requirements.txt"),
    path.join(temporary, "constraints.txt"),
  ];
  await writeFile(requirements, install.requirements.join("\n"));
  await writeFile(constraints, (install.constraints ?? []).join("\n"));
  const child = spawn(
    python.executable,
    [
      ...["-B", fileURLToPath(new URL("install.py", import.meta.url)), directory, temporary],
      ...["--target", path.join(directory, install.target)],
      ...(install.dependencies === false ? ["--no-deps"] : []),
      ...(terminal ? [] : ["--quiet"]),
      ...["--requirement", requirements, "--constraint", constraints],
    ],
    { signal, cwd: workingDirectory, stdio: ["ignore", terminal ? 2 : "ignore", terminal ? "inherit" : "pipe"] },
  );
  const words: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => words.push(text));
  const code = await exitCode(child).finally(() => rm(workingDirectory, { recursive: true, force: true }));
  if (code === 0) return;
  const reason = words.join("").trim();
  throw new MessageError(
    `pip could not install ${install.requirements.join(" ")}${reason ? `:\n${reason}` : ""}\nThe first run needs PyPI; later ones work offline.`,
  );
}
