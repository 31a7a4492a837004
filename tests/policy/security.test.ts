import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { controls } from "../../policy/controls.ts";
import { planOf } from "../support/plans.ts";
import { violationsOf } from "../support/policies.ts";

interface Row {
  readonly control: string;
  readonly title: string;
  readonly prod: string;
  readonly dev: string;
  /** The name of a policy or of a test file. */
  readonly shownBy: string;
  readonly reason: string;
}

const rows = readFileSync("docs/security.md", "utf8")
  .split("\n")
  .map((line) => line.split(/\s*\|\s*/).slice(1, -1))
  .filter(([control = ""]) => /^\w+\.\d+$/.test(control))
  .map(([control, title, prod, dev, shown = ""]): Row => {
    const [, shownBy = "", reason = ""] = /^`([^`]+)`[;,]? ?(.*)$/.exec(shown) ?? [];
    return { control: control!, title: title!.replaceAll("\\", ""), prod: prod!, dev: dev!, shownBy, reason };
  });

describe("docs/security.md", () => {
  it("has a row for each control of the pack, and every other row refers to a test", () => {
    const ofPack = rows.filter(({ shownBy }) => !shownBy.startsWith("tests/"));
    expect(ofPack.map(({ control, title, shownBy }) => [control, title, shownBy])).to.deep.equal(
      controls.map(({ id, title, name }) => [id, title, name]),
    );
    for (const { shownBy } of rows.filter((row) => !ofPack.includes(row))) {
      expect(existsSync(shownBy), shownBy).to.equal(true);
    }
  });

  for (const stack of ["prod", "dev"] as const) {
    it(`says for ${stack} what the pack finds`, async () => {
      const plan = await planOf(stack);
      const violated = new Set((await violationsOf(plan)).map(({ policy }) => policy));
      const verdicts = controls.map(({ id, name, types }) => {
        const concerned = plan.resources.some(({ type }) => types.includes(type));
        return [id, !concerned ? "–" : violated.has(name) ? "no" : "yes"];
      });
      const said = rows.filter(({ control }) => controls.some(({ id }) => id === control));
      expect(said.map((row) => [row.control, row[stack]])).to.deep.equal(verdicts);
    });
  }

  it("gives a reason for each control that a stack doesn't meet", () => {
    for (const { control, prod, dev, reason } of rows) {
      if (prod === "no" || dev === "no") expect(reason, control).to.match(/\w{3}/);
    }
  });
});
