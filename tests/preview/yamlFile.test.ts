import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readYamlFile } from "../../preview/yamlFile.ts";
import { messageOf } from "../support/failures.ts";

describe("a YAML file of Pulumi", () => {
  let file: string;
  beforeEach(() => {
    file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "yaml-")), "Pulumi.dev.yaml");
  });
  afterEach(() => {
    fs.rmSync(path.dirname(file), { recursive: true });
  });
  const refusal = (content: string | Uint8Array): string => {
    fs.writeFileSync(file, content);
    return messageOf(() => readYamlFile(file)).replace(file, "FILE");
  };
  const value = (content: string): unknown => {
    fs.writeFileSync(file, content);
    return readYamlFile(file);
  };

  it("is read as the engine reads it: with merge keys, aliases and a byte order mark", () => {
    expect(value("\ufeffa: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a\n")).to.deep.equal({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
      c: { x: 1, y: 2 },
    });
    expect(value("")).to.equal(null);
    expect(value("__proto__: 1\nconstructor: 2\n")).to.have.ownPropertyDescriptor("__proto__");
  });

  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["an unknown tag", "a: 1\nb: !e x\n", "line 2: Unresolved tag: !e"],
    ["an unknown directive", "%FOO bar\n---\na: 1\n", "line 1: Unknown directive %FOO"],
    ["a key that is there twice", "a:\n  b: 1\n  b: 2\n", 'line 3: "b" is there twice: remove one'],
    ["several documents", "a: 1\n---\nb: 2\n", "line 2: A file holds one document: remove what follows ---"],
    ["a tab", "a:\n\tb: 1\n", "line 2: Tabs are not allowed as indentation"],
    ["an anchor that is missing", "a: *b\n", "line 1: There is no anchor &b before *b"],
    ["an alias to itself", "a: &a [1, *a]\n", "line 1: *a stands for what it is a part of"],
    ["a key that is no word", "? {a: 1}\n: 2\n", "line 1: A key must be a string"],
    ["levels without end", `a: ${"[".repeat(5000)}${"]".repeat(5000)}\n`, "it nests too many levels"],
    ["many aliases", `a: &a x\nb:\n${"- *a\n".repeat(101)}`, "line 103: There are more than 100 aliases"],
  ];
  for (const [title, content, message] of cases) {
    it(`is refused with the line for ${title}`, () => {
      expect(refusal(content))
        .to.match(/^FILE is not valid YAML: /)
        .and.include(message);
    });
  }

  it("names every line at fault, and of a great many the first", () => {
    expect(refusal("a: !x 1\nb: !y 2\n")).to.equal(
      "FILE is not valid YAML:\n  line 1: Unresolved tag: !x\n  line 2: Unresolved tag: !y",
    );
    expect(refusal("- !e x\n".repeat(1000)).split("\n").at(-1)).to.equal("  and 950 more");
  });

  it("is refused if it isn't UTF-8", () => {
    for (const content of [Buffer.from("\ufeffa: 1\n", "utf16le"), Buffer.from([0x61, 0x3a, 0x20, 0xff]), "a: \0"]) {
      expect(refusal(content)).to.equal("FILE isn't UTF-8 text: save it as UTF-8");
    }
  });

  it("is refused at once if it is too large or nests too deeply", () => {
    expect(refusal("# 50 MB\n".repeat(6_000_000))).to.equal("FILE is too large: it may have at most 262,144 bytes");
    expect(refusal(`a: ${"[".repeat(20_000)}`)).to.match(/^FILE is not valid YAML:/);
  });
});
