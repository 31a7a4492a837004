import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { readModelFolder } from "../../packing/folder.ts";
import { type Pieces, writePieces } from "../support/repository.ts";

const ENSEMBLE = 'platform: "ensemble"\nensemble_scheduling { step [ { model_name: "a" model_version: -1 } ] }\n';

describe("reading a model folder", () => {
  let directory: string;
  beforeEach(() => (directory = fs.mkdtempSync(path.join(tmpdir(), "folder-"))));
  afterEach(() => {
    fs.rmSync(directory, { recursive: true });
  });

  function repository(pieces: Pieces): string {
    writePieces(pieces, path.join(directory, "models"));
    return path.join(directory, "models");
  }

  it("lists files with their sizes, folders including empty ones, and the texts that the checks need", async () => {
    const root = repository({
      "m/config.pbtxt": 'name: "m"',
      "m/1/model.py": "class",
      "m/1/deep/helper.py": "x",
      "m/1/weights.bin": "abc",
      "m/2/": "",
    });
    const { files, directories, texts, problems } = await readModelFolder(root);
    expect([...files]).to.deep.equal([
      ["m/1/deep/helper.py", 1],
      ["m/1/model.py", 5],
      ["m/1/weights.bin", 3],
      ["m/config.pbtxt", 9],
    ]);
    expect([...directories]).to.deep.equal(["m", "m/1", "m/1/deep", "m/2"]);
    expect(new Set(texts.keys())).to.deep.equal(new Set(["m/config.pbtxt", "m/1/model.py"]));
    expect(texts.get("m/1/model.py")).to.equal("class");
    expect(problems).to.be.empty;
  });

  it("leaves out what certainly isn't part of a model, and lists it", async () => {
    const root = repository({
      "m/1/model.py": "x",
      "m/1/model.py~": "x",
      "m/1/#model.py#": "x",
      "m/1/.model.py.swp": "x",
      "m/1/model.pyc": "x",
      "m/1/__pycache__/model.cpython-312.pyc": "x",
      ".git/HEAD": "x",
      "m/.DS_Store": "x",
      "__MACOSX/m/._config.pbtxt": "x",
    });
    const { files, directories, leftOut } = await readModelFolder(root);
    expect([...files.keys()]).to.deep.equal(["m/1/model.py"]);
    expect([...directories]).to.deep.equal(["m", "m/1"]);
    expect(leftOut).to.deep.equal([
      ".git",
      "__MACOSX",
      "m/.DS_Store",
      "m/1/#model.py#",
      "m/1/.model.py.swp",
      "m/1/__pycache__",
      "m/1/model.pyc",
      "m/1/model.py~",
    ]);
  });

  it("keeps anything that may be a model's data, whatever its name", async () => {
    const data = [
      "m/1/.metadata",
      "m/1/__pycache__/gone.cpython-312.pyc",
      "m/1/compiled.pyc",
      "m/1/vocabulary~",
      "m/1/weights.swp",
      "m/1/weights/.metadata",
      "m/assets/.tokenizer/._merges",
    ];
    const root = repository(Object.fromEntries(data.map((file) => [file, "x"])));
    const { files, leftOut } = await readModelFolder(root);
    expect([...files.keys()]).to.deep.equal(data);
    expect(leftOut).to.deep.equal([]);
  });

  it("follows symbolic links to files and folders inside the repository", async () => {
    const root = repository({ "m/1/model.py": "abc", ".blobs/weights": "12345" });
    fs.symlinkSync("1", path.join(root, "m/2"));
    fs.symlinkSync(path.join(root, ".blobs/weights"), path.join(root, "m/1/weights.bin"));
    const { files, problems } = await readModelFolder(root);
    expect(problems).to.be.empty;
    expect([...files]).to.deep.equal([
      ["m/1/model.py", 3],
      ["m/1/weights.bin", 5],
      ["m/2/model.py", 3],
      ["m/2/weights.bin", 5],
    ]);
  });

  it("reads a repository that is itself a symbolic link", async () => {
    fs.symlinkSync(repository({ "m/config.pbtxt": "" }), path.join(directory, "link"));
    expect([...(await readModelFolder(path.join(directory, "link"))).files.keys()]).to.deep.equal(["m/config.pbtxt"]);
  });

  it("reports all links that lead outside, nowhere or in a circle at once", async () => {
    const root = repository({ "m/1/model.py": "abc" });
    fs.writeFileSync(path.join(directory, "secret"), "x");
    fs.mkdirSync(path.join(directory, "models-other"));
    fs.symlinkSync("../../secret", path.join(root, "m/out"));
    // Its path begins like the repository's.
    fs.symlinkSync("../../models-other", path.join(root, "m/sibling"));
    fs.symlinkSync("missing", path.join(root, "m/broken"));
    fs.symlinkSync("../..", path.join(root, "m/1/up"));
    fs.symlinkSync("self", path.join(root, "m/self"));
    const { files, problems } = await readModelFolder(root);
    expect([...files.keys()]).to.deep.equal(["m/1/model.py"]);
    expect(new Map(problems.map(({ path, code }) => [path, code]))).to.deep.equal(
      new Map([
        ["m/1/up", "link-cycle"],
        ["m/broken", "link-broken"],
        ["m/out", "link-outside"],
        ["m/self", "link-broken"],
        ["m/sibling", "link-outside"],
      ]),
    );
  });

  it("terminates for a repository whose folders link to each other", async () => {
    const root = repository({ "a/1/model.py": "", "b/1/model.py": "" });
    fs.symlinkSync("../b", path.join(root, "a/b"));
    fs.symlinkSync("../a", path.join(root, "b/a"));
    fs.symlinkSync("..", path.join(root, "b/1/up"));
    const { problems } = await readModelFolder(root);
    expect(problems.map(({ path, code }) => `${path} ${code}`)).to.have.members([
      "a/b/a link-cycle",
      "a/b/1/up link-cycle",
      "b/a/b link-cycle",
      "b/1/up link-cycle",
    ]);
  });

  it("refuses what is neither a file nor a folder", async () => {
    const root = repository({ "m/1/model.py": "" });
    const server = createServer().listen(path.join(root, "m/1/socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const { problems } = await readModelFolder(root);
    server.close();
    expect(problems.map(({ path, code }) => [path, code])).to.deep.equal([["m/1/socket", "not-a-file"]]);
  });

  it("reports a name that is not UTF-8 instead of failing", async () => {
    const root = repository({ "m/1/model.py": "" });
    fs.writeFileSync(Buffer.concat([Buffer.from(path.join(root, "m/1/")), Buffer.from([0x66, 0xff])]), "");
    const { problems } = await readModelFolder(root);
    expect(problems.map(({ code }) => code)).to.deep.equal(["unreadable"]);
  });

  it("warns about a configuration that is too large to be checked", async () => {
    const { texts, problems } = await readModelFolder(repository({ "m/config.pbtxt": "#".repeat(2 ** 20 + 1) }));
    expect(texts).to.be.empty;
    expect(problems.map(({ code, severity }) => [code, severity])).to.deep.equal([["text-too-large", "warning"]]);
  });

  it("restores the version folder that git drops from an ensemble", async () => {
    const { directories } = await readModelFolder(repository({ "e/config.pbtxt": ENSEMBLE, "m/config.pbtxt": "" }));
    expect([...directories]).to.deep.equal(["e", "e/1", "m"]);
  });

  it("restores the version that an ensemble's policy names", async () => {
    const config = `${ENSEMBLE}version_policy { specific { versions: [ 3 ] } }`;
    expect([...(await readModelFolder(repository({ "e/config.pbtxt": config }))).directories]).to.deep.equal([
      "e",
      "e/3",
    ]);
  });

  it("leaves alone an ensemble that has a version, and a model that only mentions ensembles", async () => {
    const root = repository({ "e/config.pbtxt": ENSEMBLE, "e/7/": "", "m/config.pbtxt": '# no ensemble\nname: "m"' });
    expect([...(await readModelFolder(root)).directories]).to.deep.equal(["e", "e/7", "m"]);
  });

  it("says if a folder doesn't exist or is a file", async () => {
    const root = repository({ file: "" });
    const messages = await Promise.all(
      ["none", "file"].map((name) => readModelFolder(path.join(root, name)).catch((error: unknown) => String(error))),
    );
    expect(messages[0]).to.match(/the model repository .*none does not exist/);
    expect(messages[1]).to.match(/the model repository .*file is not a folder/);
  });
});
