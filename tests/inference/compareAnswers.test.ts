import { expect } from "chai";
import { answerDifferences, compareAnswers } from "../../inference/compareAnswers.ts";
import type { InferenceResponse, Tensor } from "../../inference/index.ts";

const answer = (...outputs: Tensor[]): InferenceResponse => ({ model_name: "m", outputs });
const floats = (datatype: "FP16" | "FP32", ...values: number[]): Tensor => ({
  name: "y",
  datatype,
  shape: [values.length],
  data: Float32Array.from(values),
});

describe("comparing two answers", () => {
  const tolerance = { relative: 1e-4, absolute: 1e-6 };
  const messages = (one: InferenceResponse, other: InferenceResponse) =>
    compareAnswers(one, other, tolerance).map(({ output, message }) => `${output}${message}`);

  it("accepts floats within the tolerance and treats NaN as equal to NaN", () => {
    const one = answer(floats("FP32", 1, Number.NaN, Infinity, 0));
    expect(messages(one, answer(floats("FP32", 1.00005, Number.NaN, Infinity, -0)))).to.deep.equal([]);
    expect(messages(answer(floats("FP16", 1)), answer(floats("FP16", 1 + 2 ** -10)))).to.deep.equal([]);
  });

  it("reports floats beyond the tolerance, with their index and difference", () => {
    const one = answer(floats("FP32", 1, Number.NaN, Infinity, 0));
    const differences = (...values: number[]) => messages(one, answer(floats("FP32", ...values)));
    expect(differences(1.5, Number.NaN, Infinity, 0)).to.deep.equal(["y at [0]: expected 1, got 1.5 (difference 0.5)"]);
    expect(differences(1, 0, Infinity, 0)).to.deep.equal(["y at [1]: expected NaN, got 0"]);
    expect(differences(2, Number.NaN, -Infinity, 0)).to.deep.equal([
      "y at [0]: expected 1, got 2 (difference 1), and 1 more of 4",
    ]);
  });

  it("shows a 32-bit float in its shortest form", () => {
    expect(messages(answer(floats("FP32", 0.1)), answer(floats("FP32", 16777216)))).to.deep.equal([
      "y at [0]: expected 0.1, got 16777216 (difference 16780000)",
    ]);
  });

  it("names a value by its index in the tensor's shape", () => {
    const matrix = (...values: number[]) => answer({ ...floats("FP32", ...values), shape: [2, 3] });
    expect(messages(matrix(0, 0, 0, 0, 0, 0), matrix(0, 0, 0, 0, 1, 0))[0]).to.match(/^y at \[1, 1\]: /);
    const scalar = (value: number) => answer({ ...floats("FP32", value), shape: [] });
    expect(messages(scalar(0), scalar(1))).to.deep.equal(["y: expected 0, got 1 (difference 1)"]);
  });

  it("compares integers and bytes exactly", () => {
    const integer = (value: bigint) =>
      answer({ name: "n", datatype: "INT64", shape: [1], data: BigInt64Array.of(value) });
    expect(messages(integer(2n ** 53n), integer(2n ** 53n + 1n))).to.deep.equal([
      "n at [0]: expected 9007199254740992, got 9007199254740993 (difference 1)",
    ]);
    const bytes = (text: Uint8Array) => answer({ name: "b", datatype: "BYTES", shape: [1], data: [text] });
    expect(messages(bytes(Buffer.of(0xff)), bytes(Buffer.of(0xfe)))).to.have.length(1);
    expect(messages(bytes(Buffer.from("a")), bytes(Buffer.from("b")))).to.deep.equal([
      'b at [0]: expected "a", got "b"',
    ]);
    expect(messages(bytes(Buffer.from("a")), bytes(Buffer.from("a")))).to.deep.equal([]);
  });

  it("reports different shapes, types and outputs", () => {
    const one = answer(floats("FP32", 1));
    expect(messages(one, answer(floats("FP32", 1, 2)))).to.deep.equal(["y: expected the shape [1], got [2]"]);
    expect(messages(one, answer(floats("FP16", 1)))).to.deep.equal(["y: expected FP32, got FP16"]);
    expect(messages(one, answer())).to.deep.equal(["y: is missing"]);
    expect(messages(answer(), one)).to.deep.equal(["y: is new"]);
  });
});

describe("comparing an answer with the model's response.json", () => {
  it("accepts floats within a thousandth, and outputs that the file leaves out", () => {
    const more: Tensor = { name: "more", datatype: "INT32", shape: [1], data: Int32Array.of(1) };
    const got = answer(floats("FP32", 0.98491, 5003), more);
    expect(answerDifferences(answer(floats("FP32", 0.985, 5000)), got)).to.deep.equal([]);
  });

  it("reports each output that differs, with the tolerance for floats", () => {
    const label = (value: number): Tensor => ({
      name: "label",
      datatype: "INT32",
      shape: [1],
      data: Int32Array.of(value),
    });
    const expected = answer(floats("FP32", 0.5), label(1));
    expect(answerDifferences(expected, answer(floats("FP32", 0.75), label(2)))).to.deep.equal([
      "y at [0]: expected 0.5, got 0.75 (difference 0.25; tolerance 0.001 + 0.001 × the value)",
      "label at [0]: expected 1, got 2 (difference 1)",
    ]);
  });
});
