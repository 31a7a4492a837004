import { expect } from "chai";
import { exampleBody } from "../../inference/exampleBody.ts";
import { parseModelConfig } from "../../triton/config/modelConfig.ts";

const decoupled = "model_transaction_policy { decoupled: true }";

describe("a request to try a model with", () => {
  const text = (config: string, type?: string) => {
    const body = exampleBody([parseModelConfig(config).config!], type);
    return body && Buffer.from(body.body).toString();
  };
  const inputs =
    'input [ { name: "text_input" data_type: TYPE_STRING dims: 1 }, { name: "n" data_type: TYPE_INT32 dims: [ 1, 3 ] }, { name: "more" data_type: TYPE_BOOL dims: 1 optional: true } ]';

  it("is an object of the required inputs for a decoupled model, and KServe's for all others", () => {
    expect(text(inputs + decoupled)).to.equal('{"text_input":"Hello","n":[0,0,0]}');
    expect(text(inputs)).to.match(/^\{"inputs":/);
  });

  it("follows the endpoint's inference type, for which there may be none", () => {
    expect(text(inputs, "generate")).to.equal('{"text_input":"Hello","n":[0,0,0]}');
    expect(text(inputs + decoupled, "infer")).to.equal(undefined);
    expect(text('input { name: "x" data_type: TYPE_FP32 dims: [ 3, 2 ] }', "generate")).to.equal(undefined);
    expect(text("", "generate")).to.equal(undefined);
  });

  it("streams if the answer is streamed, for models that have such an input", () => {
    const streams = `${inputs} input { name: "stream" data_type: TYPE_BOOL dims: 1 optional: true }`;
    expect(text(streams, "generate_stream")).to.include('"stream":true');
    expect(text(streams, "generate")).to.include('"stream":false');
  });
});
