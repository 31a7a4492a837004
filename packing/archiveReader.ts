import { buffer } from "node:stream/consumers";
import * as fs from "node:fs";
import * as path from "node:path";
import { namingFile } from "../text/systemError.ts";
import { makeFolders } from "./makeFolders.js";
import { statOf } from "./folderListing.ts";
import { readEntries, type ArchiveFile } from "./archiveEntries.ts";
import type { ArchiveEntries } from "./entryRecorder.ts";
import { followLinks } from "./archiveLinks.ts";
import { archiveProblem, symbolicLinks } from "./archiveProblems.ts";
import { keepText, type KeptTexts } from "./keptTexts.ts";
import { namedModelFiles, readFormat, type ReadFormat } from "./modelFileReading.ts";
import { ModelError, refuseErrors } from "../triton/repository/modelError.ts";
import { chunksOf, ForwardReader } from "../triton/models/forwardReader.ts";
import { usualFormat, type ModelFile } from "../triton/models/modelFile.ts";
import type { RepositoryContents } from "../triton/repository/repositoryContents.ts";
import { leftoversAmong, topmost } from "../triton/repository/leftovers.ts";
import { pathProblem } from "../triton/limits.ts";
import { holdsCheckedText, MAX_TEXT_BYTES, textTooLarge } from "../triton/repository/servedFiles.ts";

/**
 * Reads a packed model repository by streaming through it, keeping only the texts that the checks need. `problems`
 * lists what SageMaker or Triton would refuse or unpack elsewhere.
 *
 * @param file the archive
 * @throws ModelError if there is no such file
 */
export async function readModelArchive(file: string): Promise<RepositoryContents> {
  refuseMissing(file);
  const texts = new Map<string, string>();
  const undecoded = new Set<string>();
  const models = new Map<string, ModelFile>();
  const entries = await readEntries(file, (entry) => {
    // Of two files with one path, the later one is unpacked over the earlier one.
    texts.delete(entry.path);
    undecoded.delete(entry.path);
    models.delete(entry.path);
    if (holdsCheckedText(entry.path) && entry.size <= MAX_TEXT_BYTES) return collect({ texts, undecoded }, entry);
    return look(models, entry, usualFormat(entry.path));
  });
  resolveLinks(entries, [texts, models]);
  const { directories, problems } = entries;
  const left = leftoversAmong(new Set([...entries.files.keys(), ...directories, ...entries.links.keys()]));
  const isServed = (name: string): boolean => !left.has(name);
  const files = new Map([...entries.files].filter(([name]) => isServed(name)));
  const large = [...files].filter(([name, size]) => holdsCheckedText(name) && size > MAX_TEXT_BYTES);
  const contents = {
    files,
    directories: new Set([...directories].filter(isServed)),
    texts: new Map([...texts].filter(([name]) => isServed(name))),
    undecoded: new Set([...undecoded].filter(isServed)),
    models,
    leftOut: topmost(left),
    strayFolders: [...directories].filter((name) => !name.includes("/") && left.has(name)).sort(),
    problems: [
      ...problems,
      ...large.map(([name]) => textTooLarge(name)),
      // Where something can't be unpacked at all, its links are only a part of it.
      ...(problems.length === 0 ? symbolicLinks(entries.links) : []),
    ],
  };
  const named = await namedModelFiles(contents);
  if (named.size > 0) {
    const ends = new Map(
      [...named].map(([path, format]) => [followLinks(path, entries.links) ?? path, { path, format }]),
    );
    await readEntries(file, (entry) => {
      const found = ends.get(entry.path);
      return found && look(models, { ...entry, path: found.path }, found.format);
    });
  }
  return contents;
}

/**
 * Unpacks a model archive as SageMaker does into `/opt/ml/model`, except that nothing is ever written outside the folder.
 *
 * @param file the archive
 * @param directory the folder, which is created if it doesn't exist
 * @throws ModelError if the archive can't be unpacked completely; files written until then stay in `directory`
 */
export async function unpackModelArchive(file: string, directory: string): Promise<void> {
  refuseMissing(file);
  makeFolders(directory);
  const root = await fs.promises.realpath(directory);
  const { directories, links, problems } = await readEntries(file, ({ path: name, mode, content }) =>
    write(path.join(root, name), content, mode),
  );
  refuseErrors(`${file} cannot be unpacked:`, problems);
  for (const name of directories) makeFolders(path.join(root, name));
  for (const [name, { target, hard }] of links) {
    makeFolders(path.dirname(path.join(root, name)));
    if (hard) await fs.promises.copyFile(path.join(root, target), path.join(root, name));
    else await fs.promises.symlink(target, path.join(root, name));
  }
}

function refuseMissing(file: string): void {
  if (!statOf(file, `the model archive ${file}`).isFile())
    throw new ModelError(`the model archive ${file} is not a file`);
}

async function collect(kept: KeptTexts, { path: name, content }: ArchiveFile): Promise<void> {
  keepText(name, await buffer(content), kept);
}

async function look(
  models: Map<string, ModelFile>,
  { path: name, size, content }: ArchiveFile,
  format: ReadFormat | undefined,
): Promise<void> {
  if (format) models.set(name, await readFormat(format, new ForwardReader(size, chunksOf(content))));
}

async function write(file: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  makeFolders(path.dirname(file));
  const handle = await fs.promises.open(file, "w", (mode & 0o777) | 0o600);
  try {
    for await (const chunk of content) await namingFile(file, handle.writeFile(chunk));
  } finally {
    await handle.close();
  }
}

/** Lists the targets of links under the links' own paths, as Triton sees them. */
function resolveLinks(entries: ArchiveEntries, contents: readonly Map<string, unknown>[]): void {
  const { files, directories, links, problems, counter } = entries;
  const children = childrenOf([...files.keys(), ...directories]);
  for (const link of links.keys()) {
    const end = followLinks(link, links);
    if (end === undefined || end === "") continue;
    // Collect all paths first, because the link may add paths below its own target.
    for (const path of [end, ...pathsBelow(end, children)]) {
      const place = link + path.slice(end.length);
      if (pathProblem(place)) continue;
      const problem = counter.count(place, directories.has(path));
      if (problem) {
        const message = `${problem.message} Links to folders repeat what they point to.`;
        const remedy = "Pack the repository without these links.";
        problems.push(archiveProblem("links-too-many", link, message, remedy));
        return;
      }
      for (const map of [files, ...contents]) copy(map, path, place);
      if (directories.has(path)) directories.add(place);
      addChild(children, place);
    }
  }
}

function copy(map: Map<string, unknown>, from: string, to: string): void {
  const value = map.get(from);
  if (value !== undefined) map.set(to, value);
}

type Children = Map<string, string[]>;

function childrenOf(paths: readonly string[]): Children {
  const children: Children = new Map();
  for (const path of paths) addChild(children, path);
  return children;
}

function addChild(children: Children, path: string): void {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const siblings = children.get(parent);
  if (siblings) siblings.push(path);
  else children.set(parent, [path]);
}

/** Everything below a folder. */
function pathsBelow(folder: string, children: Children): string[] {
  const paths = [...(children.get(folder) ?? [])];
  // The list grows while it is gone through.
  for (const path of paths) for (const child of children.get(path) ?? []) paths.push(child);
  return paths;
}
