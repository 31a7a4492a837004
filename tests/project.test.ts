import { existsSync, globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { countByType } from "../preview/renderPlan.ts";
import { checkSettings } from "../endpoint/settings/checkSettings.ts";
import { settingsSchema } from "../endpoint/settings/schema.ts";
import { planOf } from "./support/plans.ts";

interface Declaration {
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Declaration> };
/** The project's own settings; the others are the providers'. */
const declared = Object.fromEntries(Object.entries(config).filter(([key]) => !key.includes(":")));

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
    const context = { directory: process.cwd(), name: "triton" };
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const raw = Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, text(value.default)]));
    const withDefaults = checkSettings({ ...raw, modelRepository: "models" }, context);
    const withoutDefaults = checkSettings({ modelRepository: "models" }, context);
    expect(withDefaults).to.deep.equal(withoutDefaults);
  });
});

describe("the documents", () => {
  it("start with a README of at most 120 lines", () => {
    expect(readFileSync("README.md", "utf8").trimEnd().split("\n")).to.have.length.at.most(120);
  });

  it("only refer to existing files", () => {
    const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...globSync("docs/*.md")];
    const missing = documents.flatMap((document) =>
      [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map(([, target = ""]) => path.join(path.dirname(document), target))
        .filter((file) => !existsSync(file))
        .map((file) => `${document}: ${file}`),
    );
    expect(missing).to.deep.equal([]);
  });
});

describe("SECURITY.md", () => {
  it("names a test that exists for each promise", () => {
    const rows = [...readFileSync("SECURITY.md", "utf8").matchAll(/^\| .* \| +`(tests\/[^`]+)`: (.*?) +\|$/gm)];
    expect(rows.length).to.be.greaterThan(5);
    const missing = rows.filter(([, file = "", title = ""]) => !readFileSync(file, "utf8").includes(title));
    expect(missing.map(([row]) => row)).to.deep.equal([]);
  });
});

describe("the table of resources", () => {
  const rows = [
    ...readFileSync("docs/resources.md", "utf8").matchAll(/^\| `([\w.]+)` +\| ([\w, ]+?) +\| (\d+) +\| (\d+) +\|$/gm),
  ].map(([, service = "", names = "", dev, prod]) => ({ service, names: names.split(", "), dev, prod }));
  const all = /^\| all +\| +\| (?<dev>\d+) +\| (?<prod>\d+) +\|$/m.exec(readFileSync("docs/resources.md", "utf8"));

  for (const stack of ["dev", "prod"] as const) {
    it(`counts what ${stack} plans`, async () => {
      const told = rows.flatMap(({ service, names, [stack]: count }) =>
        names.map(
          (name) => [name === "provider" ? `${service} provider` : `${service}.${name}`, Number(count)] as const,
        ),
      );
      const planned = countByType(await planOf(stack));
      expect(Object.fromEntries(told.filter(([, count]) => count > 0))).to.deep.equal(planned);
      expect(Number(all?.groups?.[stack])).to.equal(Object.values(planned).reduce((sum, count) => sum + count, 0));
    });
  }
});

describe("the lock file", () => {
  it("doesn't name a registry", () => {
    expect(readFileSync("package-lock.json", "utf8")).to.not.match(/"resolved"|https?:\/\/registry/);
  });
});
