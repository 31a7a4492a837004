import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { settingChanges } from "../engine/settingChanges.ts";

const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, unknown> };
const settings = Object.keys(config).filter((key) => !key.includes(":"));

describe("the engine test suite", () => {
  it("covers every setting of Pulumi.yaml", () => {
    expect(Object.keys(settingChanges)).to.have.members(settings);
  });
});

describe("docs/changes.md", () => {
  it("has a row for every setting of Pulumi.yaml", () => {
    const rows = [...readFileSync("docs/changes.md", "utf8").matchAll(/^\| `(\w+)`/gm)].map(([, setting]) => setting);
    expect(rows).to.have.members(settings);
  });
});
