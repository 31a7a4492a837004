import { expect } from "chai";
import { readFileSync } from "node:fs";
import { localDocument, localDocumentText } from "../support/isolationSection.ts";

describe("docs/local.md", () => {
  it("lists what a model can do on this machine as the tests try it", async () => {
    expect(readFileSync(localDocument, "utf8")).to.equal(await localDocumentText());
  });
});
