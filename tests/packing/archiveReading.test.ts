import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { readModelArchive, unpackModelArchive } from "../../packing/modelArchive.ts";
import type { RepositoryContents } from "../../triton/repository/repositoryContents.ts";
import { inNewFolder, tarGzOfEntries, tarOfEntries } from "../support/archives.ts";

type Entries = Parameters<typeof tarOfEntries>[0];

function read(bytes: Buffer): Promise<RepositoryContents> {
  return inNewFolder((folder) => {
    fs.writeFileSync(path.join(folder, "model.tar.gz"), bytes);
    return readModelArchive(path.join(folder, "model.tar.gz"));
  });
}

async function problemsOf(bytes: Buffer): Promise<string[]> {
  return (await read(bytes)).problems.map(({ path: at, code, severity }) => `${at} ${code} ${severity}`);
}

const MODEL: Entries = [
  [{ name: "m/config.pbtxt" }, 'name: "m"'],
  [{ name: "m/1/model.py" }, "class"],
];

describe("reading a model archive", () => {
  it("lists files, folders and the texts that the checks need, as from a folder", async () => {
    const { files, directories, texts, problems } = await read(await tarGzOfEntries(MODEL));
    expect([...files]).to.deep.equal([
      ["m/config.pbtxt", 9],
      ["m/1/model.py", 5],
    ]);
    expect([...directories]).to.have.members(["m", "m/1"]);
    expect([...texts]).to.deep.equal([
      ["m/config.pbtxt", 'name: "m"'],
      ["m/1/model.py", "class"],
    ]);
    expect(problems).to.be.empty;
  });

  it("reads paths as `tar czf model.tar.gz -C repository .` writes them", async () => {
    const { files, directories } = await read(
      await tarGzOfEntries([
        [{ name: "./", type: "directory" }],
        [{ name: "./m/", type: "directory" }],
        [{ name: "./m//1/model.py" }],
      ]),
    );
    expect([...files.keys()]).to.deep.equal(["m/1/model.py"]);
    expect([...directories]).to.have.members(["m", "m/1"]);
  });

  it("skips leftovers, and names folders that the start script would take for models", async () => {
    const { files, directories, leftOut, strayFolders } = await read(
      await tarGzOfEntries([
        ...MODEL,
        [{ name: "m/._config.pbtxt" }],
        [{ name: ".git/HEAD" }],
        [{ name: "__MACOSX/m/._config.pbtxt" }],
        [{ name: "m/1/__pycache__/model.cpython-312.pyc" }],
        [{ name: "m/1/__pycache__/gone.cpython-312.pyc" }],
        [{ name: "m/1/weights/.metadata" }],
      ]),
    );
    expect([...files.keys()]).to.deep.equal([
      "m/config.pbtxt",
      "m/1/model.py",
      "m/1/__pycache__/gone.cpython-312.pyc",
      "m/1/weights/.metadata",
    ]);
    expect(directories.has(".git")).to.equal(false);
    expect(leftOut).to.deep.equal([".git", "__MACOSX", "m/._config.pbtxt", "m/1/__pycache__/model.cpython-312.pyc"]);
    expect(strayFolders).to.deep.equal([".git", "__MACOSX"]);
  });

  it("reads several gzip members as one stream, as gzip does", async () => {
    const tar = await tarOfEntries(MODEL);
    const { files } = await read(Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]));
    expect(files.size).to.equal(2);
  });

  it("reads names beyond 100 bytes from PAX headers", async () => {
    const name = `m/1/${"é".repeat(120)}/${"n".repeat(120)}.py`;
    const { files } = await read(await tarGzOfEntries([[{ name }, "x"]]));
    expect([...files.keys()]).to.deep.equal([name]);
  });

  it("reads GNU tar's long names", async () => {
    const name = `m/1/${"d".repeat(150)}/${"n".repeat(150)}`;
    const tar = await tarOfEntries([
      [{ name: "././@LongLink", type: "contiguous-file" }, `${name}\0`],
      [{ name: "cut" }, "x"],
    ]);
    tar[156] = "L".charCodeAt(0);
    setChecksum(tar);
    expect([...(await read(gzipSync(tar))).files.keys()]).to.deep.equal([name]);
  });

  it("refuses a plain tar archive and still reads it", async () => {
    const { problems, files } = await read(await tarOfEntries(MODEL));
    expect(problems.map(({ code }) => code)).to.deep.equal(["archive-not-gzip"]);
    expect(problems.at(0)?.message).to.contain("tar archive is not compressed");
    expect(problems.at(0)?.remedy).to.contain("gzip");
    expect(files.size).to.equal(2);
  });

  for (const [name, bytes, words] of [
    ["a zip archive", "PK\u0003\u0004", "zip"],
    ["zstd", Buffer.from("28b52ffd", "hex"), "zstd"],
    ["xz", Buffer.from("fd377a585a00", "hex"), "xz"],
    ["bzip2", "BZh9", "bzip2"],
    ["LZMA", Buffer.from("5d00008000", "hex"), "LZMA"],
    ["lzip", "LZIP", "lzip"],
    ["Git LFS's pointer to an archive", "version https://git-lfs.github.com/spec/v1", "Git LFS"],
    ["an empty file", "", "empty"],
    ["something else", "hello", "not an archive"],
  ] as const) {
    it(`refuses ${name} by name`, async () => {
      const { problems } = await read(Buffer.from(bytes as string));
      expect(problems.map(({ code }) => code)).to.deep.equal(["archive-not-gzip"]);
      expect(problems.at(0)?.message).to.contain(words);
    });
  }

  it("distinguishes a truncated archive, a damaged one and one without tar content", async () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * index * 31) % 251));
    const bytes = await tarGzOfEntries([[{ name: "m/1/model.py" }, noise.toString("latin1")]]);
    const tar = await tarOfEntries(MODEL);
    expect(await problemsOf(bytes.subarray(0, bytes.length - 20))).to.deep.equal([". archive-truncated error"]);
    expect(await problemsOf(gzipSync(tar.subarray(0, 700)))).to.deep.equal([". archive-truncated error"]);
    expect(await problemsOf(Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(500, 7)]))).to.deep.equal([
      ". archive-corrupt error",
    ]);
    expect(await problemsOf(gzipSync(noise))).to.deep.equal([". archive-not-tar error"]);
  });

  it("says what is compressed instead of a tar archive, however short it is", async () => {
    for (const [content, message] of [
      [Buffer.from("PK\u0003\u0004"), "The compressed content is a zip archive, not a tar archive."],
      [gzipSync("x"), "The archive is compressed twice."],
      [Buffer.from("hello"), "The compressed content is not a tar archive."],
    ] as const) {
      const { problems } = await read(gzipSync(content));
      expect(problems.map(({ code, message }) => [code, message])).to.deep.equal([["archive-not-tar", message]]);
    }
  });

  it("reports all paths and links that lead outside, and all special files, at once", async () => {
    const bytes = await tarGzOfEntries([
      [{ name: "/etc/passwd" }, "x"],
      [{ name: "m/../../up" }, "x"],
      [{ name: "m/device", type: "character-device" }],
      [{ name: "m/pipe", type: "fifo" }],
      [{ name: "m/absolute", type: "symlink", linkname: "/etc/passwd" }],
      [{ name: "m/relative", type: "symlink", linkname: "../../x" }],
      [{ name: "m/hard", type: "link", linkname: "../x" }],
      [{ name: "m/self", type: "symlink", linkname: "self" }],
      [{ name: "m/broken", type: "symlink", linkname: "missing" }],
      [{ name: "m/sparse", pax: { "GNU.sparse.major": "1" } }, "x"],
    ]);
    expect(await problemsOf(bytes)).to.have.members([
      "/etc/passwd path-outside error",
      "m/device not-a-file error",
      "m/pipe not-a-file error",
      "m/absolute link-outside error",
      "m/relative link-outside error",
      "m/hard link-outside error",
      "m/self link-outside error",
      "m/broken link-broken error",
      "m/sparse not-a-file error",
    ]);
  });

  it("refuses a path that leads outside over two links that each stay inside", async () => {
    const bytes = await tarGzOfEntries([
      [{ name: "m/a", type: "symlink", linkname: "." }],
      [{ name: "m/b", type: "symlink", linkname: "a/../../outside" }],
    ]);
    expect(await problemsOf(bytes)).to.deep.equal(["m/b link-outside error"]);
  });

  it("refuses entries below a link and paths that are both a file and a link", async () => {
    const bytes = await tarGzOfEntries([
      [{ name: "m/1/model.py" }, "x"],
      [{ name: "m/2", type: "symlink", linkname: "1" }],
      [{ name: "m/2/model.py" }, "y"],
      [{ name: "m/1/model.py", type: "symlink", linkname: "other" }],
      [{ name: "m/1/other" }, "z"],
    ]);
    expect(await problemsOf(bytes)).to.include.members([
      "m/2/model.py entry-below-link error",
      "m/1/model.py entry-below-link error",
    ]);
  });

  it("lists the targets of links under the links' own paths", async () => {
    const { files, directories, texts, problems } = await read(
      await tarGzOfEntries([
        ...MODEL,
        [{ name: "m/2", type: "symlink", linkname: "1" }],
        [{ name: "n/config.pbtxt", type: "link", linkname: "m/config.pbtxt" }],
      ]),
    );
    expect(problems.map(({ code }) => code)).to.deep.equal(["archive-link"]);
    expect(files.get("m/2/model.py")).to.equal(5);
    expect(directories.has("m/2")).to.equal(true);
    expect(texts.get("n/config.pbtxt")).to.equal('name: "m"');
  });

  it("reports a header with an invalid size, without waiting for the entry's end", async () => {
    const tar = Buffer.from(await tarOfEntries(MODEL));
    tar[124] = 0xa6;
    tar.fill(" ", 148, 156);
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    expect(await problemsOf(gzipSync(tar))).to.deep.equal([". archive-corrupt error"]);
  });

  it("refuses a link to nothing", async () => {
    const problems = await problemsOf(
      await tarGzOfEntries([...MODEL, [{ name: "m/l", type: "symlink", linkname: "" }]]),
    );
    expect(problems).to.deep.equal(["m/l link-broken error"]);
  });

  it("terminates if a link points to a folder that contains it", async () => {
    const { files, problems } = await read(
      await tarGzOfEntries([...MODEL, [{ name: "m/1/up", type: "symlink", linkname: "../../m" }]]),
    );
    expect(problems.map(({ code }) => code)).to.deep.equal(["archive-link"]);
    expect([...files.keys()]).to.include("m/1/up/1/model.py");
  });

  it("quickly refuses links that expand to more paths than any repository has", async () => {
    const files = Array.from({ length: 1500 }, (_, index): Entries[number] => [{ name: `m/1/${index}` }, ""]);
    const links = Array.from({ length: 1500 }, (_, index): Entries[number] => [
      { name: `m/link${index}`, type: "symlink", linkname: "1" },
    ]);
    const problems = await problemsOf(await tarGzOfEntries([...files, ...links]));
    expect(problems.map((problem) => problem.replace(/^\S+ /, ""))).to.deep.equal(["links-too-many error"]);
  });

  it("warns about a text that is too large to be checked", async () => {
    const bytes = await tarGzOfEntries([[{ name: "m/config.pbtxt" }, "#".repeat(2 ** 20 + 1)]]);
    expect(await problemsOf(bytes)).to.deep.equal(["m/config.pbtxt text-too-large warning"]);
  });

  it("warns once of symbolic links, and not of hard ones", async () => {
    const links: Entries = [
      [{ name: "m/1/weights", type: "symlink", linkname: "model.py" }],
      [{ name: "m/2", type: "symlink", linkname: "1" }],
      [{ name: "m/1/hard", type: "link", linkname: "m/1/model.py" }],
    ];
    const { problems } = await read(await tarGzOfEntries([...MODEL, ...links]));
    expect(problems.map(({ code, path: at, message }) => [code, at, message])).to.deep.equal([
      [
        "archive-link",
        "m/1/weights",
        "This is a symbolic link, like 1 more; SageMaker may fail to extract an archive that has one.",
      ],
    ]);
    expect(await problemsOf(await tarGzOfEntries([...MODEL, ...links.slice(2)]))).to.be.empty;
  });

  it("says if a file doesn't exist or is a folder", async () => {
    await inNewFolder(async (folder) => {
      expect(await failureOf(readModelArchive(path.join(folder, "none")))).to.match(/archive .*none does not exist/);
      expect(await failureOf(readModelArchive(folder))).to.match(/is not a file/);
    });
  });
});

describe("unpacking a model archive", () => {
  function unpack(bytes: Buffer, use: (folder: string) => void): Promise<void> {
    return inNewFolder(async (folder) => {
      const archive = path.join(folder, "model.tar.gz");
      fs.writeFileSync(archive, bytes);
      await unpackModelArchive(archive, path.join(folder, "new", "model"));
      use(path.join(folder, "new", "model"));
    });
  }

  it("writes files, empty folders, links and executable bits into a new folder", async () => {
    const bytes = await tarGzOfEntries([
      [{ name: "e/1/", type: "directory" }],
      [{ name: "m/1/run", mode: 0o4755 }, "run"],
      [{ name: "m/1/empty" }],
      [{ name: "m/2", type: "symlink", linkname: "1" }],
      [{ name: "n/1/run", type: "link", linkname: "m/1/run" }],
    ]);
    await unpack(bytes, (folder) => {
      expect(fs.readdirSync(path.join(folder, "e"))).to.deep.equal(["1"]);
      expect(fs.readFileSync(path.join(folder, "m/2/run"), "utf8")).to.equal("run");
      expect(fs.readFileSync(path.join(folder, "n/1/run"), "utf8")).to.equal("run");
      expect(fs.statSync(path.join(folder, "m/1/empty")).size).to.equal(0);
      // The set-user-id bit is not kept.
      expect(fs.statSync(path.join(folder, "m/1/run")).mode & 0o7777).to.be.oneOf([0o755, 0o750, 0o700]);
    });
  });

  it("writes nothing outside its folder, whatever the archive holds", async () => {
    await inNewFolder(async (folder) => {
      const archive = path.join(folder, "model.tar.gz");
      fs.writeFileSync(
        archive,
        await tarGzOfEntries([
          [{ name: "../up" }, "x"],
          [{ name: "link", type: "symlink", linkname: ".." }],
          [{ name: "link/below" }, "x"],
        ]),
      );
      const failure = await failureOf(unpackModelArchive(archive, path.join(folder, "model")));
      expect(failure).to.match(/cannot be unpacked:\n(.*\n)*.*path-outside/);
      expect(fs.readdirSync(folder)).to.have.members(["model.tar.gz", "model"]);
    });
  });

  it("passes on the file system's error if it can't write", async () => {
    await inNewFolder(async (folder) => {
      fs.writeFileSync(path.join(folder, "model.tar.gz"), await tarGzOfEntries(MODEL));
      fs.mkdirSync(path.join(folder, "model/m/config.pbtxt"), { recursive: true });
      const failure = await failureOf(
        unpackModelArchive(path.join(folder, "model.tar.gz"), path.join(folder, "model")),
      );
      expect(failure).to.contain("EISDIR");
    });
  });
});

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** The sum of a header's bytes, its own field taken as spaces. */
function setChecksum(tar: Buffer): void {
  tar.fill(" ", 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
}
