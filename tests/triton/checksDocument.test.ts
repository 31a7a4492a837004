import { expect } from "chai";
import { readFileSync } from "node:fs";
import { problemCodes } from "../../triton/repository/problemCodes.ts";
import { checksDocument, checksDocumentText } from "../support/agreementSection.ts";

describe("docs/checks.md", () => {
  const text = readFileSync(checksDocument, "utf8");

  it("has a row for each problem, with its severity", () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (error|warning) +\| [^|]+[^ |] +\| [^|]+[^ |] +\|$/gm)];
    expect(rows.map(([, code, weight]) => [code, weight])).to.have.deep.members(Object.entries(problemCodes));
  });

  it("lists the same repositories tried on Triton, and the same differences, as the tests", async () => {
    expect(text).to.equal(await checksDocumentText());
  });
});
