import { isUtf8 } from "node:buffer";
import type { ArchiveLink } from "./archiveLinks.ts";
import { archiveProblem } from "./archiveProblems.ts";
import { unreadable } from "./folderListing.ts";
import type { TarEntry } from "./tarReader.ts";
import type { Problem } from "../triton/repository/problem.ts";
import { lengthProblem, LimitCounter, pathProblem } from "../triton/limits.ts";

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
  /** Counts what was read, up to the limits of a repository. */
  readonly counter: LimitCounter;
}

/** Puts together what an archive unpacks to, entry by entry, and what of it can't be unpacked. */
export class EntryRecorder {
  /** The entries so far. */
  readonly entries: ArchiveEntries = {
    ...{ files: new Map(), directories: new Set(), links: new Map(), problems: [] },
    counter: new LimitCounter(),
  };
  /** The names of entries outside the folder that the archive is unpacked into. */
  readonly outside: string[] = [];
  #full = false;

  /** Checks whether a limit is exceeded, in which case nothing more must be recorded. */
  get full(): boolean {
    return this.#full;
  }

  /**
   * Records an entry.
   *
   * @returns the path of a file to unpack
   */
  record(entry: Omit<TarEntry, "content">): string | undefined {
    const name = this.#text(entry.name, entry.name);
    if (name === undefined) return undefined;
    const path = placeOf(name);
    if (path === undefined) this.outside.push(name);
    if (path === undefined || (path === "" && entry.type === "folder")) return undefined;
    if (path === "" || (name.endsWith("/") && entry.type === "file")) {
      this.#refuse(
        "path-invalid",
        name || ".",
        "This name is a folder's, but the entry is none.",
        "Pack it with a name.",
      );
      return undefined;
    }
    if (this.#exceeds(pathProblem(path))) return undefined;
    const known = this.entries.directories.size;
    const isFree = this.#addParents(path) && this.#isFree(path, entry.type);
    const implied = this.entries.directories.size - known;
    if (this.#exceeds(this.entries.counter.count(path, entry.type === "folder", implied))) return undefined;
    return isFree ? this.#add(path, entry) : undefined;
  }

  #add(path: string, { type, size, linkname, name }: Omit<TarEntry, "content">): string | undefined {
    const { files, directories, links } = this.entries;
    if (type === "folder") directories.add(path);
    else if (type === "file") files.set(path, size);
    else if (type === "other") {
      const message = "This is not a file, folder or link, but a device, a named pipe or a sparse file.";
      this.#refuse("not-a-file", path, message, "Pack the repository without it.");
    } else {
      const target = this.#text(linkname, name);
      if (target === undefined || this.#exceeds(lengthProblem(target, path))) return undefined;
      if (type === "symlink") links.set(path, { target, hard: false });
      else this.#addHardLink(path, target);
    }
    return type === "file" ? path : undefined;
  }

  /** Checks whether a limit is exceeded, after which nothing more is read. */
  #exceeds(problem: Problem | undefined): boolean {
    if (problem) this.entries.problems.push(problem);
    this.#full ||= problem !== undefined;
    return problem !== undefined;
  }

  /** A hard link is another name of what was unpacked before, a file or a link. */
  #addHardLink(path: string, target: string): void {
    const { files, directories, links } = this.entries;
    const place = placeOf(target);
    const link = links.get(place ?? "");
    const remedy = "Pack the file itself instead.";
    if (place === undefined) {
      this.#refuse("link-outside", path, `This hard link points outside the archive: its target is ${target}.`, remedy);
    } else if (link) links.set(path, link);
    else if (files.has(place) && !target.endsWith("/")) links.set(path, { target: place, hard: true });
    else if (directories.has(place)) {
      this.#refuse("link-broken", path, `This hard link points to ${target}, which is a folder.`, remedy);
    } else {
      const message = `This hard link points to ${target}, which is not in the archive before it.`;
      this.#refuse("link-broken", path, message, remedy);
    }
  }

  /** Adds the folders above a path; returns whether all of them can be folders. */
  #addParents(path: string): boolean {
    const { directories, files, links } = this.entries;
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      // Then the folders above it are known too.
      if (directories.has(folder)) break;
      if (links.has(folder)) return this.#refuseBelowLink(path);
      if (files.has(folder)) {
        const message = `${folder} is a file in this archive, so nothing can be below it.`;
        return this.#refuse("entry-conflict", path, message, "Pack each path once.");
      }
    }
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      if (directories.has(folder)) break;
      directories.add(folder);
    }
    return true;
  }

  /** Checks whether a path can be unpacked over what has it already: a file over a file, a link over a link. */
  #isFree(path: string, type: TarEntry["type"]): boolean {
    const { directories, files, links } = this.entries;
    const isLink = type === "symlink" || type === "hardlink";
    if (links.has(path) ? type !== "symlink" : isLink && (files.has(path) || directories.has(path))) {
      return this.#refuseBelowLink(path);
    }
    if (type === "folder" ? !files.has(path) : !directories.has(path)) return true;
    const message = "This path is both a file and a folder in this archive.";
    return this.#refuse("entry-conflict", path, message, "Pack each path once.");
  }

  /** Entries below a link are unpacked to wherever the link leads, which nobody packs by accident. */
  #refuseBelowLink(path: string): false {
    const message = "Another entry with this path, or with a folder of it, is a link.";
    return this.#refuse("entry-below-link", path, message, "Pack each path once.");
  }

  /** A name or target as text; reports and returns nothing if no file can have it. */
  #text(bytes: Buffer, name: Buffer): string | undefined {
    const text = bytes.toString();
    if (!isUtf8(bytes)) this.entries.problems.push(unreadable(name.toString(), undefined));
    else if (text.includes("\0")) {
      this.#refuse(
        "path-invalid",
        name.toString(),
        "This name has a NUL character, which no file can have.",
        "Rename it.",
      );
    } else return text;
    return undefined;
  }

  #refuse(...[code, path, message, remedy]: Parameters<typeof archiveProblem>): false {
    this.entries.problems.push(archiveProblem(code, path, message, remedy));
    return false;
  }
}

/** The path where an entry is unpacked, `""` for the root, `undefined` if it is outside. */
function placeOf(name: string): string | undefined {
  const parts = name.split("/");
  if (name.startsWith("/") || parts.includes("..")) return undefined;
  return parts.filter((part) => part !== "" && part !== ".").join("/");
}
