import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readModelFolder } from "../../packing/folder.ts";
import { packModelRepository, readModelArchive } from "../../packing/modelArchive.ts";
import { checkModelRepository } from "../../triton/repository/modelRepository.ts";
import { checkTargetModel } from "../../triton/repository/multiModel.ts";
import type { RepositoryContents } from "../../triton/repository/repositoryContents.ts";
import type { RepositoryCase } from "../support/casePieces.ts";
import { inNewFolder } from "../support/archives.ts";
import { writePieces } from "../support/repository.ts";
import { repositoryCases } from "../support/repositoryCases.ts";

/** Repositories per test, so that none takes long. */
const size = 60;

describe("the check of a repository has the same result for its folder, its archive, and its archive on a multi-model endpoint", () => {
  for (let start = 0; start < repositoryCases.length; start += size) {
    const cases = repositoryCases.slice(start, start + size);
    it(`in the repositories from ${start + 1} to ${start + cases.length}`, async () => {
      await inNewFolder(async (folder) => {
        await Promise.all(
          cases.map((entry, index) => compare(entry, path.join(folder, `models${index}`), path.join(folder, "cache"))),
        );
      });
    });
  }
});

async function compare(
  { title, pieces, options }: RepositoryCase,
  directory: string,
  cacheDirectory: string,
): Promise<void> {
  fs.mkdirSync(directory);
  writePieces(pieces, directory);
  const folder = await readModelFolder(directory);
  const { file } = await packModelRepository(directory, { cacheDirectory });
  const archive = await readModelArchive(file);
  // What is read alike is judged alike; the check runs where the readers differ, if only in the order.
  if (isDeepStrictEqual(inOrder(archive), inOrder(folder))) return;
  expect(checkModelRepository(archive, options), title).to.deep.equal(checkModelRepository(folder, options));
  expect(checkTargetModel(archive, options), `${title}, one of many`).to.deep.equal(checkTargetModel(folder, options));
}

/** The contents in the order in which a rule sees them; two maps or sets are equal in any order. */
function inOrder(contents: RepositoryContents): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(contents).map(([key, part]) => [key, [...(part as Iterable<unknown>)]]));
}
