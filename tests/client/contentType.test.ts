import { expect } from "chai";
import { contentTypeOf } from "../../client/contentType.ts";
import { encodeRequest } from "../../client/inference.ts";

describe("the content type of a body that lost its own", () => {
  it("is found by the JSON that it begins with", () => {
    const { body, contentType } = encodeRequest(
      { inputs: [{ name: '}"{\\', datatype: "INT8", shape: [2], data: [0x7d, 0x20] }] },
      "binary",
    );
    expect(contentTypeOf(body)).to.equal(contentType);
    expect(contentTypeOf(body, "application/octet-stream")).to.equal(contentType);
    expect(contentTypeOf(Buffer.from(' {"a":{"b":"}"}} \n'))).to.equal("application/json");
  });

  it("stays what it was where there is no JSON", () => {
    expect(contentTypeOf(Buffer.from("a,b"), "text/csv")).to.equal("text/csv");
    expect(contentTypeOf(Buffer.from("{"))).to.equal("application/octet-stream");
  });
});
