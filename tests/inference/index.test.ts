import { expect } from "chai";
import fc from "fast-check";
import {
  dataTypes,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeRequestParts,
  InferenceError,
  plainValues,
  type DataType,
  type InputTensor,
  type TensorInput,
  type Value,
} from "../../inference/index.ts";

const json = "application/json";
const binary = "application/vnd.sagemaker-triton.binary+json";

/** The tensors of a request after encoding and decoding it. */
function sent(tensors: readonly InputTensor[], form: "json" | "binary") {
  const { body, contentType } = encodeRequest({ inputs: tensors }, form);
  return decodeRequest(body, contentType).inputs;
}

function tensor(datatype: DataType, data: TensorInput): InputTensor {
  return { name: "x", datatype, shape: [data.length], data };
}

/** The bytes of a one-dimensional tensor on the wire. */
function wire(datatype: DataType, data: TensorInput): number[] {
  const { body, contentType } = encodeRequest({ inputs: [tensor(datatype, data)] }, "binary");
  return [...body.subarray(Number(/=(\d+)$/.exec(contentType)?.[1]))];
}

/** A response in binary form. */
function response(header: unknown, ...parts: Uint8Array[]): [Buffer, string] {
  const text = Buffer.from(JSON.stringify(header));
  return [Buffer.concat([text, ...parts]), `${binary};json-header-size=${text.length}`];
}

const values: Record<DataType, fc.Arbitrary<Value>> = {
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
  FP32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  FP64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  BYTES: fc.string({ unit: "grapheme" }),
};

describe("tensors", () => {
  for (const datatype of dataTypes) {
    for (const form of ["binary", "json"] as const) {
      if (form === "json" && (datatype === "FP16" || datatype === "BF16")) continue;
      it(`of ${datatype} survive encoding and decoding as ${form}`, () => {
        fc.assert(
          fc.property(fc.array(values[datatype]), (data) => {
            const back = sent([tensor(datatype, data), { ...tensor(datatype, data), name: "y" }], form);
            expect(back.map((input) => plainValues(datatype, input.data))).to.deep.equal([data, data]);
          }),
        );
      });
    }
  }

  it("of every 16-bit pattern survive to the last bit, NaN payloads included", () => {
    const patterns = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    for (const datatype of ["FP16", "BF16"] as const) {
      const [wide] = sent([tensor(datatype, patterns)], "binary");
      expect(wide!.data).to.be.instanceOf(Float32Array);
      const bytes = Uint8Array.from(wire(datatype, wide!.data));
      expect(Buffer.compare(bytes, new Uint8Array(patterns.buffer)), datatype).to.equal(0);
    }
  });

  it("of 16-bit floats round to the nearest, ties to even, and overflow to infinity", () => {
    const bits = (datatype: DataType, value: number) => Buffer.from(wire(datatype, [value])).readUInt16LE();
    expect(bits("FP16", 1.5)).to.equal(0x3e00);
    expect(bits("FP16", 2049)).to.equal(0x6800);
    expect(bits("FP16", 2051)).to.equal(0x6802);
    expect(bits("FP16", 65_519.99)).to.equal(0x7bff);
    expect(bits("FP16", 65_520)).to.equal(0x7c00);
    expect(bits("FP16", 2 ** -25)).to.equal(0);
    expect(bits("FP16", 1.01 * 2 ** -25)).to.equal(1);
    expect(bits("FP16", -(2 ** -14))).to.equal(0x8400);
    expect(bits("FP16", -0)).to.equal(0x8000);
    // Via 32 bits this would be rounded twice, and up.
    expect(bits("FP16", 1 + 2 ** -11 + 2 ** -40)).to.equal(0x3c01);
    expect(bits("BF16", 1.5)).to.equal(0x3fc0);
    expect(bits("BF16", 257)).to.equal(0x4380);
    expect(bits("BF16", 259)).to.equal(0x4382);
    expect(bits("BF16", 3.4e38)).to.equal(0x7f80);
  });

  it("of BYTES can hold bytes that aren't text", () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0xfe);
    expect([...(sent([tensor("BYTES", [bytes, "é"])], "binary")[0]!.data[0] as Uint8Array)]).to.deep.equal([...bytes]);
    expect(wire("BYTES", ["é"])).to.deep.equal([2, 0, 0, 0, 0xc3, 0xa9]);
  });

  it("with values that don't fit are refused, and the message names the value and what fits", () => {
    const refused = (datatype: DataType, value: unknown) => () => wire(datatype, [value as Value]);
    expect(refused("INT8", 128)).to.throw(
      'tensor "x" has the value 128, but INT8 takes a whole number from -128 to 127',
    );
    expect(refused("UINT64", -1n)).to.throw("UINT64 takes a whole number from 0 to 18446744073709551615");
    expect(refused("INT64", 2 ** 60)).to.throw("takes a bigint from 2^53 on");
    expect(refused("INT32", 1.5)).to.throw("the value 1.5");
    expect(refused("INT32", Number.NaN)).to.throw("the value NaN");
    expect(refused("FP32", "one")).to.throw('the value "one", but FP32 takes a number');
    expect(refused("BOOL", 2)).to.throw("BOOL takes true or false, 1 or 0");
    expect(refused("BYTES", 7)).to.throw("BYTES takes strings and Uint8Arrays");
    expect(() => encodeRequest({ inputs: [{ name: "x", datatype: "FP32", shape: [2, 2], data: [1] }] })).to.throw(
      'tensor "x" has 1 values, but its shape [2, 2] needs 4',
    );
  });

  it("can be a single value without dimensions, or empty", () => {
    const scalar: InputTensor = { name: "x", datatype: "INT8", shape: [], data: [7] };
    const empty: InputTensor = { name: "y", datatype: "FP32", shape: [0, 4], data: [] };
    for (const form of ["json", "binary"] as const) {
      expect(sent([scalar, empty], form).map(({ shape, data }) => [shape, data])).to.deep.equal([
        [[], Int8Array.of(7)],
        [[0, 4], new Float32Array()],
      ]);
    }
  });
});

describe("a request", () => {
  const inputs = [tensor("INT8", [1, 2])];

  it("in binary form states the header's size and asks for a binary answer", () => {
    const { body, contentType } = encodeRequest({ inputs }, "binary");
    const [, size] =
      /^application\/vnd\.sagemaker-triton\.binary\+json;json-header-size=(\d+)$/.exec(contentType) ?? [];
    expect(body.length).to.equal(Number(size) + 2);
    expect(JSON.parse(Buffer.from(body).toString("utf8", 0, Number(size)))).to.deep.equal({
      inputs: [{ name: "x", datatype: "INT8", shape: [2], parameters: { binary_data_size: 2 } }],
      parameters: { binary_data_output: true },
    });
  });

  it("keeps its id, parameters and wanted outputs in either form", () => {
    const request = { id: "7", parameters: { sequence_id: 3 }, inputs, outputs: [{ name: "y" }] };
    for (const form of ["json", "binary"] as const) {
      const { body, contentType } = encodeRequest(request, form);
      const { inputs: decoded, parameters, ...rest } = decodeRequest(body, contentType);
      expect(rest).to.deep.equal({ id: "7", outputs: [{ name: "y" }] });
      expect(parameters).to.include({ sequence_id: 3 });
      expect(decoded[0]).to.deep.equal({ ...inputs[0], data: Int8Array.of(1, 2) });
    }
  });

  it("is sent in the smaller form by default: JSON for few values, binary for many and for what JSON can't hold", () => {
    const form = (...tensors: InputTensor[]) => encodeRequest({ inputs: tensors }).contentType.split(";")[0];
    expect(form(tensor("FP32", [1, 2]))).to.equal(json);
    expect(form(tensor("FP32", Float32Array.from({ length: 100 }, Math.random)))).to.equal(binary);
    expect(form(tensor("FP32", new Float32Array(1e6)))).to.equal(binary);
    expect(form(tensor("FP16", [1]))).to.equal(binary);
    expect(form(tensor("FP64", [Number.NaN]))).to.equal(binary);
    expect(form(tensor("BYTES", [Uint8Array.of(0xff)]))).to.equal(binary);
  });

  it("is refused if a name, type or shape is invalid, or a name is used twice", () => {
    const refused = (changes: object) => () => encodeRequest({ inputs: [{ ...tensor("INT8", [1]), ...changes }] });
    expect(refused({ name: undefined })).to.throw("one of the inputs has no name");
    expect(refused({ datatype: "FLOAT" })).to.throw('tensor "x" has the datatype FLOAT: use one of BOOL, ');
    for (const shape of [[-1, -1], [0.5, 2], [Number.NaN], 1]) {
      expect(refused({ shape }), String(shape)).to.throw("needs a shape that is a list of whole numbers");
    }
    const twice = [tensor("INT8", [1]), tensor("INT8", [2])];
    expect(() => encodeRequest({ inputs: twice })).to.throw('there are two inputs "x"');
  });

  it("is refused with what is wrong with each of its tensors", () => {
    const inputs = [tensor("INT8", [200]), tensor("FP32", [1]), tensor("UINT8", [-1])].map((input, index) => ({
      ...input,
      name: `x${index}`,
    }));
    for (const form of ["binary", "json"] as const) {
      expect(() => encodeRequest({ inputs }, form), form).to.throw(
        /^the request has 2 problems:\n {2}tensor "x0" has the value 200, .*\n {2}tensor "x2" has the value -1, .*$/,
      );
    }
  });

  it("is refused as JSON if JSON can't hold it", () => {
    expect(() => encodeRequest({ inputs: [tensor("BF16", [1])] }, "json")).to.throw("use the binary form");
    expect(() => encodeRequest({ inputs: [tensor("FP32", [Infinity])] }, "json")).to.throw("use the binary form");
  });

  it("in pieces has the same body, with typed arrays of the right kind uncopied", () => {
    const floats = Float32Array.of(1, 2);
    const request = { inputs: [tensor("FP32", floats), { ...tensor("BYTES", ["é"]), name: "y" }], id: "7" };
    for (const form of ["json", "binary"] as const) {
      const { parts, size, contentType } = encodeRequestParts(request, form);
      expect({ body: Buffer.concat(parts), contentType }).to.deep.equal(encodeRequest(request, form));
      expect(Buffer.concat(parts)).to.have.length(size);
    }
    expect(encodeRequestParts(request, "binary").parts[1]!.buffer).to.equal(floats.buffer);
  });

  it("copies a typed array of the right kind once, without the rest of its buffer", () => {
    const around = Float32Array.of(9, 1, 2, 9);
    expect(wire("FP32", around.subarray(1, 3))).to.deep.equal([...new Uint8Array(Float32Array.of(1, 2).buffer)]);
  });
});

describe("a response", () => {
  it("in JSON is read by type, nested or flat, with exact 64-bit integers", () => {
    const text =
      '{"model_name":"m","model_version":"3","outputs":[{"name":"a","datatype":"INT64","shape":[2],"data":[9223372036854775807,-1]},' +
      '{"name":"b","datatype":"FP32","shape":[2,2],"data":[[1,2],[3,4]]},{"name":"c","datatype":"BYTES","shape":[1],"data":["Gentoo"]},' +
      '{"name":"d","datatype":"BOOL","shape":[1],"data":[true]}]}';
    expect(decodeResponse(text)).to.deep.equal({
      model_name: "m",
      model_version: "3",
      outputs: [
        { name: "a", datatype: "INT64", shape: [2], data: BigInt64Array.of(9223372036854775807n, -1n) },
        { name: "b", datatype: "FP32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
        { name: "c", datatype: "BYTES", shape: [1], data: [Buffer.from("Gentoo")] },
        { name: "d", datatype: "BOOL", shape: [1], data: Uint8Array.of(1) },
      ],
    });
  });

  it("in JSON may contain NaN and Infinity, which Triton writes unquoted", () => {
    const text =
      '{"model_name":"NaN","outputs":[{"name":"Infinity","datatype":"FP64","shape":[4],"data":[NaN,-Infinity,Infinity,1]}]}';
    const { model_name, outputs } = decodeResponse(text);
    expect([model_name, outputs[0]?.name]).to.deep.equal(["NaN", "Infinity"]);
    expect(outputs[0]?.data).to.deep.equal(Float64Array.of(Number.NaN, -Infinity, Infinity, 1));
  });

  it("in binary form is read as a view if it is aligned and copied otherwise, and may contain JSON tensors", () => {
    const outputs = [
      { name: "a", datatype: "INT8", shape: [3], parameters: { binary_data_size: 3 } },
      { name: "b", datatype: "FP32", shape: [1], data: [0.5] },
      { name: "c", datatype: "FP64", shape: [1], parameters: { binary_data_size: 8 } },
    ];
    const [body, contentType] = response(
      { model_name: "m", outputs },
      Uint8Array.of(1, 2, 3),
      new Uint8Array(Float64Array.of(-2.5).buffer),
    );
    for (let shift = 0; shift < 8; shift += 1) {
      const shifted = new Uint8Array(body.length + shift).subarray(shift);
      shifted.set(body);
      const decoded = decodeResponse(shifted, contentType);
      expect(decoded.outputs.map(({ data }) => [...(data as Float64Array)])).to.deep.equal([[1, 2, 3], [0.5], [-2.5]]);
      expect((decoded.outputs[0]!.data as Int8Array).buffer).to.equal(shifted.buffer);
    }
  });

  it("returns 16-bit floats as raw bits on request, and can still give their plain values", () => {
    for (const [datatype, one] of [
      ["FP16", 0x3c00],
      ["BF16", 0x3f80],
    ] as const) {
      const output = { name: "y", datatype, shape: [1], parameters: { binary_data_size: 2 } };
      const [body, contentType] = response({ outputs: [output] }, new Uint8Array(Uint16Array.of(one).buffer));
      const [bits] = decodeResponse(body, contentType, { halfFloats: "bits" }).outputs;
      expect(bits!.data).to.deep.equal(Uint16Array.of(one));
      expect(plainValues(datatype, bits!.data)).to.deep.equal([1]);
      expect(decodeResponse(body, contentType).outputs[0]!.data).to.deep.equal(Float32Array.of(1));
    }
  });

  it("that is broken is refused with the reason", () => {
    const output = { name: "y", datatype: "FP32", shape: [1], parameters: { binary_data_size: 4 } };
    const refused = (header: unknown, ...parts: Uint8Array[]) => {
      const [body, contentType] = response(header, ...parts);
      return () => decodeResponse(body, contentType);
    };
    expect(refused({ outputs: [output] }, new Uint8Array(3))).to.throw('the body ends within tensor "y"');
    expect(refused({ outputs: [output] }, new Uint8Array(5))).to.throw("1 bytes follow the last tensor");
    expect(refused({ outputs: [{ ...output, shape: [2] }] }, new Uint8Array(4))).to.throw("has 4 bytes");
    expect(refused({ outputs: [{ ...output, datatype: "FP8" }] }, new Uint8Array(4))).to.throw("datatype FP8");
    expect(refused({ outputs: [{ name: "y", datatype: "FP32", shape: [1] }] })).to.throw('tensor "y" has no data');
    for (const broken of [null, 5, {}, { name: "y", shape: [1] }, { ...output, shape: [0.5] }]) {
      expect(refused({ outputs: [broken] }, new Uint8Array(4))).to.throw(InferenceError);
    }
    expect(refused({ outputs: [{ ...output, parameters: null }] })).to.throw('tensor "y" has no data');
    expect(refused({ outputs: [{ ...output, parameters: { binary_data_size: -4 } }] })).to.throw("has no data");
    const nested = `${"[".repeat(9000)}1${"]".repeat(9000)}`;
    const deep = `{"outputs":[{"name":"y","datatype":"FP32","shape":[1],"data":${nested}}]}`;
    expect(() => decodeResponse(deep)).to.throw(InferenceError);
    expect(refused({ error: "no" })).to.throw('the body has no list "outputs"');
    const texts = { name: "y", datatype: "BYTES", shape: [1], parameters: { binary_data_size: 5 } };
    expect(refused({ outputs: [texts] }, Uint8Array.of(9, 0, 0, 0, 65))).to.throw("ends within its string number 1");
    expect(() => decodeResponse("<html>")).to.throw("the body isn't JSON");
    expect(() => decodeResponse("{}", binary)).to.throw("has no json-header-size");
    expect(() => decodeResponse("{}", `${binary};json-header-size=9`)).to.throw("fewer than its json-header-size=9");
  });
});
