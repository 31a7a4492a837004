import * as fs from "node:fs";

/** The intended use of a file or folder. */
export type FileUse = "read" | "write to" | "enter";

/**
 * Describes why the system refused access to a file or folder, with its error code, to follow the file's name.
 *
 * @param error the error of a system call
 * @param use the intended use of the file. Default: that of the call
 * @returns for example `this user may not read it (EACCES)`; the error's own message if it isn't a system error
 */
export function systemReason(error: unknown, use = useOf(error)): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  const { code = "" } = error;
  const words =
    code in reasons ? reasons[code as keyof typeof reasons].words : /^\w+: (.*?)(, |$)/.exec(error.message)?.[1];
  return `${words?.replace("{use}", use) ?? error.message} (${code})`;
}

/**
 * The remedy if the system refused access to a file or folder.
 *
 * @param error the error of a system call
 * @param use the intended use of the file. Default: that of the call
 */
export function systemRemedy(error: unknown, use = useOf(error)): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  const { remedy } = code in reasons ? reasons[code as keyof typeof reasons] : { remedy: "check it with ls -l" };
  if (remedy !== PERMISSION) return remedy;
  return use === "write to"
    ? "give this user write permission, or use another place"
    : "as its owner, make it readable with chmod -R u+rX";
}

/**
 * The complete message of a system error for a file or folder: its name, the reason and the remedy.
 *
 * @param error the error of a system call
 * @param named the file, if the call was for an open one. Default: the one in the error
 * @returns `undefined` if it is another error, or concerns no file
 */
export function describeSystemError(error: unknown, named?: string): string | undefined {
  if (!isSystemError(error) || !uses.has(error.syscall ?? "")) return undefined;
  const { path = named, dest } = error;
  const use = useOf(error);
  const file = use === "write to" ? (dest ?? path) : path;
  const reason = `${systemReason(error, use)}: ${systemRemedy(error, use)}`;
  return file === undefined ? reason : `${file}: ${reason}`;
}

/**
 * Waits for work on a file, whose name the system leaves out of the errors of an open one: a full disk has no path of its own.
 *
 * @param file the file
 * @param work the work
 */
export async function namingFile<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isSystemError(error)) error.path ??= file;
    throw error;
  }
}

/** The remedy if the cache folder isn't writable. */
export const cacheRemedy = "set XDG_CACHE_HOME to a writable folder";

interface SystemError extends NodeJS.ErrnoException {
  readonly dest?: string;
}

/** Includes errors from another realm and copies: what matters is that it has a system call and code. */
function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "syscall" in error && "code" in error;
}

const PERMISSION = "permission";

/** Source: https://man7.org/linux/man-pages/man3/errno.3.html */
const reasons = {
  EACCES: { words: "this user may not {use} it", remedy: PERMISSION },
  EPERM: { words: "this user may not {use} it", remedy: PERMISSION },
  EROFS: { words: "its file system is read-only", remedy: "use another place" },
  ENOTSUP: { words: "its file system takes no new folders", remedy: "use another place" },
  ENOENT: { words: "it does not exist", remedy: "check the path" },
  ENOTDIR: { words: "a file stands where a folder is needed", remedy: "check the path" },
  EISDIR: { words: "it is a folder, and a file is needed", remedy: "put a file there, or name another one" },
  EEXIST: { words: "something of that name is there already", remedy: "remove it, or use another name" },
  ENOTEMPTY: { words: "the folder is not empty", remedy: "empty it, or use another one" },
  ELOOP: { words: "its symbolic links lead in a circle", remedy: "remove the link" },
  ENAMETOOLONG: { words: "its name is too long", remedy: "use a shorter one" },
  ENOSPC: { words: "the disk is full", remedy: "make room on it, or use another place" },
  EDQUOT: { words: "this user's disk quota is used up", remedy: "make room, or use another place" },
  EMFILE: { words: "this process has too many files open", remedy: "raise the limit with ulimit -n" },
  ENFILE: { words: "this machine has too many files open", remedy: "end programs that keep many open" },
  EBUSY: { words: "another program is using it", remedy: "end that program" },
  EIO: { words: "the disk or the network share fails", remedy: "check it, and copy the file again" },
  ESTALE: { words: "the network share no longer has it", remedy: "mount the share again" },
} as const;

/** The calls of the system that concern a file, and what they use it for. */
const uses: ReadonlyMap<string, FileUse> = new Map([
  ...[
    "open",
    "read",
    "scandir",
    "opendir",
    "stat",
    "lstat",
    "fstat",
    "realpath",
    "readlink",
    "access",
    "copyfile",
    "cp",
  ].map((call) => [call, "read"] as const),
  ...[
    "write",
    "writev",
    "mkdir",
    "mkdtemp",
    "rename",
    "unlink",
    "rmdir",
    "rm",
    "symlink",
    "link",
    "ftruncate",
    "utime",
    "chmod",
  ].map((call) => [call, "write to"] as const),
  ["chdir", "enter"],
]);

/** Files are opened and copied to be read or to be written: where reading is allowed, it was the other. */
function useOf(error: unknown): FileUse {
  const { syscall = "", path } = error as NodeJS.ErrnoException;
  const ambiguous = ["open", "copyfile", "cp"].includes(syscall) && path !== undefined;
  return ambiguous && mayRead(path) ? "write to" : (uses.get(syscall) ?? "read");
}

function mayRead(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.R_OK);
    return true;
  } catch (error) {
    // A file that was to be made has no permissions of its own.
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
