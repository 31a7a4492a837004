import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { writeFiles } from "./plans.ts";

const root = process.cwd();

/** The packed package, where a program can use it. */
export interface InstalledPackage {
  /** A fresh folder whose `node_modules` has the package. It goes when this process ends. */
  readonly directory: string;
  /** What the package holds. */
  readonly files: readonly string[];
}

/** Packs this package and installs it, with what it needs beside it, into a fresh folder, once. Needs no network. */
export function installedPackage(): Promise<InstalledPackage> {
  return (installed ??= install());
}

let installed: Promise<InstalledPackage> | undefined;

async function install(): Promise<InstalledPackage> {
  const directory = mkdtempSync(path.join(tmpdir(), "sagemaker-triton-package-"));
  process.once("exit", () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", directory]);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  const { dependencies, peerDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  // What the package needs is linked, not fetched.
  const linked = [...Object.keys(dependencies), ...Object.keys(peerDependencies), "@types/node"];
  writeFiles(directory, {
    "package.json": JSON.stringify({
      name: "other",
      dependencies: {
        "sagemaker-triton": `file:${packed.filename}`,
        ...Object.fromEntries(linked.map((name) => [name, `file:${path.join(root, "node_modules", name)}`])),
      },
    }),
  });
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts"], directory);
  return { directory, files: packed.files.map((file) => file.path) };
}

/** Runs a program of this project or of the machine with the Node.js of this process; fails with all that it prints. */
export async function run(
  command: string,
  args: readonly string[],
  cwd = root,
  env: NodeJS.ProcessEnv = {},
): Promise<{ stdout: string; stderr: string }> {
  const PATH = [path.dirname(process.execPath), path.join(root, "node_modules/.bin"), process.env.PATH].join(":");
  try {
    return await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env, PATH }, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}
