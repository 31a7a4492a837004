import { expect } from "chai";
import { parseJson } from "../../inference/parseJson.ts";

describe("the error for invalid JSON", () => {
  const reason = (text: string): string => {
    try {
      parseJson(text);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("gives the line and column of the mistake", () => {
    expect(reason('{"a": [1,\n  2,\n]}')).to.equal("line 3, column 1: Unexpected token ']'");
    expect(reason('{\n  "a": yes\n}')).to.equal("line 2, column 8: Unexpected token 'y'");
    expect(reason('{"a": 1\n "b": 2}')).to.equal("line 2, column 2: Expected ',' or '}' after property value");
    expect(reason('{"a":\n [1')).to.match(/^line 2, column 4: Expected ',' or ']'/);
    expect(reason("")).to.equal("line 1, column 1: Unexpected end of JSON input");
  });

  it("gives the right position next to NaN and Infinity, which only Triton's JSON has", () => {
    expect(reason("[NaN, -Infinity, 1 2]")).to.match(/^line 1, column 20: Expected ','/);
  });
});

describe("JSON that would take far more memory than its size", () => {
  it("is refused, and the message names the limit and where it is passed", () => {
    const refused = (text: string) => () => parseJson(text);
    expect(refused("[".repeat(201))).to.throw(
      "more than 200 arrays or objects within each other by line 1, column 201",
    );
    expect(refused(`[${"{},".repeat(1_000_000)}1]`)).to.throw("more than 1000000 arrays, objects");
    expect(refused(`[\n${"1,".repeat(5_000_001)}1]`)).to.throw(
      "more than 5000000 values: use the binary form by line 2",
    );
    const members = Array.from({ length: 10_001 }, (_, index) => `"${index}":1`);
    expect(refused(`{${members.join(",")}}`)).to.throw("more than 10000 members of one object");
  });

  it("is told by what is outside of strings", () => {
    const text = '[,{}:NaN "\\'.repeat(100_000);
    expect(parseJson(JSON.stringify([text, 1]))).to.deep.equal([text, 1]);
    expect(parseJson('["NaN", NaN, -Infinity, "\\"NaN"]')).to.deep.equal(["NaN", "NaN", "-Infinity", '"NaN']);
  });
});
