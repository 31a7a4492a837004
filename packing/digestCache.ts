import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeWhole } from "./partialFile.ts";

/** A file whose digest is remembered. */
export interface StampedFile {
  /** The path that the file is remembered by. */
  readonly path: string;
  /** What tells that the file is still the same; see `stampOf`. */
  readonly stamp: string;
  /** When it changed last, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** An archive that was made. */
export interface RememberedArchive {
  /** The content's digest. */
  readonly digest: string;
  /** The archive's size in bytes, which a file cut short by a crash of the machine does not have. */
  readonly size: number;
}

/**
 * The digests of the files below one folder, as an earlier run left them. Two runs may use it at once: each writes the whole
 * file anew, and the last one counts.
 */
export class DigestCache {
  /** What the folder is called in the cache. */
  readonly key: string;
  /** The archive that was made of the folder last. */
  archive: RememberedArchive | undefined;

  readonly #directory: string;
  readonly #former: ReadonlyMap<string, string>;
  readonly #current = new Map<string, string>();

  /**
   * @param cacheDirectory the folder of all caches
   * @param root the folder, or the single file, whose digests are remembered; its real path
   */
  constructor(cacheDirectory: string, root: string) {
    this.key = createHash("sha256").update(root).digest("hex").slice(0, 16);
    this.#directory = path.join(cacheDirectory, "digests");
    const stored = readStored(path.join(this.#directory, `${this.key}.json`));
    this.archive = stored.archive;
    this.#former = new Map(Object.entries(stored.files ?? {}));
  }

  /**
   * The digest of a file that did not change since it was remembered.
   *
   * @param file the file as it is now
   */
  digestOf(file: StampedFile): string | undefined {
    const known = this.#former.get(file.path);
    if (!known?.startsWith(`${file.stamp} `)) return undefined;
    this.#current.set(file.path, known);
    return known.slice(file.stamp.length + 1);
  }

  /**
   * Remembers a digest. A file that changed only just before it was read is not remembered: it could change again within
   * the same tick of the file system's clock and look the same.
   *
   * @param file the file as it was when it was read
   * @param digest its SHA-256
   * @param readAt when reading began, in milliseconds since 1970
   */
  remember(file: StampedFile, digest: string, readAt: number): void {
    if (file.changedAt + COARSEST_CLOCK_IN_MILLISECONDS > readAt) return;
    this.#current.set(file.path, `${file.stamp} ${digest}`);
  }

  /** Stores what was asked for and remembered since the cache was opened; all else is forgotten. */
  async save(): Promise<void> {
    const stored: Stored = { format: FORMAT, archive: this.archive, files: Object.fromEntries(this.#current) };
    await writeWhole(this.#directory, async (handle) => {
      await handle.writeFile(JSON.stringify(stored));
      return `${this.key}.json`;
    });
  }
}

interface Stored {
  readonly format: string;
  readonly archive: RememberedArchive | undefined;
  readonly files: Readonly<Record<string, string>>;
}

/** What is stored is of use to the same way of packing only, and another zlib may make other bytes. */
const FORMAT = `1 zlib ${process.versions.zlib}`;
/** FAT keeps times to two seconds; no other file system in use is coarser. */
const COARSEST_CLOCK_IN_MILLISECONDS = 2000;

function readStored(file: string): Partial<Stored> {
  try {
    const stored = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Stored>;
    return stored.format === FORMAT ? stored : {};
  } catch {
    // Not there, or written by hand: the digests are made anew.
    return {};
  }
}
