import type { Problem } from "./repository/problem.ts";
import { problemCodes, type ProblemCode } from "./repository/problemCodes.ts";

/**
 * The most that a model repository may have, so that reading and checking one takes seconds and little memory whatever
 * it holds. docs/checks.md repeats these numbers.
 */
export const limits = {
  /** The files, folders and links, in a folder or an archive, and with the targets of links to folders listed again. */
  paths: 100_000,
  /** The models: the folders at the root. */
  models: 5000,
  /** The folders that a file is in. */
  depth: 64,
  /** A path's length in bytes: the longest key of an S3 object, and well below Linux's 4,095 bytes. */
  pathBytes: 1024,
  /** A file's or folder's name in bytes, as in every file system of Linux. */
  nameBytes: 255,
  /** The inputs and outputs of an ONNX model's file, among which old ones list their weights. */
  tensors: 100_000,
} as const;

/** The codes of the problems after which the rest of a repository is not read. */
export const limitCodes: readonly ProblemCode[] = [
  "paths-too-many",
  "models-too-many",
  "path-too-deep",
  "path-too-long",
];

/** Counts the paths of one repository while it is read. */
export class LimitCounter {
  #paths = 0;
  readonly #models = new Set<string>();

  /**
   * Counts a path.
   *
   * @param path the path inside the repository
   * @param isFolder whether it is a folder
   * @param implied how many folders above it are counted with it. Default: 0
   * @returns the problem if there are too many
   */
  count(path: string, isFolder: boolean, implied = 0): Problem | undefined {
    this.#paths += 1 + implied;
    const slash = path.indexOf("/");
    if (slash > 0 || isFolder) this.#models.add(slash > 0 ? path.slice(0, slash) : path);
    if (this.#models.size > limits.models) return tooMany("models-too-many", "folders at its root", limits.models);
    if (this.#paths <= limits.paths) return undefined;
    return tooMany("paths-too-many", "files, folders and links", limits.paths);
  }
}

/**
 * The problem of a path that is too long or too deep.
 *
 * @param path the path inside the repository
 */
export function pathProblem(path: string): Problem | undefined {
  const isDeep = path.split("/").length - 1 > limits.depth;
  const deep = `is in more than ${limits.depth} folders`;
  return lengthProblem(path, path) ?? (isDeep ? tooLong("path-too-deep", path, path, deep) : undefined);
}

/**
 * The problem of a path or a link's target that is too long.
 *
 * @param text the path or the target
 * @param path the path to report
 */
export function lengthProblem(text: string, path: string): Problem | undefined {
  if (Buffer.byteLength(text) > limits.pathBytes) {
    return tooLong("path-too-long", path, text, `is longer than ${limits.pathBytes} bytes`);
  }
  const isLong = text.split("/").some((part) => Buffer.byteLength(part) > limits.nameBytes);
  return isLong ? tooLong("path-too-long", path, text, `has a name of more than ${limits.nameBytes} bytes`) : undefined;
}

function tooMany(code: ProblemCode, what: string, limit: number): Problem {
  return {
    code,
    severity: problemCodes[code],
    path: ".",
    message: `The repository has more than ${limit} ${what}; the rest was not read.`,
    remedy: "Keep only what the models need, or serve them from several endpoints.",
  };
}

function tooLong(code: ProblemCode, path: string, text: string, what: string): Problem {
  const shown = path.length > 120 ? `${path.slice(0, 120)}…` : path;
  const subject = path === text ? "This path" : "The target of this link";
  const message = `${subject}, of ${Buffer.byteLength(text)} bytes, ${what}; the rest of the repository was not read.`;
  return { code, severity: problemCodes[code], path: shown, message, remedy: "Use shorter names and fewer folders." };
}
