import type { ArchiveFormat } from "./archiveFormat.ts";
import type { Problem } from "../triton/problem.ts";
import { problemCodes, type ProblemCode } from "../triton/problemCodes.ts";

const PACK =
  "Pack the repository with `tar czf model.tar.gz -C <repository> .`, or set `modelRepository` to its folder.";

/**
 * The problem of a file that is not gzip: SageMaker takes nothing else
 * (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html, ModelDataUrl).
 *
 * @param format what the file is instead
 */
export function notGzip(format: Exclude<ArchiveFormat, "gzip">): Problem {
  const is = {
    tar: "This tar archive is not compressed",
    zip: "This is a zip archive",
    rar: "This is a RAR archive",
    "7z": "This is a 7-Zip archive",
    zstd: "This is compressed with zstd",
    xz: "This is compressed with xz",
    bzip2: "This is compressed with bzip2",
    lz4: "This is compressed with lz4",
    compress: "This is compressed with compress",
    empty: "This file is empty",
    unknown: "This file is not an archive",
  }[format];
  return {
    code: "archive-not-gzip",
    severity: "error",
    path: ".",
    message: `${is}; SageMaker unpacks only a tar archive compressed with gzip.`,
    remedy: format === "tar" ? "Compress it: `gzip <file>`." : PACK,
  };
}

/**
 * The problem of an archive that cannot be read to its end.
 *
 * @param error what the decompressor or the reader of tar said
 */
export function unreadableArchive(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "Z_BUF_ERROR" || reason === "Unexpected end of data") {
    return archiveProblem("archive-truncated", ".", "The archive is cut off.", "Copy or pack it again.");
  }
  if (reason.startsWith("Invalid tar header") || reason.startsWith("Invalid header")) {
    return archiveProblem("archive-not-tar", ".", "The compressed content is not a tar archive.", PACK);
  }
  return archiveProblem("archive-corrupt", ".", `The archive is damaged: ${reason}.`, "Copy or pack it again.");
}

/**
 * Any other error of an archive.
 *
 * @param code the problem's name
 * @param path the entry at fault
 * @param message what is wrong
 * @param remedy what mends it
 */
export function archiveProblem(code: ProblemCode, path: string, message: string, remedy: string): Problem {
  return { code, severity: problemCodes[code], path, message, remedy };
}
