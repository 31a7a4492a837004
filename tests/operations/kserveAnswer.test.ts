import { expect } from "chai";
import { encodeRequest } from "../../inference/index.ts";
import type { InvocationError } from "../../operations/invocationError.ts";
import { answerReader } from "../../operations/kserveAnswer.ts";

const input = { name: "x", datatype: "INT8", shape: [1], data: [1] } as const;
const body = (text: string) => ({ body: Buffer.from(text), contentType: "application/json" });
const output = (fields: object) =>
  JSON.stringify({ outputs: [{ name: "y", datatype: "FP32", shape: [1], data: [1], ...fields }] });

describe("the answer to a KServe request", () => {
  const read = answerReader(encodeRequest({ inputs: [input], outputs: [{ name: "y" }] }));

  it("is returned if it is KServe's and has the outputs that the request names", () => {
    expect(read(body(output({})))?.outputs.map(({ name }) => name)).to.deep.equal(["y"]);
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ["null", "null", 'no list "outputs"'],
    ["empty", "", "isn't JSON"],
    ["a list", "[]", 'no list "outputs"'],
    ["without outputs", '{"outputs":[]}', "it has no outputs"],
    ["without an output that the request names", output({ name: "z" }), 'lacks the output "y"'],
    ["of an open shape", output({ shape: [-1] }), "needs a shape that is a list of whole numbers"],
    ["of 101 dimensions", output({ shape: Array(101).fill(1) }), "has 101 dimensions, more than 100"],
    ["with too few values", output({ shape: [2] }), "has 1 values, but its shape [2] needs 2"],
    ["of an unknown datatype", output({ datatype: "FP7" }), "has the datatype FP7"],
    ["of a datatype that is a list", output({ datatype: [[]] }), "has the datatype […]"],
    ["with parameters that are text", output({ parameters: "binary" }), "parameters that aren't an object"],
    [
      "with two outputs of one name",
      `{"outputs":[${[1, 2].map(() => JSON.stringify({ ...input, name: "y" })).join()}]}`,
      'two outputs "y"',
    ],
    ["with a model's name that isn't text", '{"model_name":[],"outputs":[]}', '"model_name" isn\'t a string'],
    [
      "with more strings than memory holds",
      output({ datatype: "BYTES", shape: [1_000_001], data: [] }),
      "more than 1000000 strings",
    ],
  ];
  for (const [what, text, reason] of cases) {
    it(`is a bad answer if it is ${what}`, () => {
      try {
        read(body(text));
      } catch (error) {
        const { kind, message } = error as InvocationError;
        expect({ kind, message }).to.deep.include({ kind: "bad answer" });
        expect(message)
          .to.match(/^the answer isn't KServe's: /)
          .and.include(reason);
        return;
      }
      throw new Error("it was taken");
    });
  }
});

describe("the answer to any other request", () => {
  it("may be anything", () => {
    const read = answerReader(body('{"text_input":"a"}'));
    for (const text of ["", "null", '{"text_output":"b"}']) expect(read(body(text))).to.equal(undefined);
    expect(read(body(output({})))?.outputs).to.have.length(1);
  });
});
