import * as path from "node:path";

/** A link in an archive. */
export interface ArchiveLink {
  /** What it says: of a symbolic link a path relative to its own folder, of a hard link one relative to the root. */
  readonly target: string;
  /** Whether it is another name of the same file rather than a symbolic link. */
  readonly hard: boolean;
}

/**
 * Follows a path through the links of an archive, as the system does once it is unpacked.
 *
 * @param start the path inside the archive
 * @param links every link by its path
 * @returns where it ends inside the archive, `""` for its root; nothing where it leads outside or in a circle
 */
export function followLinks(start: string, links: ReadonlyMap<string, ArchiveLink>): string | undefined {
  const ahead = start.split("/");
  const at: string[] = [];
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (at.pop() === undefined) return undefined;
      continue;
    }
    at.push(part);
    const link = links.get(at.join("/"));
    if (!link) continue;
    // Linux gives up after 40 links too.
    if (path.posix.isAbsolute(link.target) || ++followed > 40) return undefined;
    if (link.hard) at.length = 0;
    else at.pop();
    ahead.unshift(...link.target.split("/"));
  }
  return at.join("/");
}
