import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { readModelFolder } from "../../packing/folder.ts";
import { readModelArchive } from "../../packing/modelArchive.ts";
import { readModelFileOnDisk } from "../../packing/modelFileReading.ts";
import { executionEnvironment } from "../../triton/models/executionEnvironment.ts";
import { readServedModels } from "../../triton/repository/servedModel.ts";
import { restoreEnvironment } from "../support/environment.ts";
import { environment, one } from "../support/casePieces.ts";
import { writePieces } from "../support/repository.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const library = "lib/python3.12";
const packages = `${library}/site-packages`;
const conda = {
  "bin/activate": "",
  [`${library}/os.py`]: "",
  [`${packages}/numpy/__init__.py`]: "",
  [`${packages}/numpy-2.1.0.dist-info/METADATA`]: "",
  [`${packages}/six.py`]: "",
  [`${packages}/_cffi_backend.cpython-312-x86_64-linux-gnu.so`]: "",
  [`${packages}/distutils-precedence.pth`]: "",
  [`${packages}/a-name-that-is-longer-than-tar-s-first-format-has-room-for/${"and-a-file-with-such-a-name".repeat(4)}.txt`]:
    "",
};
const found = {
  ...{ format: "environment", activates: true, pythons: ["3.12"], isolated: true, open: false },
  modules: ["_cffi_backend", "a-name-that-is-longer-than-tar-s-first-format-has-room-for", "numpy", "six"],
  numpy: "2.1.0",
};

interface Packing {
  readonly pack?: readonly string[];
  /** Symbolic links by path. */
  readonly links?: Readonly<Record<string, string>>;
  readonly spoil?: (archive: string) => void;
}

/** What the check sees of an environment of these files, packed with these arguments of tar. */
async function seenOf(
  files: Readonly<Record<string, string>>,
  { pack = ["czf"], links = {}, spoil = () => undefined }: Packing = {},
): Promise<unknown[]> {
  return inTemporaryFolder(async (folder) => {
    const repository = path.join(folder, "repository");
    writePieces(one(environment("$$TRITON_MODEL_DIRECTORY/e.tar.gz"), { "m/e.tar.gz": "" }), repository);
    writeFiles(path.join(folder, "e"), files);
    for (const [place, target] of Object.entries(links)) symlinkSync(target, path.join(folder, "e", place));
    const archive = path.join(repository, "m/e.tar.gz");
    execFileSync("tar", [...pack, archive, "-C", path.join(folder, "e"), "."]);
    spoil(archive);
    execFileSync("tar", ["czf", path.join(folder, "model.tar.gz"), "-C", repository, "."]);
    const read = [await readModelFolder(repository), await readModelArchive(path.join(folder, "model.tar.gz"))];
    return read.map((contents) => {
      const { content, damage } = executionEnvironment(readServedModels(contents)[0]!) ?? {};
      return damage ?? content;
    });
  });
}

describe("a Python model's execution environment", () => {
  it("is read for its Python and its modules, packed or unpacked", async () => {
    expect(await seenOf(conda)).to.deep.equal([found, found]);
    await inTemporaryFolder(async (folder) => {
      const files = Object.fromEntries(Object.entries(conda).map(([name, text]) => [`m/e/${name}`, text]));
      writePieces(one(environment("$$TRITON_MODEL_DIRECTORY/e"), files), folder);
      const [model] = readServedModels(await readModelFolder(folder));
      expect(executionEnvironment(model!)?.content).to.deep.equal(found);
    });
  });

  it("may be an uncompressed tar archive, in either of tar's formats", async () => {
    for (const format of ["gnu", "pax"]) {
      expect(await seenOf(conda, { pack: [`--format=${format}`, "-cf"] })).to.deep.equal([found, found]);
    }
  });

  it("includes the image's packages if it is a virtual environment configured so", async () => {
    for (const [text, isolated] of [
      ["home = /usr/bin\ninclude-system-site-packages = false\n", true],
      ["home = /usr/bin\ninclude-system-site-packages = TRUE\n", false],
    ] as const) {
      const [seen] = await seenOf({ "bin/activate": "", "pyvenv.cfg": text, [`${packages}/six.py`]: "" });
      expect(seen).to.deep.include({ isolated, pythons: ["3.12"], modules: ["six"] });
    }
  });

  it("is read for the version of its C++ library, by the name of the file or by what is in it", async () => {
    const so = "lib/libstdc++.so.6";
    const symbols = `${"x".repeat(300_000)}GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.29\0GLIBCXX_DEBUG\0`;
    const linked = { [`${so}.0.29`]: "", [`${so}.0.30`]: "" };
    expect((await seenOf({ ...conda, ...linked }, { links: { [so]: "libstdc++.so.6.0.29" } }))[0]).to.include({
      glibcxx: 29,
    });
    expect((await seenOf({ ...conda, [so]: symbols }))[0]).to.include({ glibcxx: 29 });
    expect((await seenOf({ ...conda, [so]: "no symbols" }))[0]).not.to.have.property("glibcxx");
    await inTemporaryFolder(async (folder) => {
      const files = Object.fromEntries([so, `${so}.0.33`].map((name) => [`m/e/${name}`, ""]));
      writePieces(one(environment("$$TRITON_MODEL_DIRECTORY/e"), files), folder);
      const [model] = readServedModels(await readModelFolder(folder));
      expect(executionEnvironment(model!)?.content).to.include({ glibcxx: 33 });
    });
  });

  it("may have modules in other places if a file in it says so", async () => {
    expect((await seenOf({ ...conda, [`${packages}/__editable__.thing.pth`]: "" }))[0]).to.include({ open: true });
  });

  it("lacks bin/activate if the folder that contains it is packed too", async () => {
    expect((await seenOf({ "e/bin/activate": "" }))[0]).to.deep.include({ activates: false, pythons: [] });
  });

  it("is cached if it is large, until it changes", async () => {
    await inTemporaryFolder(async (folder) => {
      const [archive, saved] = [path.join(folder, "e.tar.gz"), { ...process.env }];
      process.env.XDG_CACHE_HOME = path.join(folder, "cache");
      try {
        writeFiles(path.join(folder, "e"), { "bin/activate": "", "lib/python3.10/large": "0".repeat(2 ** 22) });
        execFileSync("tar", ["cf", archive, "-C", path.join(folder, "e"), "."]);
        const first = await readModelFileOnDisk(archive, "environment");
        expect(first).to.deep.include({ pythons: ["3.10"] });
        expect(readdirSync(folder), "it changed just now").to.not.include("cache");
        const anHourAgo = Date.now() / 1000 - 3600;
        utimesSync(archive, anHourAgo, anHourAgo);
        // The time of the change itself can't be set back.
        await sleep(2100);
        expect(await readModelFileOnDisk(archive, "environment")).to.deep.equal(first);
        const [name] = readdirSync(path.join(folder, "cache/sagemaker-triton/environments"));
        const file = path.join(folder, "cache/sagemaker-triton/environments", name ?? "");
        writeFileSync(file, readFileSync(file, "utf8").replace("3.10", "3.9"));
        expect(await readModelFileOnDisk(archive, "environment")).to.deep.include({ pythons: ["3.9"] });
        truncateSync(archive, 1024);
        expect(await readModelFileOnDisk(archive, "environment")).to.deep.include({
          format: "environment",
          pythons: [],
        });
      } finally {
        restoreEnvironment(saved);
      }
    });
  });

  it("is distinguished from files that the Python backend can't unpack, with the reason", async () => {
    const noTar = "it isn't a tar archive, plain or compressed with gzip, which is what the Python backend unpacks";
    const cases: readonly (readonly [(archive: string) => void, string])[] = [
      [
        (archive) => {
          truncateSync(archive);
        },
        "it is empty",
      ],
      [
        (archive) => {
          truncateSync(archive, 150);
        },
        "it is truncated",
      ],
      [
        (archive) => {
          writeFileSync(archive, "PK\u0003\u0004");
        },
        noTar,
      ],
      [
        (archive) => {
          writeFileSync(archive, "version https://git-lfs.github.com/spec/v1\noid sha256:0");
        },
        "it is only Git LFS's pointer to the file, which `git lfs pull` fetches",
      ],
      [
        (archive) => {
          const bytes = readFileSync(archive);
          bytes.fill(0xff, 40, 100);
          writeFileSync(archive, bytes);
        },
        "it can't be unpacked",
      ],
    ];
    for (const [spoil, reason] of cases) {
      for (const seen of await seenOf(conda, { spoil })) expect(seen).to.be.a("string").and.include(reason);
    }
  });
});
