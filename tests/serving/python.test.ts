import { expect } from "chai";
import { chmodSync } from "node:fs";
import * as path from "node:path";
import { findPython, type Machine } from "../../local/python.ts";
import { failureOf } from "../support/failures.ts";
import { inTemporaryFolder, writeFiles } from "../support/plans.ts";

const linux: Machine = { platform: "linux", arch: "x64" };
const good = {
  executable: "/usr/bin/python3",
  version: "3.11",
  glibc: "2.36",
  pip: true,
  libraries: ["/usr/lib/x86_64-linux-gnu"],
};
const elsewhere =
  "check and plan still work here. To serve, add --docker if Docker is available, or use Linux on x86-64, for example in a virtual machine: see docs/local.md";

describe("the Python for the local Triton", () => {
  it("is described by the interpreter itself", async () => {
    expect(await foundWith(good)).to.deep.equal({
      executable: "/usr/bin/python3",
      version: "3.11",
      libraryDirectory: "/usr/lib/x86_64-linux-gnu",
    });
  });

  it("is refused with everything it lacks, and how to get it", async () => {
    const lacking = { ...good, version: "3.13", glibc: "2.31", pip: false, libraries: [] };
    expect((await failureOf(foundWith(lacking))).message).to.equal(
      [
        "the local Triton can't run on this machine:",
        "  the C library is 2.31, but Triton needs glibc 2.35 or newer: use Debian 12, Ubuntu 22.04 or newer",
        "  /usr/bin/python3 is Python 3.13, but Triton needs 3.9 to 3.12: put such a python3 first on the PATH, for example with uv venv --seed --python 3.12, or pyenv",
        "  /usr/bin/python3 has no pip: install it (Debian and Ubuntu: apt-get install python3-pip)",
        "  /usr/bin/python3 has no shared library: install it (Debian and Ubuntu: apt-get install libpython3.13)",
        elsewhere,
      ].join("\n"),
    );
  });

  for (const [machine, name] of [
    [{ platform: "darwin", arch: "arm64" }, "macOS on arm64"],
    [{ platform: "darwin", arch: "x64" }, "macOS on x86-64"],
    [{ platform: "linux", arch: "arm64" }, "Linux on arm64"],
    [{ platform: "win32", arch: "x64" }, "Windows on x86-64"],
  ] as const) {
    it(`isn't even looked for on ${name}`, async () => {
      expect((await failureOf(findPython("no-such-python", machine))).message).to.equal(
        `the local Triton can't run on this machine:\n  this is ${name}, but Triton's package is only for Linux on x86-64\n${elsewhere}`,
      );
    });
  }

  it("is reported with the supported versions if it is missing", async () => {
    expect((await failureOf(findPython("no-such-python", linux))).message).to.match(
      /^the local Triton can't run on this machine:\n {2}there is no no-such-python on the PATH, .*3\.9 to 3\.12.*\n/,
    );
  });

  it("also counts as missing if this user may not execute it", async () => {
    await inTemporaryFolder(async (directory) => {
      writeFiles(directory, { "not-executable": "" });
      const searched = process.env.PATH;
      process.env.PATH = `${directory}${path.delimiter}${searched ?? ""}`;
      try {
        expect((await failureOf(findPython("not-executable", linux))).message).to.include(
          "there is no not-executable on the PATH",
        );
      } finally {
        process.env.PATH = searched;
      }
    });
  });
});

/** What is found with an interpreter that says this of itself. */
function foundWith(description: object): Promise<unknown> {
  return inTemporaryFolder((directory) => {
    const python = path.join(directory, "python3");
    writeFiles(directory, { python3: `#!/bin/sh\ncat <<'END'\n${JSON.stringify(description)}\nEND\n` });
    chmodSync(python, 0o755);
    return findPython(python, linux);
  });
}
