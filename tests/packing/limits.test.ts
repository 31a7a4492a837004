import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { readModelFolder } from "../../packing/folder.ts";
import { readModelArchive } from "../../packing/modelArchive.ts";
import { limits } from "../../triton/limits.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import type { RepositoryContents } from "../../triton/repository/repositoryContents.ts";
import { inNewFolder } from "../support/archives.ts";
import * as large from "../support/largeInputs.ts";

/** Small limits, so that what exceeds them is made quickly. */
const few = { paths: 2000, models: 100 };

describe("the limits of a repository", () => {
  const real = { ...limits };
  before(() => Object.assign(limits, few));
  after(() => Object.assign(limits, real));

  it("are those that docs/checks.md states", () => {
    const document = fs.readFileSync("docs/checks.md", "utf8");
    for (const number of [real.paths, real.models]) expect(document).to.include(number.toLocaleString("en-US"));
  });

  it("stop the reading of an archive with too many files", async () => {
    const contents = await read(large.archiveOfManyEntries(limits.paths + 10));
    expect(codesOf(contents)).to.deep.equal([". paths-too-many"]);
    expect(contents.files.size).to.be.below(limits.paths);
  });

  it("stop the reading of an archive that has one path again and again", async () => {
    const entry = large.rawHeader({ name: "m/1/model.py" });
    const contents = await read(large.rawArchive(Array.from({ length: limits.paths + 1 }, () => entry)));
    expect(codesOf(contents)).to.deep.equal([". paths-too-many"]);
  });

  it("stop the reading of an archive with too many models", async () => {
    const contents = await read(large.archiveOfManyModels(limits.models + 100));
    expect(codesOf(contents)).to.deep.equal([". models-too-many"]);
    expect(contents.files.size).to.equal(limits.models);
  });

  it("count empty folders at the root as models", async () => {
    const folders = Array.from({ length: limits.models + 1 }, (_, index) =>
      large.rawHeader({ name: `m${index}/`, type: "5" }),
    );
    expect(codesOf(await read(large.rawArchive(folders)))).to.deep.equal([". models-too-many"]);
  });

  it("count links at the root to a model as models", async () => {
    const model = large.rawHeader({ name: "m/1/model.py" });
    const links = Array.from({ length: limits.models }, (_, index) =>
      large.rawHeader({ name: `l${index}`, type: "2", linkname: "m" }),
    );
    const codes = codesOf(await read(large.rawArchive([model, ...links])));
    expect(codes.map((line) => line.split(" ")[1])).to.deep.equal(["links-too-many"]);
  });

  it("stop the reading of an archive with a path that is too deep", async () => {
    const [problem, ...others] = checkModelRepository(await read(large.deepArchive(limits.depth)));
    expect(others).to.deep.equal([]);
    expect(problem?.code).to.equal("path-too-deep");
    expect(problem?.message).to.equal(
      "This path, of 131 bytes, is in more than 64 folders; the rest of the repository was not read.",
    );
  });

  it("give up links that lead through each other without end", async () => {
    const target = "../m/".repeat(200);
    const links = Array.from({ length: 1000 }, (_, index) => [
      large.paxEntry([large.paxRecord("linkpath", `${target}l${index + 1}`)]),
      large.rawHeader({ name: `m/l${index}`, type: "2", linkname: "x" }),
    ]);
    const { problems } = await read(large.rawArchive(links.flat()));
    expect(problems.at(-1)?.code).to.equal("links-too-many");
  });

  it("hold for a folder too", async () => {
    await inNewFolder(async (folder) => {
      for (const place of [`m/${"d/".repeat(limits.depth + 1)}`, "n/1"]) {
        fs.mkdirSync(path.join(folder, place), { recursive: true });
      }
      const codes = codesOf(await readModelFolder(folder)).map((line) => line.split(" ")[1]);
      expect(codes).to.deep.equal(["path-too-deep"]);
    });
  });

  it("count the models of a folder", async () => {
    await inNewFolder(async (folder) => {
      for (let index = 0; index <= limits.models; index++) fs.mkdirSync(path.join(folder, `m${index}`));
      expect(codesOf(await readModelFolder(folder))).to.deep.equal([". models-too-many"]);
    });
  });
});

function codesOf(contents: RepositoryContents): string[] {
  return checkModelRepository(contents).map(({ path: place, code }) => `${place} ${code}`);
}

function read(bytes: Buffer): Promise<RepositoryContents> {
  return inNewFolder((folder) => {
    fs.writeFileSync(path.join(folder, "model.tar.gz"), bytes);
    return readModelArchive(path.join(folder, "model.tar.gz"));
  });
}
