import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { hostingInstances, hostingInstancesFile } from "../../tools/facts/hostingInstances.ts";

describe("the facts of instance types", () => {
  it("are up to date with AWS's lists (otherwise run `npm run facts`)", async () => {
    expect(await readFile(hostingInstancesFile, "utf8")).to.equal(await hostingInstances());
  });
});
