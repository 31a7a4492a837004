import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { MessageError } from "./messageError.ts";
import { isMissingCommand } from "./missingCommand.ts";

/** A Python that Triton's Python backend can use. */
export interface Python {
  /** The interpreter's path. */
  readonly executable: string;
  /** For example `3.11`. */
  readonly version: string;
  /** The folder with its shared library. */
  readonly libraryDirectory: string;
}

/** The versions supported by both Triton's stub and wheels of numpy 1. */
const versions = ["3.9", "3.10", "3.11", "3.12"];
const newest = versions.at(-1) ?? "";
const range = `${versions[0] ?? ""} to ${newest}`;

/** A machine as Node.js describes it. */
export interface Machine {
  /** The operating system, for example `linux`. */
  readonly platform: NodeJS.Platform;
  /** The processor, for example `x64`. */
  readonly arch: string;
}

/**
 * Finds `python3` and checks that Triton can use it. Python isn't even looked for on a machine that Triton's package
 * doesn't support.
 *
 * @param command the interpreter. Default: `python3` on the PATH
 * @param machine the machine. Default: this one
 * @throws MessageError listing everything that is missing, how to get it, and what works without it
 */
export async function findPython(command = "python3", machine: Machine = process): Promise<Python> {
  if (machine.platform !== "linux" || machine.arch !== "x64") {
    throw refusal([`this is ${nameOf(machine)}, but Triton's package is only for Linux on x86-64`]);
  }
  const { version, glibc, pip, executable, libraries } = await describe(command);
  const problems = [
    ...(atLeast(glibc, [2, 35])
      ? []
      : [
          `the C library is ${glibc || "not glibc"}, but Triton needs glibc 2.35 or newer: use Debian 12, Ubuntu 22.04 or newer`,
        ]),
    ...(versions.includes(version)
      ? []
      : [
          `${executable} is Python ${version}, but Triton needs ${range}: put such a python3 first on the PATH, for example with uv venv --seed --python ${newest}, or pyenv`,
        ]),
    ...(pip ? [] : [`${executable} has no pip: install it (Debian and Ubuntu: apt-get install python3-pip)`]),
    ...(libraries.length > 0
      ? []
      : [`${executable} has no shared library: install it (Debian and Ubuntu: apt-get install libpython${version})`]),
  ];
  if (problems.length > 0) throw refusal(problems);
  return { executable, version, libraryDirectory: libraries[0] ?? "" };
}

function refusal(problems: readonly string[]): MessageError {
  return new MessageError(["the local Triton can't run on this machine:", ...problems].join("\n  ") + `\n${elsewhere}`);
}

const elsewhere =
  "check and plan still work here. To serve, add --docker if Docker is available, or use Linux on x86-64, for example in a virtual machine: see docs/local.md";

function nameOf({ platform, arch }: Machine): string {
  const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: "macOS", linux: "Linux", win32: "Windows" };
  return `${systems[platform] ?? platform} on ${arch === "x64" ? "x86-64" : arch}`;
}

interface Description {
  readonly executable: string;
  readonly version: string;
  readonly glibc: string;
  readonly pip: boolean;
  readonly libraries: readonly string[];
}

async function describe(command: string): Promise<Description> {
  try {
    const { stdout } = await promisify(execFile)(command, ["-c", script]);
    return JSON.parse(stdout) as Description;
  } catch (error) {
    throw refusal([
      isMissingCommand(error)
        ? `there is no ${command} on the PATH, which Triton needs to run models: install Python ${range} with pip`
        : `${command} doesn't work: ${(error as Error).message.trim()}`,
    ]);
  }
}

const script = `
import importlib.util, json, os, sys, sysconfig
v = "%d.%d" % sys.version_info[:2]
try:
    glibc = os.confstr("CS_GNU_LIBC_VERSION").split()[-1]
except Exception:
    glibc = ""
name = "libpython%s.so.1.0" % v
places = [sysconfig.get_config_var("LIBDIR") or "", os.path.join(sys.base_prefix, "lib"),
          "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"]
print(json.dumps(dict(executable=sys.executable, version=v, glibc=glibc,
    pip=importlib.util.find_spec("pip") is not None,
    libraries=[p for p in places if p and os.path.exists(os.path.join(p, name))])))
`;

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split(".").map(Number);
  return a > major || (a === major && b >= minor);
}
