import { expect } from "chai";
import fc from "fast-check";
import { decodeResponse, encodeBinary, zeroRequest, type Tensor, type Value } from "../../triton/inference.ts";
import { parseModelConfig } from "../../triton/modelConfig.ts";

/** What a server that answers with its inputs would send. */
function echo(tensors: readonly Tensor[]) {
  const { body, contentType } = encodeBinary({ inputs: tensors });
  const size = Number(/json-header-size=(\d+)$/.exec(contentType)?.[1]);
  const { inputs } = JSON.parse(Buffer.from(body).toString("utf8", 0, size)) as { inputs: unknown };
  const header = Buffer.from(JSON.stringify({ model_name: "echo", outputs: inputs }));
  return decodeResponse(
    Buffer.concat([header, Buffer.from(body).subarray(size)]),
    `application/vnd.sagemaker-triton.binary+json;json-header-size=${header.length}`,
  );
}

const values: Record<string, fc.Arbitrary<Value>> = {
  BOOL: fc.boolean(),
  UINT8: fc.integer({ min: 0, max: 255 }),
  INT8: fc.integer({ min: -128, max: 127 }),
  UINT16: fc.integer({ min: 0, max: 65_535 }),
  INT16: fc.integer({ min: -32_768, max: 32_767 }),
  UINT32: fc.integer({ min: 0, max: 4_294_967_295 }),
  INT32: fc.integer(),
  UINT64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  INT64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  FP16: fc.integer({ min: -2048, max: 2048 }),
  BF16: fc.integer({ min: -256, max: 256 }),
  FP32: fc.float({ noNaN: true }),
  FP64: fc.double({ noNaN: true }),
  BYTES: fc.string({ unit: "grapheme" }),
};

describe("tensors in SageMaker's binary form", () => {
  for (const [datatype, value] of Object.entries(values)) {
    it(`of ${datatype} come back as they went`, () => {
      fc.assert(
        fc.property(fc.array(value), (data) => {
          const tensor = { name: "x", datatype, shape: [data.length], data };
          expect(echo([tensor, tensor]).outputs.map((output) => output.data)).to.deep.equal([data, data]);
        }),
      );
    });
  }

  it("are 16-bit floats as IEEE 754 and as the upper half of 32 bits", () => {
    const bytes = (datatype: string) => {
      const { body } = encodeBinary({ inputs: [{ name: "x", datatype, shape: [1], data: [1.5] }] });
      return [...body.subarray(-2)];
    };
    expect(bytes("FP16")).to.deep.equal([0x00, 0x3e]);
    expect(bytes("BF16")).to.deep.equal([0xc0, 0x3f]);
  });

  it("say in the content type how long the header is, and ask for an answer of their kind", () => {
    const { body, contentType } = encodeBinary({ inputs: [{ name: "x", datatype: "INT8", shape: [2], data: [1, 2] }] });
    const [, size] =
      /^application\/vnd\.sagemaker-triton\.binary\+json;json-header-size=(\d+)$/.exec(contentType) ?? [];
    expect(body.length).to.equal(Number(size) + 2);
    expect(JSON.parse(Buffer.from(body).toString("utf8", 0, Number(size)))).to.deep.equal({
      inputs: [{ name: "x", datatype: "INT8", shape: [2], parameters: { binary_data_size: 2 } }],
      parameters: { binary_data_output: true },
    });
  });
});

describe("an answer in JSON", () => {
  it("is read as it is", () => {
    const answer = { model_name: "m", outputs: [{ name: "y", datatype: "BYTES", shape: [1], data: ["Gentoo"] }] };
    expect(decodeResponse(Buffer.from(JSON.stringify(answer)), "application/json")).to.deep.equal(answer);
  });
});

describe("a request of zeros", () => {
  const request = (config: string) => zeroRequest(parseModelConfig(config).config!);

  it("has one item of the batch, and one where any size is allowed", () => {
    expect(request('max_batch_size: 8 input { name: "a" data_type: TYPE_FP16 dims: [ -1, 2 ] }').inputs).to.deep.equal([
      { name: "a", datatype: "FP16", shape: [1, 1, 2], data: [0, 0] },
    ]);
  });

  it("has empty texts and false, and leaves optional inputs out", () => {
    expect(
      request(
        'input [ { name: "a" data_type: TYPE_STRING dims: 1 }, { name: "b" data_type: TYPE_BOOL dims: 1 }, { name: "c" data_type: TYPE_INT8 dims: 1 optional: true } ]',
      ).inputs,
    ).to.deep.equal([
      { name: "a", datatype: "BYTES", shape: [1], data: [""] },
      { name: "b", datatype: "BOOL", shape: [1], data: [false] },
    ]);
  });
});
