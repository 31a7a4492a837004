import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { digestFile, digestModelRepository, packModelRepository, type Progress } from "../../packing/modelArchive.ts";
import { DigestCache } from "../../packing/digestCache.ts";
import { inNewFolder } from "../support/archives.ts";
import { endedInTime } from "../support/cli.ts";
import { writePieces } from "../support/repository.ts";

const now = Date.now.bind(Date);

describe("the cache of digests and archives", () => {
  let folder: string;
  let root: string;
  let cacheDirectory: string;
  // What changed a moment ago is not remembered, so that the clock runs ten seconds ahead of the files'.
  beforeEach(() => (Date.now = () => now() + 10_000));
  afterEach(() => (Date.now = now));

  function inRepository(use: () => Promise<void>): () => Promise<void> {
    return () =>
      inNewFolder(async (directory) => {
        folder = directory;
        root = path.join(folder, "models");
        cacheDirectory = path.join(folder, "cache");
        writePieces({ "m/config.pbtxt": 'name: "m"', "m/1/model.py": "class", "m/1/weights": "12345" }, root);
        await use();
      });
  }

  /** What packing reads of files, in the order of its reports. */
  async function progressOf(work: typeof packModelRepository | typeof digestModelRepository): Promise<Progress[]> {
    const reports: Progress[] = [];
    await work(root, { cacheDirectory, onProgress: (progress) => reports.push(progress) });
    return reports;
  }

  function archives(): string[] {
    return fs.globSync("archives/*/*", { cwd: cacheDirectory }).map((file) => path.basename(file));
  }

  it(
    "finds the archive of an unchanged repository without reading a file",
    inRepository(async () => {
      const first = await packModelRepository(root, { cacheDirectory });
      expect(await progressOf(packModelRepository)).to.be.empty;
      expect(await packModelRepository(root, { cacheDirectory })).to.deep.equal(first);
    }),
  );

  it(
    "is only for the user who owns it",
    inRepository(async () => {
      const before = process.umask(0);
      try {
        await packModelRepository(root, { cacheDirectory });
      } finally {
        process.umask(before);
      }
      const entries = fs.readdirSync(cacheDirectory, { recursive: true, encoding: "utf8" });
      expect(entries).to.have.length.above(3);
      for (const place of [cacheDirectory, ...entries.map((entry) => path.join(cacheDirectory, entry))]) {
        const stats = fs.statSync(place);
        expect((stats.mode & 0o777).toString(8), place).to.equal(stats.isDirectory() ? "700" : "600");
      }
    }),
  );

  it(
    "becomes private if an earlier version left it readable by everyone",
    inRepository(async () => {
      const own = process.env.XDG_CACHE_HOME;
      process.env.XDG_CACHE_HOME = folder;
      try {
        const place = path.join(folder, "sagemaker-triton");
        fs.mkdirSync(place, { mode: 0o755 });
        await packModelRepository(root, { cacheDirectory: place });
        expect(fs.statSync(place).mode & 0o777).to.equal(0o700);
      } finally {
        if (own === undefined) delete process.env.XDG_CACHE_HOME;
        else process.env.XDG_CACHE_HOME = own;
      }
    }),
  );

  it(
    "repacks a changed repository, even if size and modification time are reset",
    inRepository(async () => {
      const first = await packModelRepository(root, { cacheDirectory });
      const { atime, mtime } = fs.statSync(path.join(root, "m/1/weights"));
      fs.writeFileSync(path.join(root, "m/1/weights"), "54321");
      fs.utimesSync(path.join(root, "m/1/weights"), atime, mtime);
      expect((await packModelRepository(root, { cacheDirectory })).digest).not.to.equal(first.digest);
    }),
  );

  it(
    "repacks if the archive is missing, truncated or made by another version",
    inRepository(async () => {
      const { file } = await packModelRepository(root, { cacheDirectory });
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      expect(await progressOf(packModelRepository)).not.to.be.empty;
      expect(fs.readFileSync(file).equals(bytes)).to.equal(true);
      fs.truncateSync(file, 10);
      expect(await progressOf(packModelRepository)).not.to.be.empty;
      const [index = ""] = fs.globSync(path.join(cacheDirectory, "digests/*.json"));
      fs.writeFileSync(index, fs.readFileSync(index, "utf8").replace('"format":"1 ', '"format":"0 '));
      expect(await progressOf(packModelRepository)).not.to.be.empty;
      fs.writeFileSync(index, "{");
      expect(await progressOf(packModelRepository)).not.to.be.empty;
    }),
  );

  it("doesn't trust a file that changed just before it was read", () =>
    inNewFolder(async (directory) => {
      const cache = new DigestCache(directory, "/models");
      const file = { stamp: "5:1:2:3", changedAt: 1_000_000 };
      cache.remember({ ...file, path: "fresh" }, "aa", 1_001_000);
      cache.remember({ ...file, path: "old" }, "bb", 1_003_000);
      await cache.save();
      const later = new DigestCache(directory, "/models");
      expect(later.digestOf({ ...file, path: "fresh" })).to.equal(undefined);
      expect(later.digestOf({ ...file, path: "old" })).to.equal("bb");
      expect(later.digestOf({ ...file, path: "old", stamp: "5:1:2:4" })).to.equal(undefined);
      expect(new DigestCache(directory, "/other").digestOf({ ...file, path: "old" })).to.equal(undefined);
    }));

  it(
    "refuses a repository that changes while it is read, and leaves no archive",
    inRepository(async () => {
      const changes: (() => void)[] = [
        () => {
          fs.appendFileSync(path.join(root, "m/1/weights"), "6");
        },
        () => {
          fs.writeFileSync(path.join(root, "m/1/new"), "x");
        },
        () => {
          fs.rmSync(path.join(root, "m/1/model.py"));
        },
      ];
      for (const change of changes) {
        const failure = await packModelRepository(root, { cacheDirectory, onProgress: once(change) }).catch(String);
        expect(failure).to.match(/m\/1\/\w+(\.py)? changed while it was read/);
        expect(archives()).to.be.empty;
      }
    }),
  );

  it(
    "refuses a large file that is truncated or replaced while it is read",
    inRepository(async () => {
      const large = path.join(root, "m/1/weights");
      fs.writeFileSync(large, Buffer.alloc(40 * 2 ** 20, 1));
      for (const change of [
        () => {
          fs.truncateSync(large, 1000);
        },
        () => {
          fs.writeFileSync(large, Buffer.alloc(40 * 2 ** 20, 2));
        },
      ]) {
        const failure = await packModelRepository(root, { cacheDirectory, onProgress: once(change) }).catch(String);
        expect(failure).to.contain("m/1/weights changed while it was read");
        expect(archives()).to.be.empty;
        fs.writeFileSync(large, Buffer.alloc(40 * 2 ** 20, 1));
      }
    }),
  );

  it(
    "stops when aborted, and leaves nothing behind",
    inRepository(async () => {
      fs.writeFileSync(path.join(root, "m/1/weights"), Buffer.alloc(20 * 2 ** 20, 1));
      const stop = new AbortController();
      const onProgress = (): void => {
        stop.abort(new Error("enough"));
      };
      const options = { cacheDirectory, onProgress, signal: stop.signal };
      expect(await packModelRepository(root, options).catch(String)).to.equal("Error: enough");
      expect(await digestModelRepository(root, options).catch(String)).to.equal("Error: enough");
      expect(archives()).to.be.empty;
    }),
  );

  it(
    "lets two runs pack at once",
    inRepository(async () => {
      const [one, two] = await Promise.all([1, 2].map(() => packModelRepository(root, { cacheDirectory })));
      expect(one).to.deep.equal(two);
      expect(archives()).to.have.length(1);
      expect(await progressOf(packModelRepository)).to.be.empty;
    }),
  );

  it(
    "removes an older archive of the same repository an hour after its last use",
    inRepository(async () => {
      const first = await packModelRepository(root, { cacheDirectory });
      fs.writeFileSync(path.join(root, "m/1/weights"), "x");
      const second = await packModelRepository(root, { cacheDirectory });
      expect(archives()).to.have.length(2);
      fs.utimesSync(first.file, 1, 1);
      fs.writeFileSync(path.join(root, "m/1/weights"), "y");
      const third = await packModelRepository(root, { cacheDirectory });
      expect(archives()).to.have.members([second, third].map(({ file }) => path.basename(file)));
    }),
  );

  it(
    "removes what killed runs left behind, but nothing of active runs",
    inRepository(async () => {
      const { file } = await packModelRepository(root, { cacheDirectory });
      const place = path.dirname(file);
      const gone = `2147483646@${hostname()}@1.partial`;
      const [alive, elsewhere] = [`${process.pid}@${hostname()}@2.partial`, "1@elsewhere@3.partial"];
      const old = "1@elsewhere@4.partial";
      for (const name of [gone, alive, elsewhere, old]) fs.writeFileSync(path.join(place, name), "");
      fs.utimesSync(path.join(place, old), 1, 1);
      fs.writeFileSync(path.join(root, "m/1/weights"), "x");
      await packModelRepository(root, { cacheDirectory });
      expect(archives().filter((name) => name.endsWith(".partial"))).to.have.members([alive, elsewhere]);
    }),
  );

  it(
    "leaves nothing behind when Ctrl-C ends the program",
    inRepository(async () => {
      fs.truncateSync(path.join(root, "m/1/weights"), 2 ** 30);
      const script = `import { packModelRepository } from ${JSON.stringify(new URL("../../packing/modelArchive.ts", import.meta.url))};
      await packModelRepository(${JSON.stringify(root)}, { cacheDirectory: ${JSON.stringify(cacheDirectory)} });`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore", ...endedInTime });
      const ended = new Promise<string | null>((resolve) =>
        child.once("exit", (_, signal) => {
          resolve(signal);
        }),
      );
      while (archives().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill("SIGINT");
      expect(await ended).to.equal("SIGINT");
      expect(archives()).to.be.empty;
    }),
  );

  it(
    "digests single files for S3 as it digests the archive, with a file in each empty folder",
    inRepository(async () => {
      fs.mkdirSync(path.join(root, "e/1"), { recursive: true });
      const { digest, files } = await digestModelRepository(root, { cacheDirectory });
      expect(digest).to.equal((await packModelRepository(root, { cacheDirectory })).digest);
      expect(files.map(({ path: name, size }) => [name, size])).to.deep.equal([
        ["e/1/.keep", 51],
        ["m/1/model.py", 5],
        ["m/1/weights", 5],
        ["m/config.pbtxt", 9],
      ]);
      for (const { file, digest: expected, size } of files) {
        expect(fs.statSync(file).size).to.equal(size);
        expect(await digestFile(file, { cacheDirectory })).to.equal(expected);
      }
      expect(await progressOf(digestModelRepository)).to.be.empty;
    }),
  );

  it(
    "digests an unchanged file once, and reports a path that isn't a file",
    inRepository(async () => {
      const file = path.join(root, "m/1/weights");
      const reports: Progress[] = [];
      const options = { cacheDirectory, onProgress: (progress: Progress) => reports.push(progress) };
      const digest = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5";
      expect(await digestFile(file, options)).to.equal(digest);
      expect(await digestFile(file, options)).to.equal(digest);
      expect(reports).to.deep.equal([{ bytes: 5, total: 5 }]);
      expect(await digestFile(path.join(root, "none"), options).catch(String)).to.contain("does not exist");
      expect(await digestFile(root, options).catch(String)).to.contain("is not a file");
    }),
  );
});

function once(change: () => void): () => void {
  let changed = false;
  return () => {
    if (!changed) change();
    changed = true;
  };
}
