import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { inBenchFolder } from "./folder.ts";
import { describeMachine } from "./machine.ts";
import { isInstalled, measure, type Measurement } from "./measure.ts";
import { repositories, type Repository } from "./repositories.ts";

/** The options of `npm run bench -- pack`. */
export interface PackBenchOptions {
  /** The approximate size of each repository in bytes. */
  readonly size: number;
  /** The maximum number of runs of each packer, of which the median counts. */
  readonly runs: number;
  /** Called with the current step. */
  readonly onStep: (step: string) => void;
}

/**
 * Packs repositories of several kinds with this project, `tar czf`, Python's tarfile as the SageMaker Python SDK uses
 * it, and pigz if it is installed. All files are in a temporary folder, which is removed at the end.
 *
 * @param options size and repetitions
 * @returns the table in Markdown
 * @throws Error if a packer fails
 */
export async function benchPack({ size, runs, onStep }: PackBenchOptions): Promise<string> {
  return inBenchFolder("bench-pack-", async (folder) => {
    const start = await measure([process.execPath, "--eval", "0"], { runs: 2 * runs + 1 });
    const rows: string[] = [];
    for (const repository of repositories) {
      rows.push(...(await benchRepository(repository, { size, runs, onStep }, folder, start)));
    }
    const pigz = isInstalled("pigz") ? "" : " pigz is not installed, so it is not in the table.";
    return [`${describeMachine()}${pigz}`, "", ...HEAD, ...rows].join("\n");
  });
}

const HEAD = [
  "| repository | packer | seconds | × Python's speed | archive ÷ content | peak MB |",
  "| --- | --- | ---: | ---: | ---: | ---: |",
];

// The default of `tarfile.open(..., "w:gz")`: level 9.
const TARFILE = `
import sys, tarfile
with tarfile.open(sys.argv[2], mode="w:gz") as archive:
    archive.add(sys.argv[1], arcname=".")`;

async function benchRepository(
  { name, write }: Repository,
  { size, runs, onStep }: PackBenchOptions,
  folder: string,
  start: Measurement,
): Promise<string[]> {
  const [root, cache, archive] = ["repository", "cache", "model.tar.gz"].map((file) => path.join(folder, file)) as [
    string,
    string,
    string,
  ];
  onStep(`${name}: writing the repository`);
  write(root, size);
  const content = sizeOf(root);
  // The digest cache doesn't trust files modified less than two seconds ago.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const own = [process.execPath, fileURLToPath(new URL("./packOnce.ts", import.meta.url)), root, cache];
  const packers: readonly [string, readonly string[]][] = [
    ["Python tarfile", ["python3", "-c", TARFILE, root, archive]],
    ["tar czf", ["tar", "czf", archive, "-C", root, "."]],
    ["tar and pigz", ["tar", "--use-compress-program=pigz", "-cf", archive, "-C", root, "."]],
    ["this project", own],
  ];
  const rows: string[] = [];
  let python: Measurement | undefined;
  for (const [packer, command] of packers) {
    if (packer === "tar and pigz" && !isInstalled("pigz")) continue;
    onStep(`${name}: ${packer}`);
    const prepare = (): void => {
      fs.rmSync(archive, { force: true });
      fs.rmSync(cache, { recursive: true, force: true });
    };
    const measured = await measure(command, { runs, prepare });
    python ??= measured;
    const packed = fs.existsSync(archive) ? fs.statSync(archive).size : sizeOf(path.join(cache, "archives"));
    rows.push(
      row(
        name,
        packer,
        measured.seconds.toFixed(2),
        python.seconds / measured.seconds,
        packed / content,
        measured.memory,
      ),
    );
  }
  onStep(`${name}: this project, unchanged`);
  const unchanged = await measure(own, { runs: 2 * runs + 1 });
  const beyond = `${unchanged.seconds.toFixed(3)} (Node's start and ${Math.round(1000 * (unchanged.seconds - start.seconds))} ms)`;
  rows.push(
    row(name, "this project, unchanged", beyond, python ? python.seconds / unchanged.seconds : 0, 0, unchanged.memory),
  );
  fs.rmSync(root, { recursive: true });
  return rows;
}

function row(name: string, packer: string, seconds: string, speed: number, ratio: number, memory: number): string {
  const cells = [name, packer, seconds, speed.toFixed(1), ratio ? ratio.toFixed(3) : "", (memory / 1e6).toFixed(0)];
  return `| ${cells.join(" | ")} |`;
}

function sizeOf(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
}
