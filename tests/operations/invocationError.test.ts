import { expect } from "chai";
import { refusal } from "../../operations/invocationError.ts";

describe("a request that the server refuses", () => {
  const kindOf = (status: number, error: string) => refusal(status, JSON.stringify({ error })).kind;

  it("is at fault itself if Triton can't find KServe's fields in it, whatever the status", () => {
    const error = "Unable to parse 'inputs': attempt to access non-existing object member 'inputs'";
    expect(kindOf(500, error)).to.equal("refused");
    expect(kindOf(400, error)).to.equal("refused");
    expect(kindOf(500, "attempt to access JSON non-array as array")).to.equal("refused");
    expect(kindOf(500, "failed to parse the request JSON buffer: Invalid value. at 0")).to.equal("refused");
    expect(refusal(500, JSON.stringify({ error })).message)
      .to.include("send KServe's")
      .and.not.include("look at its log");
  });

  it("is the model's fault otherwise", () => {
    expect(kindOf(500, "division by zero")).to.equal("model failed");
    expect(kindOf(500, "Unable to parse 'labels.json'")).to.equal("model failed");
  });
});
