import { expect } from "chai";
import { zipSync } from "fflate";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { encodeRequest } from "../../inference/index.ts";
import type { InferenceRequest } from "../../inference/index.ts";
import { writeNpy } from "../../inference/npy.ts";
import { readRequest } from "../../operations/readInputs.ts";
import { parseModelConfig } from "../../triton/config/modelConfig.ts";

const model = parseModelConfig(`
max_batch_size: 8
input { name: "x" data_type: TYPE_FP32 dims: [ 2 ] }
input { name: "ids" data_type: TYPE_INT64 dims: [ -1 ] }
input { name: "text" data_type: TYPE_STRING dims: [ 1 ] }
input { name: "half" data_type: TYPE_FP16 dims: [ 1 ] }
input { name: "open" data_type: TYPE_BOOL dims: [ -1, -1 ] }
`).config!;

async function read(inputs: string[], file?: string, known = true): Promise<InferenceRequest["inputs"]> {
  const given = { inputs, ...(file !== undefined && { file }) };
  const found = await readRequest(given, () => Promise.resolve(known ? model : undefined));
  if (found.kind !== "tensors") throw new Error("these are no tensors");
  encodeRequest(found.request, "binary");
  return found.request.inputs;
}

const refusal = (inputs: string[], file?: string, known?: boolean): Promise<string> =>
  read(inputs, file, known).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );

describe("an input", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "read-inputs-"));
  const file = (name: string, content: Uint8Array | string) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("takes the deployed model's type, and a batch as large as its values fill", async () => {
    expect(await read(["x=1,2.5,nan,-inf", "ids=9223372036854775807,-1", "text=a b,c"])).to.deep.equal([
      { name: "x", datatype: "FP32", shape: [2, 2], data: [1, 2.5, Number.NaN, -Infinity] },
      { name: "ids", datatype: "INT64", shape: [1, 2], data: [9223372036854775807n, -1n] },
      { name: "text", datatype: "BYTES", shape: [2, 1], data: ["a b", "c"] },
    ]);
  });

  it("with type and shape doesn't need the model, so it isn't read", async () => {
    const unread = () => Promise.reject(new Error("the model was read"));
    const found = await readRequest({ inputs: ["x:INT8[1,2]=1,2"] }, unread);
    expect(found).to.deep.equal({
      kind: "tensors",
      request: { inputs: [{ name: "x", datatype: "INT8", shape: [1, 2], data: [1n, 2n] }] },
    });
    expect(await readRequest({ inputs: ["x:INT8=1"] }, unread).catch(String)).to.include("the model was read");
  });

  it("takes its shape from nested arrays or from the given one", async () => {
    expect(await read(['text=[["a,b"],["c"]]', "open[1,1,2]=true,0", "ids=[1,2]"])).to.deep.equal([
      { name: "text", datatype: "BYTES", shape: [2, 1], data: ["a,b", "c"] },
      { name: "open", datatype: "BOOL", shape: [1, 1, 2], data: [true, false] },
      { name: "ids", datatype: "INT64", shape: [1, 2], data: [1, 2] },
    ]);
  });

  it("needs no model if its type is given, and may have a colon in its name", async () => {
    expect(await read(["input:0:INT8[1,2]=1,2", "y:FP64=1"], undefined, false)).to.deep.equal([
      { name: "input:0", datatype: "INT8", shape: [1, 2], data: [1n, 2n] },
      { name: "y", datatype: "FP64", shape: [1], data: [1] },
    ]);
    expect(await read(["y:FP64=1"])).to.deep.equal([{ name: "y", datatype: "FP64", shape: [1], data: [1] }]);
  });

  it("of BYTES may be a file", async () => {
    const image = file("image.jpg", Uint8Array.of(0xff, 0xd8));
    expect(await read([`text=@${image}`])).to.deep.equal([
      { name: "text", datatype: "BYTES", shape: [1, 1], data: [Buffer.of(0xff, 0xd8)] },
    ]);
  });

  it("from numpy takes the model's type, and a batch dimension if only that is missing", async () => {
    const doubles = file("x.npy", writeNpy({ name: "", datatype: "FP64", shape: [2], data: Float64Array.of(1, 0.5) }));
    const words = file("h.npy", writeNpy({ name: "", datatype: "UINT16", shape: [2, 1], data: Uint16Array.of(1, 2) }));
    expect(await read([`x=@${doubles}`, `half=@${words}`])).to.deep.equal([
      { name: "x", datatype: "FP32", shape: [1, 2], data: Float64Array.of(1, 0.5) },
      { name: "half", datatype: "FP16", shape: [2, 1], data: Float32Array.of(1, 2) },
    ]);
    const npz = zipSync({
      "x.npy": writeNpy({ name: "", datatype: "FP32", shape: [1, 2], data: Float32Array.of(1, 2) }),
      "ids.npy": writeNpy({ name: "", datatype: "INT32", shape: [1], data: Int32Array.of(7) }),
    });
    expect(await read([], file("inputs.npz", npz))).to.deep.equal([
      { name: "x", datatype: "FP32", shape: [1, 2], data: Float32Array.of(1, 2) },
      { name: "ids", datatype: "INT64", shape: [1, 1], data: Int32Array.of(7) },
    ]);
  });

  it("that doesn't fit is refused with the reason", async () => {
    expect(await refusal(["x=1,2,3"])).to.equal('input "x" has 3 values, but its shape [2] takes a multiple of 2');
    expect(await refusal(["y=1"])).to.equal('the model has no input "y": it has x, ids, text, half, open');
    expect(await refusal(["x=1,"])).to.include('has the value "", but FP32 takes numbers');
    expect(await refusal(["ids=1.5"])).to.include('has the value "1.5", but INT64 takes whole numbers');
    expect(await refusal(["ids=9223372036854775808"])).to.include("INT64 takes a whole number from");
    expect(await refusal(["open=1"])).to.include("several dimensions are open");
    expect(await refusal(["x=1,2", "x=3,4"])).to.equal('input "x" is given twice: remove one');
    expect(await refusal(["x"])).to.include('has no "="');
    expect(await refusal(["x=[[1],[2,3]]"])).to.include("rows of different lengths");
    expect(await refusal(["x=[1,"])).to.include("isn't a JSON array");
    expect(await refusal(["z=1"], undefined, false)).to.include("write it as z:FP32=…");
    expect(await refusal(["x=@missing.npy"])).to.equal("there is no file missing.npy");
    expect(await refusal([], file("bad.npz", "no zip"))).to.include("isn't a .npz file");
  });

  it("is refused together with all others that don't fit, each with its reason", async () => {
    expect(await refusal(["x=1,2,3", "y=1", "x", "text=@missing.jpg", "ids=7"])).to.equal(
      [
        "the request has 4 problems:",
        'input "x" has 3 values, but its shape [2] takes a multiple of 2',
        'the model has no input "y": it has x, ids, text, half, open',
        '--input "x" has no "=": write NAME=1,2,3 or NAME=@file',
        "there is no file missing.jpg",
      ].join("\n  "),
    );
  });

  it("may be KServe's JSON; any other JSON is sent unchanged", async () => {
    const tensors = '{"inputs":[{"name":"x","datatype":"INT64","shape":[1],"data":[9007199254740993]}]}';
    expect(await read([], file("request.json", tensors))).to.deep.equal([
      { name: "x", datatype: "INT64", shape: [1], data: BigInt64Array.of(9007199254740993n) },
    ]);
    const other = file("generate.json", '{"text_input":"a"}');
    const found = await readRequest({ file: other, inputs: [] }, () => Promise.resolve(undefined));
    expect(found).to.deep.equal({
      kind: "body",
      body: { body: Buffer.from('{"text_input":"a"}'), contentType: "application/json" },
    });
    expect(await refusal([], file("broken.json", "{"))).to.include("broken.json isn't JSON");
    expect(await refusal(["x=1"], other)).to.include("can't be combined");
  });
});
