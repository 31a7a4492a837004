import * as path from "node:path";

/** A link in an archive. */
export interface ArchiveLink {
  /** Its target: relative to its own folder for a symbolic link, relative to the root for a hard link. */
  readonly target: string;
  /** Whether it is a hard link rather than a symbolic link. */
  readonly hard: boolean;
}

/**
 * Resolves a path through the links of an archive, as the system does after unpacking.
 *
 * @param start the path inside the archive
 * @param links every link by its path
 * @returns the resolved path in the archive, `""` for its root; `undefined` if it leads outside or in a circle
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
