import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { checkSettings } from "../settings.ts";
import { settingsSchema } from "../settings/schema.ts";

interface Declaration {
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

const declared = (parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Declaration> }).config;

describe("Pulumi.yaml", () => {
  it("declares exactly the settings of the schema", () => {
    expect(Object.keys(declared)).to.have.members(Object.keys(settingsSchema.shape));
  });

  it("gives every setting a type, a default and a description", () => {
    for (const [key, { type, default: fallback, description }] of Object.entries(declared)) {
      expect(type, key).to.be.oneOf(["string", "integer", "boolean", "array", "object"]);
      expect(fallback, key).to.not.equal(undefined);
      expect(description, key).to.match(/^[A-Z].{10,}\.$/s);
    }
  });

  it("has the schema's own defaults", () => {
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const raw = Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, text(value.default)]));
    const withDefaults = checkSettings({ ...raw, modelRepository: "models" }, process.cwd());
    const withoutDefaults = checkSettings({ modelRepository: "models" }, process.cwd());
    expect(withDefaults).to.deep.equal(withoutDefaults);
  });
});

describe("README.md", () => {
  it("has a row for every setting", () => {
    const readme = readFileSync("README.md", "utf8");
    expect(Object.keys(declared).filter((key) => !readme.includes(`| \`${key}\``))).to.deep.equal([]);
  });
});

describe("the lock file", () => {
  it("names no registry", () => {
    expect(readFileSync("package-lock.json", "utf8")).to.not.match(/"resolved"|https?:\/\/registry/);
  });
});
