import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { generatedFiles } from "../../../tools/build/documents.ts";
import { settingsSchema } from "../../../endpoint/settings/schema.ts";

describe("documentation generated from the endpoint's schema", () => {
  it("is up to date (otherwise run npm run docs)", async () => {
    for (const [file, text] of Object.entries(await generatedFiles())) {
      expect(readFileSync(file, "utf8"), file).to.equal(text);
    }
  }).timeout(30_000);

  it("describes every setting in a sentence, including nested ones", () => {
    const page = readFileSync("docs/settings.md", "utf8");
    const rows = [...page.matchAll(/^\| `(\w+)` +\|[^|]*\| (.*?) +\|$/gm)];
    expect(rows.map(([, name]) => name)).to.include.members(Object.keys(settingsSchema.shape));
    expect(rows.map(([, , text = ""]) => text).filter((text) => !/^[A-Za-z].{8,}\.$/.test(text))).to.deep.equal([]);
  });

  it("includes the schema that every stack's file and example refers to", () => {
    const files = [
      ...["dev", "prod"].map((stack) => ({ file: `Pulumi.${stack}.yaml`, schema: "./docs/stack.schema.json" })),
      ...readdirSync("docs/examples").map((example) => ({
        file: `docs/examples/${example}`,
        schema: "../stack.schema.json",
      })),
    ];
    const { properties } = JSON.parse(readFileSync("docs/stack.schema.json", "utf8")) as {
      properties: { config: { properties: object } };
    };
    for (const { file, schema } of files) {
      const text = readFileSync(file, "utf8");
      expect(text, file).to.match(new RegExp(`^# yaml-language-server: \\$schema=${schema}\n`));
      const { config } = parse(text) as { config: object };
      expect(Object.keys(properties.config.properties), file).to.include.members(Object.keys(config));
    }
  });
});
