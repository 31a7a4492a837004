import * as path from "node:path";

/** A link in an archive. */
export interface ArchiveLink {
  /** Its target: relative to its own folder for a symbolic link, the path of an earlier file for a hard link. */
  readonly target: string;
  /** True if it is a hard link rather than a symbolic link. */
  readonly hard: boolean;
}

/**
 * Resolves a path through the links of an archive, as the system does after unpacking.
 *
 * @param start the path inside the archive
 * @param links every link by its path
 * @param work counts the folders and links that are passed, so that hostile links can be given up. Default: not counted
 * @returns the resolved path in the archive, `""` for its root; `undefined` if it leads outside or in a circle
 */
export function followLinks(
  start: string,
  links: ReadonlyMap<string, ArchiveLink>,
  work: { steps: number } = { steps: 0 },
): string | undefined {
  const ahead = start.split("/").reverse();
  const at: string[] = [];
  let followed = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    work.steps++;
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
    ahead.push(...link.target.split("/").reverse());
  }
  return at.join("/");
}
