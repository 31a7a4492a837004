import { expect } from "chai";
import { contentTypeOf } from "../../inference/contentType.ts";
import { encodeRequest } from "../../inference/index.ts";

describe("restoring a lost content type", () => {
  it("measures the JSON at the start of the body", () => {
    const { body, contentType } = encodeRequest(
      { inputs: [{ name: '}"{\\', datatype: "INT8", shape: [2], data: [0x7d, 0x20] }] },
      "binary",
    );
    expect(contentTypeOf(body)).to.equal(contentType);
    expect(contentTypeOf(body, "application/octet-stream")).to.equal(contentType);
    expect(contentTypeOf(Buffer.from(' {"a":{"b":"}"}} \n'))).to.equal("application/json");
  });

  it("keeps the given content type if the body has no JSON", () => {
    expect(contentTypeOf(Buffer.from("a,b"), "text/csv")).to.equal("text/csv");
    expect(contentTypeOf(Buffer.from("{"))).to.equal("application/octet-stream");
  });
});
