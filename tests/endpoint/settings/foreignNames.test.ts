import { expect } from "chai";
import { checkSettings } from "../../../endpoint/settings/checkSettings.ts";

const context = { directory: process.cwd(), name: "triton" };
const base = { modelRepository: "models" };
/** JSON's own `__proto__` is a key, which an object literal's is not. */
const settingsOf = (json: string) => ({ ...base, ...(JSON.parse(json) as Record<string, string>) });
const codesOf = (json: string) =>
  checkSettings(settingsOf(json), context).problems.map(({ path, code }) => `${code} ${path.join("/")}`);

describe("names that every object has in JavaScript", () => {
  it("are unknown settings, at every level", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty"]) {
      expect(codesOf(`{"${name}":"1"}`)).to.deep.equal([`unknown-key ${name}`]);
      expect(codesOf(`{"monitoring":"{\\"${name}\\":1}"}`)).to.include(`unknown-key monitoring/${name}`);
    }
  });

  it("are refused where zod would leave them out without a word", () => {
    expect(codesOf('{"__proto__":"1"}')).to.deep.equal(["reserved-name __proto__"]);
    for (const setting of ["environment", "tags", "variants", "monitoring"]) {
      expect(codesOf(`{"${setting}":"{\\"__proto__\\":\\"x\\"}"}`)).to.include(`reserved-name ${setting}/__proto__`);
    }
  });

  it("are kept as names of variables, tags and variants", () => {
    const { settings, problems } = checkSettings(
      settingsOf(
        '{"environment":"{\\"toString\\":\\"x\\",\\"constructor\\":\\"y\\"}","tags":"{\\"constructor\\":\\"z\\"}","variants":"{\\"constructor\\":{},\\"toString\\":{}}"}',
      ),
      context,
    );
    expect(problems).to.deep.equal([]);
    expect(settings?.environment).to.deep.equal({ toString: "x", constructor: "y" });
    expect(settings?.tags).to.deep.equal({ constructor: "z" });
    expect(Object.keys(settings?.variants ?? {})).to.deep.equal(["constructor", "toString"]);
  });
});

describe("a configuration of many settings", () => {
  const many = (count: number, entry: (index: number) => readonly [string, unknown]) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

  it("is refused in a time in proportion to its size", () => {
    const began = performance.now();
    const unknown = checkSettings({ ...base, ...many(50_000, (index) => [`setting${index}`, "1"]) }, context);
    expect(unknown.problems).to.have.length(50_000);
    const environment = JSON.stringify(many(20_000, (index) => [`a-${index}`, index % 2 ? 1 : "x"]));
    const variables = checkSettings({ ...base, environment }, context);
    expect(variables.problems).to.have.length.above(10_000);
    const value = checkSettings({ ...base, [`x${"y".repeat(1e6)}`]: "1", imageTag: "x".repeat(5e7) }, context);
    expect(value.problems.map(({ code }) => code)).to.include.members(["unknown-key", "value"]);
    expect(performance.now() - began).to.be.lessThan(10_000);
  });
});
