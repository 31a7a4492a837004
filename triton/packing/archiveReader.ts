import * as fs from "node:fs";
import * as path from "node:path";
import { readEntries, type ArchiveEntries, type ArchiveFile } from "./archiveEntries.ts";
import { followLinks } from "./archiveLinks.ts";
import { hiddenFolder } from "./archiveProblems.ts";
import { ModelError, refuseErrors } from "../modelError.ts";
import type { RepositoryContents } from "../repositoryContents.ts";
import { holdsCheckedText, isLeftover, MAX_TEXT_BYTES, textTooLarge } from "../servedFiles.ts";

/**
 * Reads what a packed model repository holds, by streaming through it: of the files only the texts that the checks need
 * are kept. What SageMaker or Triton would refuse or unpack to another place is told in `problems`.
 *
 * @param file the archive
 * @throws ModelError where there is no such file
 */
export async function readModelArchive(file: string): Promise<RepositoryContents> {
  refuseMissing(file);
  const texts = new Map<string, string>();
  const entries = await readEntries(file, (entry) =>
    holdsCheckedText(entry.path) && entry.size <= MAX_TEXT_BYTES ? collect(texts, entry) : undefined,
  );
  resolveLinks(entries, texts);
  const { directories, problems } = entries;
  const files = new Map([...entries.files].filter(([name]) => isServed(name)));
  const large = [...files].filter(([name, size]) => holdsCheckedText(name) && size > MAX_TEXT_BYTES);
  return {
    files,
    directories: new Set([...directories].filter(isServed)),
    texts: new Map([...texts].filter(([name]) => isServed(name))),
    problems: [
      ...problems,
      ...[...directories].filter((name) => !name.includes("/") && isLeftover(name)).map(hiddenFolder),
      ...large.map(([name]) => textTooLarge(name)),
    ],
  };
}

/**
 * Unpacks a model archive as SageMaker does into `/opt/ml/model`, except that nothing is ever written outside the folder.
 *
 * @param file the archive
 * @param directory the folder; made where it does not exist
 * @throws ModelError where the archive cannot be unpacked whole; what was written until then stays in `directory`
 */
export async function unpackModelArchive(file: string, directory: string): Promise<void> {
  refuseMissing(file);
  await fs.promises.mkdir(directory, { recursive: true });
  const root = await fs.promises.realpath(directory);
  const { directories, links, problems } = await readEntries(file, ({ path: name, mode, content }) =>
    write(path.join(root, name), content, mode),
  );
  refuseErrors(`${file} cannot be unpacked:`, problems);
  for (const name of directories) await fs.promises.mkdir(path.join(root, name), { recursive: true });
  for (const [name, { target, hard }] of links) {
    await fs.promises.mkdir(path.dirname(path.join(root, name)), { recursive: true });
    if (hard) await fs.promises.copyFile(path.join(root, followLinks(target, links) ?? ""), path.join(root, name));
    else await fs.promises.symlink(target, path.join(root, name));
  }
}

function refuseMissing(file: string): void {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (!stats) throw new ModelError(`the model archive ${file} does not exist`);
  if (!stats.isFile()) throw new ModelError(`the model archive ${file} is not a file`);
}

async function collect(texts: Map<string, string>, { path: name, content }: ArchiveFile): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  texts.set(name, Buffer.concat(chunks).toString("utf8"));
}

async function write(file: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  const handle = await fs.promises.open(file, "w", (mode & 0o777) | 0o600);
  try {
    for await (const chunk of content) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}

function isServed(name: string): boolean {
  return !name.split("/").some(isLeftover);
}

/** Lists what links stand for at the links' own paths, which is what Triton sees. */
function resolveLinks({ files, directories, links }: ArchiveEntries, texts: Map<string, string>): void {
  for (const name of links.keys()) {
    const end = followLinks(name, links);
    if (end === undefined) continue;
    copyBelow(files, end, name);
    copyBelow(texts, end, name);
    if (directories.has(end)) directories.add(name);
    for (const folder of [...directories]) {
      if (folder.startsWith(`${end}/`)) directories.add(name + folder.slice(end.length));
    }
  }
}

function copyBelow<Value>(map: Map<string, Value>, from: string, to: string): void {
  for (const [name, value] of [...map]) {
    if (name === from || name.startsWith(`${from}/`)) map.set(to + name.slice(from.length), value);
  }
}
