import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { extract, type Header } from "tar-stream";
import { readModelFolder } from "../../packing/folder.ts";
import { listFolder } from "../../packing/folderListing.ts";
import { packModelRepository, readModelArchive, unpackModelArchive } from "../../packing/modelArchive.ts";
import { BufferPool } from "../../packing/bufferPool.ts";
import { PIECE_BYTES } from "../../packing/pieces.ts";
import { tarOf } from "../../packing/tar.ts";
import { inNewFolder } from "../support/archives.ts";
import { type Pieces, writePieces } from "../support/repository.ts";

const ENSEMBLE = 'platform: "ensemble"\nensemble_scheduling { }\n';
const LONG = `m/1/${"directory/".repeat(14)}${"n".repeat(120)}.py`;
const MODEL: Pieces = {
  "e/config.pbtxt": ENSEMBLE,
  "m/config.pbtxt": 'name: "m"\n',
  "m/1/model.py": "class\n".repeat(9),
  "m/1/modèle.txt": "not ASCII",
  "m/1/empty": "",
  "m/1/none/": "",
  [LONG]: "long",
};

/** Bytes that do not compress, the same ones every time. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256").update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

/** A repository of every kind of content, large enough for all that packing does: pieces, threads, stored blocks. */
function writeModel(folder: string): string {
  const root = path.join(folder, "models");
  writePieces(MODEL, root);
  fs.writeFileSync(path.join(root, "m/1/weights.bin"), noise(2.5 * PIECE_BYTES));
  fs.writeFileSync(path.join(root, "m/1/words.txt"), "the quick brown fox jumps over the lazy dog\n".repeat(70_000));
  fs.writeFileSync(path.join(root, "m/1/stub"), "#!/bin/sh\n");
  fs.chmodSync(path.join(root, "m/1/stub"), 0o755);
  return root;
}

function pack(root: string): ReturnType<typeof packModelRepository> {
  return packModelRepository(root, { cacheDirectory: path.join(root, "..", "cache") });
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("packing a model repository", () => {
  it("can be read back and unpacked unchanged", async () => {
    await inNewFolder(async (folder) => {
      const root = writeModel(folder);
      const { file, size } = await pack(root);
      expect(fs.statSync(file).size).to.equal(size);
      const [before, packed] = [await readModelFolder(root), await readModelArchive(file)];
      expect(new Map(packed.files)).to.deep.equal(new Map(before.files));
      expect(new Set(packed.directories)).to.deep.equal(new Set(before.directories));
      expect(packed.texts).to.deep.equal(before.texts);
      expect(packed.problems).to.be.empty;
      await unpackModelArchive(file, path.join(folder, "unpacked"));
      expect(fs.readdirSync(path.join(folder, "unpacked/e"))).to.have.members(["1", "config.pbtxt"]);
      for (const name of before.files.keys()) {
        const [source, copy] = [path.join(root, name), path.join(folder, "unpacked", name)];
        expect(fs.readFileSync(copy).equals(fs.readFileSync(source)), name).to.equal(true);
        expect(fs.statSync(copy).mode & 0o100, name).to.equal(fs.statSync(source).mode & 0o100);
      }
    });
  });

  it("makes one gzip member that `tar xzf` and Python's tarfile can read", async () => {
    await inNewFolder(async (folder) => {
      const root = writeModel(folder);
      const { file } = await pack(root);
      const files = [...(await readModelFolder(root)).files.keys()];
      const script = `
import sys, tarfile, zlib
source, target = sys.argv[1:]
member = zlib.decompressobj(31)
member.decompress(open(source, "rb").read())
assert member.eof and not member.unused_data, "more than one member"
with tarfile.open(source) as archive:
    archive.extractall(target)`;
      fs.mkdirSync(path.join(folder, "by-tar"));
      execFileSync("tar", ["xzf", file, "-C", path.join(folder, "by-tar")]);
      execFileSync("python3", ["-c", script, file, path.join(folder, "by-python")]);
      for (const reader of ["by-tar", "by-python"]) {
        for (const name of files) {
          const copy = fs.readFileSync(path.join(folder, reader, name));
          expect(copy.equals(fs.readFileSync(path.join(root, name))), `${reader} ${name}`).to.equal(true);
        }
        expect(fs.readdirSync(path.join(folder, reader, "m/1/none"))).to.be.empty;
        expect(fs.statSync(path.join(folder, reader, "m/1/stub")).mode & 0o111).to.equal(0o111);
      }
    });
  });

  it("makes the same bytes whatever the files' times, modes, order and location", async () => {
    await inNewFolder(async (folder) => {
      const root = writeModel(folder);
      const other = path.join(folder, "elsewhere", "copy");
      fs.mkdirSync(path.dirname(other));
      for (const name of [...(await readModelFolder(root)).files.keys()].reverse()) {
        fs.mkdirSync(path.dirname(path.join(other, name)), { recursive: true });
        fs.copyFileSync(path.join(root, name), path.join(other, name));
        fs.chmodSync(path.join(other, name), name.endsWith("stub") ? 0o700 : 0o600);
        fs.utimesSync(path.join(other, name), 1, 1);
      }
      fs.mkdirSync(path.join(other, "m/1/none"));
      const [one, two] = [await pack(root), await pack(other)];
      expect(two.digest).to.equal(one.digest);
      expect(fs.readFileSync(two.file).equals(fs.readFileSync(one.file))).to.equal(true);
    });
  });

  it("makes the same bytes on every machine", async () => {
    await inNewFolder(async (folder) => {
      const { file, digest } = await pack(writeModel(folder));
      const bytes = fs.readFileSync(file);
      expect(digest).to.equal("71a1ad75fae0fdcf3cc80c125c32051593890fd55727e1a6406304dfe07711ef");
      expect(sha256(gunzipSync(bytes))).to.equal("b283e470e96d4c4cc786a365a18fa5f593b76e3c726d5e7fa631c51a3e3e7dd5");
      // Only a new zlib inside Node may change this one: then write the new value here, and raise nothing else.
      expect(sha256(bytes)).to.equal("d46689a353e92cc426d26aa6630dc17d41ebcd9b8e7c9024b545bae763b5d783");
    });
  });

  for (const [change, apply] of [
    [
      "a byte",
      (root: string) => {
        fs.writeFileSync(path.join(root, "m/1/empty"), "x");
      },
    ],
    [
      "a name",
      (root: string) => {
        fs.renameSync(path.join(root, "m/1/empty"), path.join(root, "m/1/emptY"));
      },
    ],
    [
      "an executable bit",
      (root: string) => {
        fs.chmodSync(path.join(root, "m/1/stub"), 0o644);
      },
    ],
    [
      "an empty folder",
      (root: string) => {
        fs.mkdirSync(path.join(root, "m/2"));
      },
    ],
  ] as const) {
    it(`has another digest with another ${change.replace(/^an? /, "")}`, async () => {
      await inNewFolder(async (folder) => {
        const root = path.join(folder, "models");
        writePieces({ ...MODEL, "m/1/stub": "" }, root);
        fs.chmodSync(path.join(root, "m/1/stub"), 0o755);
        const before = await pack(root);
        apply(root);
        expect((await pack(root)).digest).not.to.equal(before.digest);
      });
    });
  }

  it("stores what does not shrink and compresses the rest", async () => {
    await inNewFolder(async (folder) => {
      const [weights, words] = [path.join(folder, "weights"), path.join(folder, "words")];
      writePieces({ "m/1/": "" }, weights);
      writePieces({ "m/1/words": "the quick brown fox\n".repeat(100_000) }, words);
      const bytes = noise(3_000_000);
      fs.writeFileSync(path.join(weights, "m/1/weights"), bytes);
      const stored = await pack(weights);
      expect(stored.size).to.be.within(bytes.length, bytes.length * 1.001);
      expect(fs.readFileSync(stored.file).includes(bytes.subarray(1_000_000, 1_000_100))).to.equal(true);
      expect((await pack(words)).size).to.be.below(100_000);
    });
  });

  it("stores the size of a file beyond 8 GiB in a record that every tar can read", async () => {
    await inNewFolder(async (folder) => {
      const size = 9 * 2 ** 30;
      fs.mkdirSync(path.join(folder, "m/1"), { recursive: true });
      fs.truncateSync(openNew(path.join(folder, "m/1/weights")), size);
      let start = Buffer.alloc(0);
      for await (const block of tarOf(listFolder(folder), new BufferPool(PIECE_BYTES), () => undefined)) {
        start = Buffer.concat([start, block]);
        if (start.length > PIECE_BYTES) break;
      }
      expect(start.toString("latin1")).to.contain(` size=${size}\n`);
      const headers = await firstHeaders(start);
      expect(headers.map((header) => [header.name, header.size])).to.deep.include(["m/1/weights", size]);
    });
  });

  it("packs what symbolic links point to, and no link", async () => {
    await inNewFolder(async (folder) => {
      const models = path.join(folder, "models");
      writePieces({ "m/config.pbtxt": 'backend: "python"', "m/1/model.py": "code", "m/1/weights": "abc" }, models);
      fs.symlinkSync("weights", path.join(models, "m/1/link"));
      fs.symlinkSync("1", path.join(models, "m/2"));
      const { files, problems } = await readModelArchive((await pack(models)).file);
      expect(problems).to.deep.equal([]);
      expect([files.get("m/1/link"), files.get("m/2/link")]).to.deep.equal([3, 3]);
    });
  });

  it("refuses a repository with links that lead outside", async () => {
    await inNewFolder(async (folder) => {
      fs.mkdirSync(path.join(folder, "models"));
      fs.symlinkSync("/etc/hostname", path.join(folder, "models/link"));
      const failure = await pack(path.join(folder, "models")).catch((error: unknown) => String(error));
      expect(failure).to.match(/cannot be packed:\n {2}link: .*\[link-outside\]/);
    });
  });

  it("packs a folder without any file", async () => {
    await inNewFolder(async (folder) => {
      fs.mkdirSync(path.join(folder, "models"));
      expect((await readModelArchive((await pack(path.join(folder, "models"))).file)).files.size).to.equal(0);
    });
  });
});

function openNew(file: string): string {
  fs.closeSync(fs.openSync(file, "w"));
  return file;
}

/** The headers at the beginning of an archive that is cut off. */
function firstHeaders(tar: Buffer): Promise<Header[]> {
  const headers: Header[] = [];
  return new Promise((resolve) => {
    const reader = extract();
    reader.on("entry", (header, stream, next) => {
      headers.push(header);
      stream
        .on("error", () => undefined)
        .on("close", next)
        .resume();
    });
    reader
      .on("error", () => undefined)
      .on("close", () => {
        resolve(headers);
      });
    reader.end(tar);
  });
}
