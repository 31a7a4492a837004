import { expect } from "chai";
import { zeroRequest } from "../../inference/zeroRequest.ts";
import { parseModelConfig } from "../../triton/config/modelConfig.ts";

describe("a request of zeros", () => {
  const request = (config: string) => zeroRequest(parseModelConfig(config).config!);

  it("has size one for the batch and for every open dimension", () => {
    expect(request('max_batch_size: 8 input { name: "a" data_type: TYPE_FP16 dims: [ -1, 2 ] }').inputs).to.deep.equal([
      { name: "a", datatype: "FP16", shape: [1, 1, 2], data: [0, 0] },
    ]);
  });

  it("has empty strings and false, and leaves optional inputs out", () => {
    expect(
      request(
        'input [ { name: "a" data_type: TYPE_STRING dims: 1 }, { name: "b" data_type: TYPE_BOOL dims: 1 }, { name: "c" data_type: TYPE_INT8 dims: 1 optional: true } ]',
      ).inputs,
    ).to.deep.equal([
      { name: "a", datatype: "BYTES", shape: [1], data: [""] },
      { name: "b", datatype: "BOOL", shape: [1], data: [false] },
    ]);
  });

  it("has optional inputs if there are no others", () => {
    expect(request('input { name: "c" data_type: TYPE_INT8 dims: 1 optional: true }').inputs).to.have.lengthOf(1);
  });

  it("starts and ends a sequence for a sequence model with numeric ids", () => {
    expect(request("sequence_batching { direct { } }").parameters).to.deep.equal({
      ...{ sequence_id: 1, sequence_start: true, sequence_end: true },
    });
  });

  it("starts and ends a sequence for a sequence model with string ids", () => {
    const { parameters } = request(
      'sequence_batching { control_input { name: "i" control { kind: CONTROL_SEQUENCE_CORRID data_type: TYPE_STRING } } }',
    );
    expect(parameters).to.deep.equal({
      ...{ sequence_id: `${"0".repeat(127)}1`, sequence_start: true, sequence_end: true },
    });
  });
});
