import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { readModelArchive, unpackModelArchive } from "../../packing/modelArchive.ts";
import { inNewFolder } from "../support/archives.ts";
import { craftedArchives, type CraftedArchive } from "../support/hostileArchives.ts";

describe("the check of a crafted archive", () => {
  for (const { title, bytes, code } of craftedArchives) {
    it(`${code === undefined ? "accepts" : `refuses as ${code}`} ${title}`, async () => {
      await inNewFolder(async (folder) => {
        const archive = write(folder, bytes);
        const { problems } = await readModelArchive(archive);
        const errors = problems.filter(({ severity }) => severity === "error");
        expect([...new Set(errors.map((problem) => problem.code))]).to.deep.equal(code === undefined ? [] : [code]);
        const unpacked = await unpackModelArchive(archive, path.join(folder, "ours")).then(
          () => "unpacked",
          (error: unknown) => (error as Error).name,
        );
        expect(unpacked).to.equal(code === undefined ? "unpacked" : "ModelError");
      });
    });
  }

  it("refuses what Python's tarfile or GNU tar refuses, and unpacks to what both unpack", async function () {
    this.timeout(60_000);
    // Python has the filter since 3.11.4, 3.10.12, 3.9.17 and 3.8.17; a distribution's may lack it.
    if (spawnSync("python3", ["-c", "import tarfile; tarfile.data_filter"]).status !== 0) this.skip();
    await inNewFolder(async (folder) => {
      const accepted = craftedArchives.filter(({ code }) => code === undefined);
      const verdicts = pythonVerdicts(folder, accepted);
      for (const [index, { title }] of accepted.entries()) {
        expect([verdicts[index], gnuVerdict(folder, index)], title).to.deep.equal(["", ""]);
        await unpackModelArchive(archiveOf(folder, index), path.join(folder, `ours${index}`));
        const [ours, python, tar] = ["ours", "python", "gnu"].map((name) =>
          treeOf(path.join(folder, `${name}${index}`)),
        );
        expect(ours, title).to.deep.equal(python);
        expect(ours, title).to.deep.equal(tar);
      }
    });
  });
});

function write(folder: string, bytes: CraftedArchive["bytes"], index = 0): string {
  fs.writeFileSync(archiveOf(folder, index), bytes);
  return archiveOf(folder, index);
}

function archiveOf(folder: string, index: number): string {
  return path.join(folder, `${index}.tar.gz`);
}

/** Extracts every archive with Python's filter `data`; prints one line for each, empty if it was unpacked. */
const PYTHON = `
import os, sys, tarfile
for index in range(int(sys.argv[2])):
    try:
        with tarfile.open(os.path.join(sys.argv[1], f"{index}.tar.gz"), "r:gz", errorlevel=2) as archive:
            archive.extractall(os.path.join(sys.argv[1], f"python{index}"), filter="data")
        print()
    except BaseException as error:
        print(ascii(f"{type(error).__name__}: {error}")[:200])
`;

function pythonVerdicts(folder: string, archives: readonly CraftedArchive[]): string[] {
  for (const [index, { bytes }] of archives.entries()) write(folder, bytes, index);
  const args = ["-c", PYTHON, folder, String(archives.length)];
  return execFileSync("python3", args, { encoding: "utf8" }).split("\n").slice(0, -1);
}

function gnuVerdict(folder: string, index: number): string {
  const target = path.join(folder, `gnu${index}`);
  fs.mkdirSync(target);
  const { status, stderr } = spawnSync("tar", ["xzf", archiveOf(folder, index), "-C", target], { encoding: "utf8" });
  return status === 0 ? "" : stderr;
}

/** Every path, with a file's content and a link's target. */
function treeOf(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const content = entry.isDirectory()
        ? ""
        : entry.isFile()
          ? fs.readFileSync(file, "latin1")
          : fs.readlinkSync(file);
      return [path.relative(folder, file), content] as const;
    }),
  );
}
