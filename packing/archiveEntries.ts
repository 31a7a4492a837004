import * as fs from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract, type Extract, type Header } from "tar-stream";
import { archiveFormat } from "./archiveFormat.ts";
import { followLinks, type ArchiveLink } from "./archiveLinks.ts";
import { archiveProblem, HEADER_BYTES, notGzip, outsidePaths, unreadableArchive } from "./archiveProblems.ts";
import { feedTar } from "./feedTar.ts";
import type { Problem } from "../triton/repository/problem.ts";

/** A file in an archive. */
export interface ArchiveFile {
  /** The path in the archive, without a leading `./`. */
  readonly path: string;
  /** The size in bytes. */
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
  /** The content, which must be read immediately and only once. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** An archive's entries, without the files' content. */
export interface ArchiveEntries {
  /** Every file and its size in bytes. */
  readonly files: Map<string, number>;
  /** Every folder, including those that are only implied by their contents. */
  readonly directories: Set<string>;
  /** Every link. */
  readonly links: Map<string, ArchiveLink>;
  /** The problems of the archive. */
  readonly problems: Problem[];
}

/**
 * Streams through an archive once.
 *
 * @param file the archive
 * @param visit called with each file as it is reached; unread content is skipped
 */
export async function readEntries(
  file: string,
  visit: (file: ArchiveFile) => Promise<void> | undefined,
): Promise<ArchiveEntries> {
  const entries: ArchiveEntries = { files: new Map(), directories: new Set(), links: new Map(), problems: [] };
  const format = await archiveFormat(file);
  if (format !== "gzip") entries.problems.push(notGzip(format));
  if (format !== "gzip" && format !== "tar") return entries;
  const archive = extract();
  const first: Buffer[] = [];
  const fed = feed(archive, file, format, first);
  const outside: string[] = [];
  try {
    for await (const entry of archive) {
      // For a size that it can't parse, the tar reader returns nothing and never ends.
      if (!Number.isSafeInteger(entry.header.size)) throw new Error(`the size of ${entry.header.name} is not a number`);
      const kept = record(entries, entry.header, outside);
      if (kept) await visit({ ...kept, mode: entry.header.mode, content: entry as AsyncIterable<Uint8Array> });
      entry.resume();
    }
  } catch (error) {
    if (!isOfArchive(error)) throw error;
    entries.problems.push(unreadableArchive(error, Buffer.concat(first).subarray(0, HEADER_BYTES)));
  } finally {
    archive.destroy(null);
    await fed;
  }
  entries.problems.push(...outsidePaths(outside));
  for (const link of entries.links.keys()) checkLink(entries, link);
  for (const path of [...entries.files.keys(), ...entries.directories]) checkParents(entries, path);
  return entries;
}

const CHUNK_BYTES = 2 ** 18;

/**
 * Feeds the archive to the reader; `first` gets at least its first {@link HEADER_BYTES}, or the whole archive if it is
 * shorter.
 */
async function feed(archive: Extract, file: string, format: "gzip" | "tar", first: Buffer[]): Promise<void> {
  const read = fs.createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const chunks = format === "tar" ? read : pipeline(read, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
  try {
    await feedTar(archive, withBeginning(chunks as AsyncIterable<Buffer>, first));
  } finally {
    read.destroy();
  }
}

async function* withBeginning(chunks: AsyncIterable<Buffer>, first: Buffer[]): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (bytes < HEADER_BYTES) first.push(chunk);
    bytes += chunk.length;
    yield chunk;
  }
}

/** Whether an error comes from the archive, rather than from the file system while unpacking. */
function isOfArchive(error: unknown): boolean {
  return !(error instanceof Error && "syscall" in error);
}

function record(
  entries: ArchiveEntries,
  header: Header,
  outside: string[],
): { path: string; size: number } | undefined {
  const path = placeOf(header.name);
  if (path === undefined) {
    outside.push(header.name);
    return undefined;
  }
  if (path === "") return undefined;
  addParents(entries, path);
  if (header.type === "directory") entries.directories.add(path);
  else if (header.type === "symlink" || header.type === "link") {
    // Undefined rather than an empty string if the header has no target.
    const target = (header.linkname as string | null) ?? "";
    entries.links.set(path, { target, hard: header.type === "link" });
  } else if ((header.type === "file" || header.type === "contiguous-file") && !isSparse(header)) {
    entries.files.set(path, header.size);
    return { path, size: header.size };
  } else {
    const message = "This is not a file, folder or link, but a device, a named pipe or a sparse file.";
    entries.problems.push(archiveProblem("not-a-file", path, message, "Pack the repository without it."));
  }
  return undefined;
}

/** Without knowledge of GNU tar's PAX records, sparse files look like ordinary files with another name. */
function isSparse({ pax }: Header): boolean {
  return typeof pax === "object" && pax !== null && "GNU.sparse.major" in pax;
}

/** The path where an entry is unpacked, `""` for the root, `undefined` if it is outside. */
function placeOf(name: string): string | undefined {
  const parts = name.split("/");
  if (name.startsWith("/") || parts.includes("..")) return undefined;
  return parts.filter((part) => part !== "" && part !== ".").join("/");
}

function addParents({ directories }: ArchiveEntries, path: string): void {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) directories.add(path.slice(0, at));
}

function checkLink({ files, directories, links, problems }: ArchiveEntries, path: string): void {
  const target = links.get(path)?.target ?? "";
  const end = followLinks(path, links);
  if (target === "") {
    const message = "This link has no target.";
    problems.push(archiveProblem("link-broken", path, message, "Pack the file or folder itself instead."));
  } else if (end === undefined) {
    const message = `This link points outside the archive or to itself: its target is ${target}.`;
    problems.push(archiveProblem("link-outside", path, message, "Pack the file or folder itself instead."));
  } else if (end !== "" && !files.has(end) && !directories.has(end)) {
    const message = `This link points to ${target}, which is not in the archive.`;
    problems.push(archiveProblem("link-broken", path, message, "Pack the file or folder itself instead."));
  }
}

function isBelowLink(path: string, links: ReadonlyMap<string, ArchiveLink>): boolean {
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    if (links.has(path.slice(0, at))) return true;
  }
  return false;
}

/** Entries below a link are unpacked to wherever the link leads, which nobody packs by accident. */
function checkParents({ files, links, problems }: ArchiveEntries, path: string): void {
  if (!links.has(path) && !(files.has(path) && isBelowLink(path, links))) return;
  const message = "Another entry with this path, or with a folder of it, is a link.";
  problems.push(archiveProblem("entry-below-link", path, message, "Pack each path once."));
}
