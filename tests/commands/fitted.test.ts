import { expect } from "chai";
import { fitted } from "../../commands/fitted.ts";

const fits = (text: string, columns: number) => fitted(text, columns).split("\n");

describe("text printed to a terminal", () => {
  it("is unchanged if it fits, or if there is no terminal", () => {
    expect(fitted("a line\n  and another", 20)).to.equal("a line\n  and another");
    expect(fitted("a line that is long", undefined)).to.equal("a line that is long");
  });

  it("breaks between words, and continues below the text of a labelled line", () => {
    expect(fits("one two three four five six seven eight nine ten", 30)).to.deep.equal([
      "one two three four five six",
      "seven eight nine ten",
    ]);
    expect(fits("  error    line 3: this is no field of ModelConfig", 40)).to.deep.equal([
      "  error    line 3: this is no field of",
      "           ModelConfig",
    ]);
    expect(fits("           Did you mean the field of another name?", 40)).to.deep.equal([
      "           Did you mean the field of",
      "           another name?",
    ]);
  });

  it("keeps the branches of a tree", () => {
    expect(fits("   │  ├─ Allow s3:GetObject on a bucket\n   │  └─ Deny everything to everybody", 30)).to.deep.equal([
      "   │  ├─ Allow s3:GetObject",
      "   │  │    on a bucket",
      "   │  └─ Deny everything to",
      "   │       everybody",
    ]);
  });

  it("breaks a long word within a branch, but leaves it to the terminal elsewhere", () => {
    const path = "/a/folder/with/a/name/that/is/long";
    expect(fits(`└─ path: ${path}`, 30)).to.deep.equal([
      "└─ path:",
      "     /a/folder/with/a/name/tha",
      "     t/is/long",
    ]);
    expect(fits(`error: there is no ${path}`, 30)).to.deep.equal(["error: there is no", path]);
  });

  it("is measured without colour codes", () => {
    expect(fits("  \u001b[31merror\u001b[39m    one two three", 40)).to.have.length(1);
  });
});
