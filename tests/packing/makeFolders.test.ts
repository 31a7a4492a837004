import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { makeFolders } from "../../packing/makeFolders.js";
import { messageOf } from "../support/failures.ts";
import { inTemporaryFolder } from "../support/plans.ts";

describe("makeFolders", () => {
  it("makes what is missing, with the given permissions, and takes what is there", async () => {
    await inTemporaryFolder((directory) => {
      const folder = path.join(directory, "a/b/c");
      makeFolders(folder, 0o700);
      makeFolders(folder, 0o700);
      expect([path.dirname(folder), folder].map((place) => statSync(place).mode & 0o777)).to.deep.equal([0o700, 0o700]);
      return Promise.resolve();
    });
  });

  it("names a file or a broken link that stands in the way", async () => {
    await inTemporaryFolder((directory) => {
      writeFileSync(path.join(directory, "file"), "");
      symlinkSync("nowhere", path.join(directory, "link"));
      const failure = (name: string) =>
        messageOf(() => {
          makeFolders(path.join(directory, name));
        }).replace(directory, "");
      expect(failure("file")).to.match(/^EEXIST.*'\/file'/);
      expect(failure("file/a/b")).to.match(/^ENOTDIR.*'\/file\/a\/b'/);
      expect(failure("link/a")).to.match(/^EEXIST.*'\/link'/);
      return Promise.resolve();
    });
  });

  for (const place of ["/proc", "/proc/self/fd", "/dev/fd"]) {
    it(`ends where a file system takes no folders: ${place}`, () => {
      const module = path.resolve("packing/makeFolders.js");
      const script = `import { makeFolders } from "${module}"; makeFolders("${place}/a/b");`;
      const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
        timeout: 30_000,
        encoding: "utf8",
      });
      expect({ signal, failure: /Error: (.*)/.exec(stderr)?.[1] }).to.deep.equal({
        signal: null,
        failure: `ENOTSUP: no folder can be made there, mkdir '${place}/a'`,
      });
    }).timeout(40_000);
  }
});
