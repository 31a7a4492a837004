import { expect } from "chai";
import { readFileSync } from "node:fs";
import { problemCodes } from "../../triton/problemCodes.ts";
import type { RepositoryCase } from "../support/casePieces.ts";
import { repositoryCases } from "../support/repositoryCases.ts";

const text = readFileSync("docs/checks.md", "utf8");
const hasErrors = ({ codes }: RepositoryCase) => codes.some((code) => problemCodes[code] === "error");

describe("docs/checks.md", () => {
  it("has a row for each problem, with its weight", () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (error|warning) +\| [^|]+[^ |] +\| [^|]+[^ |] +\|$/gm)];
    expect(rows.map(([, code, weight]) => [code, weight])).to.have.deep.members(Object.entries(problemCodes));
  });

  it("counts the repositories that Triton was asked about", () => {
    const asked = repositoryCases.filter(({ notAsked }) => notAsked === undefined);
    const served = asked.filter((entry) => hasErrors(entry) === (entry.deviates !== undefined));
    const words = text.replace(/\s+/g, " ");
    expect(words).to.include(
      `load ${asked.length} of the ${repositoryCases.length} repositories that the tests are made of: ` +
        `${served.length} that it serves and ${asked.length - served.length} that it does not`,
    );
    expect(words).to.include(`The other ${repositoryCases.length - asked.length} are judged`);
  });

  it("names each repository of which the two think otherwise, and why", () => {
    const known = repositoryCases.flatMap((entry) =>
      entry.deviates === undefined
        ? []
        : [[entry.title, hasErrors(entry) ? "no" : "yes", hasErrors(entry) ? "yes" : "no", entry.deviates]],
    );
    const rows = [...text.matchAll(/^\| ([^|]+?) +\| (yes|no) +\| (yes|no) +\| ([^|]+?) +\|$/gm)];
    expect(rows.map(([, title, check, triton, why]) => [title, check, triton, why])).to.have.deep.members(known);
  });

  it("says why Triton was not asked about the others", () => {
    const reasons = new Map(
      [...text.matchAll(/^- (.+?): (\d+)[;.]$/gm)].map(([, why, count]) => [why, Number(count)] as const),
    );
    const counted = Map.groupBy(
      repositoryCases.filter(({ notAsked }) => notAsked !== undefined),
      ({ notAsked }) => notAsked,
    );
    expect(Object.fromEntries(reasons)).to.deep.equal(
      Object.fromEntries([...counted].map(([why, entries]) => [why, entries.length])),
    );
  });
});
