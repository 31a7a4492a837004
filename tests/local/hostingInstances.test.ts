import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { hostingInstances, hostingInstancesFile } from "../../facts/hostingInstances.ts";

describe("the facts of instance types", () => {
  it("are what AWS's lists say today; else run `npm run facts`", async () => {
    expect(await readFile(hostingInstancesFile, "utf8")).to.equal(await hostingInstances());
  });
});
