import { formatOf, type ArchiveFormat } from "./archiveFormat.ts";
import type { Problem } from "../triton/repository/problem.ts";
import { problemCodes, type ProblemCode } from "../triton/repository/problemCodes.ts";
import type { ArchiveLink } from "./archiveLinks.ts";
import { packRemedy } from "../triton/rules/misplaced.ts";
import { BLOCK_BYTES, TarError } from "./tarHeader.ts";

/**
 * The problem of a file that isn't gzip, the only format that SageMaker accepts
 * (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html, ModelDataUrl).
 *
 * @param format the file's actual format
 */
export function notGzip(format: Exclude<ArchiveFormat, "gzip">): Problem {
  return archiveProblem(
    "archive-not-gzip",
    ".",
    `This ${descriptions[format]}; SageMaker unpacks only a tar archive compressed with gzip.`,
    remedies[format] ?? packRemedy,
  );
}

/** To follow "This". */
const descriptions: Readonly<Record<ArchiveFormat, string>> = {
  gzip: "is compressed with gzip",
  tar: "tar archive is not compressed",
  zip: "is a zip archive",
  rar: "is a RAR archive",
  "7z": "is a 7-Zip archive",
  zstd: "is compressed with zstd",
  xz: "is compressed with xz",
  lzma: "is compressed with LZMA",
  lzip: "is compressed with lzip",
  bzip2: "is compressed with bzip2",
  lz4: "is compressed with lz4",
  compress: "is compressed with compress",
  lfs: "is Git LFS's pointer to an archive",
  empty: "file is empty",
  unknown: "file is not an archive",
};

const remedies: Partial<Record<ArchiveFormat, string>> = {
  tar: "Compress it: `gzip <file>`.",
  lfs: "Fetch the archive itself: `git lfs pull`.",
};

/**
 * The problem of an archive that can't be read to the end.
 *
 * @param error the error of the decompressor or the tar reader
 * @param first the first 512 bytes of the compressed content, or all if it is shorter
 */
export function unreadableArchive(error: unknown, first: Uint8Array): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const format = formatOf(first);
  if (format === "gzip") {
    return archiveProblem(
      "archive-not-tar",
      ".",
      "The archive is compressed twice.",
      "Uncompress it once: `gunzip <file>`.",
    );
  }
  // Tar archives from before POSIX have no magic number.
  if (format !== "tar" && format !== "unknown" && format !== "empty") {
    const message = `The compressed content ${descriptions[format]}, not a tar archive.`;
    return archiveProblem("archive-not-tar", ".", message, packRemedy);
  }
  const kind = error instanceof TarError ? error.kind : "damaged";
  if (code === "Z_BUF_ERROR" || (kind === "truncated" && first.length === BLOCK_BYTES)) {
    return archiveProblem("archive-truncated", ".", "The archive is cut off.", "Copy or pack it again.");
  }
  if (kind !== "damaged") {
    return archiveProblem("archive-not-tar", ".", "The compressed content is not a tar archive.", packRemedy);
  }
  return archiveProblem("archive-corrupt", ".", `The archive is damaged: ${reason}.`, "Copy or pack it again.");
}

/**
 * The problem of entries outside the folder that the archive is unpacked into.
 *
 * @param paths the entries' names
 */
export function outsidePaths(paths: readonly string[]): Problem[] {
  const [first] = paths;
  if (first === undefined) return [];
  const others = paths.length > 1 ? `, as do ${paths.length - 1} more` : "";
  const message = `This path points outside the folder that the archive is unpacked into${others}.`;
  return [archiveProblem("path-outside", first, message, packRemedy)];
}

/**
 * The warning that SageMaker may fail to extract an archive with symbolic links.
 * Source: https://repost.aws/knowledge-center/sagemaker-endpoint-creation-fail
 *
 * @param links the archive's links by their paths
 */
export function symbolicLinks(links: ReadonlyMap<string, ArchiveLink>): Problem[] {
  const [first, ...more] = [...links].flatMap(([path, { hard }]) => (hard ? [] : path));
  if (first === undefined) return [];
  const others = more.length > 0 ? `, like ${more.length} more` : "";
  const message = `This is a symbolic link${others}; SageMaker may fail to extract an archive that has one.`;
  const remedy =
    "Set `modelRepository` to the repository's folder, which is packed without links, or pack with `tar --dereference`.";
  return [archiveProblem("archive-link", first, message, remedy)];
}

/**
 * Any other error of an archive.
 *
 * @param code the problem's name
 * @param path the entry
 * @param message what is wrong
 * @param remedy how to fix it
 */
export function archiveProblem(code: ProblemCode, path: string, message: string, remedy: string): Problem {
  return { code, severity: problemCodes[code], path, message, remedy };
}
