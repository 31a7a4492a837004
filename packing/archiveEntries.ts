import { archiveFormat } from "./archiveFormat.ts";
import { followLinks } from "./archiveLinks.ts";
import { archiveProblem, notGzip, outsidePaths, unreadableArchive } from "./archiveProblems.ts";
import { EntryRecorder, type ArchiveEntries } from "./entryRecorder.ts";
import { archiveBytes } from "./archiveBytes.ts";
import { BLOCK_BYTES } from "./tarHeader.ts";
import { readTar } from "./tarReader.ts";

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

/**
 * Streams through an archive once, to its end or until it exceeds a limit.
 *
 * @param file the archive
 * @param visit called with each file as it is reached; unread content is skipped
 */
export async function readEntries(
  file: string,
  visit: (file: ArchiveFile) => Promise<void> | undefined,
): Promise<ArchiveEntries> {
  const recorder = new EntryRecorder();
  const { entries, outside } = recorder;
  const format = await archiveFormat(file);
  if (format !== "gzip") entries.problems.push(notGzip(format));
  if (format !== "gzip" && format !== "tar") return entries;
  const first: Uint8Array[] = [];
  try {
    for await (const { content, ...entry } of readTar(withBeginning(archiveBytes(file, format), first))) {
      const path = recorder.record(entry);
      if (recorder.full) break;
      if (path !== undefined) await visit({ path, size: entry.size, mode: entry.mode, content });
    }
  } catch (error) {
    if (!isOfArchive(error)) throw error;
    entries.problems.push(unreadableArchive(error, Buffer.concat(first).subarray(0, BLOCK_BYTES)));
  }
  entries.problems.push(...outsidePaths(outside));
  checkLinks(entries);
  return entries;
}

/** Passes chunks on; `first` gets at least their first {@link BLOCK_BYTES}, or all if there are fewer. */
async function* withBeginning(
  chunks: AsyncIterable<Uint8Array>,
  first: Uint8Array[],
): AsyncGenerator<Uint8Array, undefined> {
  let bytes = 0;
  for await (const chunk of chunks) {
    if (bytes < BLOCK_BYTES) first.push(chunk);
    bytes += chunk.length;
    yield chunk;
  }
}

/** Checks whether an error comes from the archive, rather than from the file system while unpacking. */
function isOfArchive(error: unknown): boolean {
  return !(error instanceof Error && "syscall" in error);
}

/** More folders and links than the links of any archive pass; only links made to waste time need more. */
const MAX_LINK_STEPS = 5_000_000;

function checkLinks(entries: ArchiveEntries): void {
  const work = { steps: 0 };
  for (const link of entries.links.keys()) {
    checkLink(entries, link, work);
    if (work.steps <= MAX_LINK_STEPS) continue;
    const message = "The archive's links lead through each other in too many ways to follow.";
    entries.problems.push(archiveProblem("links-too-many", link, message, "Pack the repository without these links."));
    entries.links.clear();
  }
}

function checkLink(
  { files, directories, links, problems }: ArchiveEntries,
  path: string,
  work: { steps: number },
): void {
  const target = links.get(path)?.target ?? "";
  const end = followLinks(path, links, work);
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
