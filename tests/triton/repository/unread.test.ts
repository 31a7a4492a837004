import { expect } from "chai";
import { checkModelRepository } from "../../../triton/repository/modelRepository.ts";
import type { Problem } from "../../../triton/repository/problem.ts";
import type { ProblemCode } from "../../../triton/repository/problemCodes.ts";
import type { RepositoryContents } from "../../../triton/repository/repositoryContents.ts";
import { contentsOf } from "../../support/repository.ts";
import { repositoryCases } from "../../support/repositoryCases.ts";

/** What a reader gives where this user may not read a file, or not list a folder. */
function closed(contents: RepositoryContents, place: string): RepositoryContents {
  const isHidden = (path: string) => path.startsWith(`${place}/`);
  return without(contents, "unreadable", place, isHidden, (path) => path === place || isHidden(path));
}

/** What a reader gives where a file or a folder is a link that leads nowhere. */
function dangling(contents: RepositoryContents, place: string): RepositoryContents {
  const isHidden = (path: string) => path === place || path.startsWith(`${place}/`);
  return without(contents, "link-broken", place, isHidden, isHidden);
}

function without(
  { files, directories, texts, models, ...others }: RepositoryContents,
  code: ProblemCode,
  path: string,
  isHidden: (path: string) => boolean,
  isUnread: (path: string) => boolean,
): RepositoryContents {
  const problem: Problem = { code, severity: "error", path, message: "", remedy: "" };
  return {
    ...others,
    files: new Map([...files].filter(([file]) => !isHidden(file))),
    directories: new Set([...directories].filter((folder) => !isHidden(folder))),
    texts: new Map([...texts].filter(([file]) => !isUnread(file))),
    models: new Map([...models].filter(([file]) => !isUnread(file))),
    problems: [problem],
  };
}

describe("a part of a repository that can't be read", () => {
  for (const [title, reading] of Object.entries({ "may not be read": closed, "is a link to nowhere": dangling })) {
    it(`is reported once if it ${title}, without any consequential problems`, () => {
      const additions = repositoryCases.flatMap(({ title: repository, pieces, models, options }) => {
        const contents = contentsOf(pieces, models);
        const told = new Set(checkModelRepository(contents, options).map(({ code }) => code));
        return [...contents.directories, ...contents.files.keys()].flatMap((place) =>
          checkModelRepository(reading(contents, place), options)
            .filter(({ code, path }) => !told.has(code) && path !== place)
            .map(({ code }) => `${repository}, ${place}: ${code}`),
        );
      });
      expect(additions).to.deep.equal([]);
    });
  }
});
