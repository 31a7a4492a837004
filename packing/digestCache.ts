import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeWhole } from "./partialFile.ts";

/** A file whose digest is cached. */
export interface StampedFile {
  /** The path used as its key. */
  readonly path: string;
  /** Identifies the state of the file; see `stampOf`. */
  readonly stamp: string;
  /** When it last changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** A cached archive. */
export interface RememberedArchive {
  /** The content's digest. */
  readonly digest: string;
  /** The archive's size in bytes, to detect a file truncated by a crash of the machine. */
  readonly size: number;
}

/**
 * The digests of the files in one folder, as stored by an earlier run. Two runs may use it at once: each rewrites the
 * whole file, and the last one wins.
 */
export class DigestCache {
  /** The folder's name in the cache. */
  readonly key: string;
  /** The folder's latest archive. */
  archive: RememberedArchive | undefined;

  readonly #directory: string;
  readonly #former: ReadonlyMap<string, string>;
  readonly #current = new Map<string, string>();

  /**
   * @param cacheDirectory the folder with all caches
   * @param root the real path of the folder, or the single file, whose digests are cached
   */
  constructor(cacheDirectory: string, root: string) {
    this.key = createHash("sha256").update(root).digest("hex").slice(0, 16);
    this.#directory = path.join(cacheDirectory, "digests");
    const stored = readStored(path.join(this.#directory, `${this.key}.json`));
    this.archive = stored.archive;
    this.#former = new Map(Object.entries(stored.files ?? {}));
  }

  /**
   * The cached digest of a file that hasn't changed since.
   *
   * @param file the current state of the file
   */
  digestOf(file: StampedFile): string | undefined {
    const known = this.#former.get(file.path);
    if (!known?.startsWith(`${file.stamp} `)) return undefined;
    this.#current.set(file.path, known);
    return known.slice(file.stamp.length + 1);
  }

  /**
   * Caches a digest, unless the file changed just before it was read: it could change again within the same tick of the
   * file system's clock and look unchanged.
   *
   * @param file the state of the file when it was read
   * @param digest its SHA-256
   * @param readAt when reading began, in milliseconds since 1970
   */
  remember(file: StampedFile, digest: string, readAt: number): void {
    if (file.changedAt + COARSEST_CLOCK_IN_MILLISECONDS > readAt) return;
    this.#current.set(file.path, `${file.stamp} ${digest}`);
  }

  /** Stores the digests used or added since the cache was opened, and drops all others. */
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

/** Entries are only valid for the same packing format and zlib, because another zlib may produce different bytes. */
const FORMAT = `1 zlib ${process.versions.zlib}`;
/** FAT stores times to two seconds; no other common file system is coarser. */
const COARSEST_CLOCK_IN_MILLISECONDS = 2000;

function readStored(file: string): Partial<Stored> {
  try {
    const stored = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Stored>;
    return stored.format === FORMAT ? stored : {};
  } catch {
    // Missing or edited by hand: compute the digests again.
    return {};
  }
}
