import { expect } from "chai";
import { answerRows } from "../../commands/answer.ts";
import { answerTable } from "../../commands/answerTable.ts";
import { listed, messageLine, printable, printableLine } from "../../text/printable.ts";

describe("text from outside, before it is printed", () => {
  it("has its control characters escaped, including eight-bit ones, but not line breaks and tabs", () => {
    expect(printable("\u001b]0;title\u0007 a\r\n\tb\u009b31m\u007f")).to.equal(
      "\\u001b]0;title\\u0007 a\\u000d\n\tb\\u009b31m\\u007f",
    );
  });

  it("has invisible characters escaped, and those that change the reading direction", () => {
    expect(printable("a\u202eb\u2066c\ufeff\u2028\ud800")).to.equal("a\\u202eb\\u2066c\\ufeff\\u2028\\ud800");
    expect(printable("\u{e0041}")).to.equal("\\udb40\\udc41");
  });

  it("keeps all scripts and emoji unchanged", () => {
    const text = "Pinguïn ペンギン پِنگوئن می\u200cخواهم 👩\u200d🔬 naïve";
    expect(printable(text)).to.equal(text);
  });

  it("stays JSON with the same content", () => {
    const value = { "a\u009b": "\u001b[2J \u202e\n\ud800" };
    expect(JSON.parse(printable(JSON.stringify(value)))).to.deep.equal(value);
  });

  it("can be kept to one line", () => {
    expect(printableLine("a\n\tb")).to.equal("a\\u000a\\u0009b");
  });

  it("can't ring the bell from a model's answer", () => {
    const tensor = { name: "t\u001b", datatype: "BYTES" as const, shape: [1], data: [Buffer.from("\u001b[31m\u0007")] };
    expect(answerRows([tensor]).rows).to.deep.equal([{ "t\\u001b": '"\\u001b[31m\\u0007"' }]);
  });

  it("has a column for a tensor of any name", () => {
    const tensors = ["__proto__", "constructor"].map((name) => {
      return { name, datatype: "BYTES" as const, shape: [1], data: [Buffer.from("x")] };
    });
    expect(answerTable(tensors)).to.match(/│ __proto__ +│ constructor │\n.*\n│ "x" +│ "x" +│/);
  });

  it("is shortened in the middle, so that the end of a path stays, and counted", () => {
    const line = messageLine(`"${"a".repeat(1e6)}" and ${"b/".repeat(200)}model.py: no field`);
    expect(line).to.have.length(199 + " and ".length + 199 + " no field".length);
    expect(line).to.match(/^"a{98}…a{98}" and (b\/)+b?….*model\.py: no field$/);
    expect(messageLine("a b ".repeat(1e5))).to.have.length(1999);
    const lines = Array.from({ length: 250_000 }, (_, index) => String(index));
    expect(listed(lines, "--json prints all").slice(-2)).to.deep.equal(["49", "and 249,950 more: --json prints all"]);
    expect(listed(lines.slice(0, 50))).to.have.length(50);
  });
});
