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
