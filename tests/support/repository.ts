import * as fs from "node:fs";
import * as path from "node:path";
import type { RepositoryContents } from "../../triton/repository/repositoryContents.ts";

/** The pieces of a repository: the text of each file by its path; a path that ends in `/` is an empty folder. */
export type Pieces = Readonly<Record<string, string>>;

/** The repository as the readers would give it. */
export function contentsOf(pieces: Pieces, models: RepositoryContents["models"] = new Map()): RepositoryContents {
  const paths = Object.keys(pieces);
  const files = paths.filter((file) => !file.endsWith("/"));
  const parents = (file: string): string[] =>
    [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index)).filter((folder) => folder !== "");
  return {
    files: new Map(files.map((file) => [file, Buffer.byteLength(pieces[file] ?? "")])),
    directories: new Set(paths.flatMap(parents)),
    texts: new Map(
      files.filter((file) => /(^|\/)config\.pbtxt$|\.py$/.test(file)).map((file) => [file, pieces[file] ?? ""]),
    ),
    leftOut: [],
    strayFolders: [],
    models,
    problems: [],
  };
}

/** Writes the repository to a folder. */
export function writePieces(pieces: Pieces, directory: string): void {
  for (const [piece, text] of Object.entries(pieces)) {
    const target = path.join(directory, piece);
    fs.mkdirSync(piece.endsWith("/") ? target : path.dirname(target), { recursive: true });
    if (!piece.endsWith("/")) fs.writeFileSync(target, text);
  }
}
