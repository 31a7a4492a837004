import { expect } from "chai";
import { readModelFile, usualFormat } from "../../../triton/models/modelFile.ts";
import { savedModelType } from "../../../triton/models/savedModel.ts";
import { readerOf, tensorsOf } from "../../support/onnxFiles.ts";

const damaged = (reason: string) => ({ format: "damaged", reason });

describe("reading a TensorRT plan", () => {
  const plan = (magic: string, head: number, version: number[]) => {
    const bytes = Buffer.alloc(64);
    bytes.write(magic, "latin1");
    bytes.writeUInt32LE(head, 4);
    bytes.set(version, 24);
    return readModelFile("tensorrt", readerOf(bytes));
  };

  it("returns the version of TensorRT that built it, if its header contains it", async () => {
    expect(await plan("ftrt", 1, [10, 9, 0, 34])).to.deep.equal({ format: "tensorrt", version: "10.9.0" });
    expect(await plan("ftrt", 7, [10, 9, 0, 34])).to.deep.equal({ format: "tensorrt" });
    expect(await plan("ptrt", 1, [10, 9, 0, 34])).to.deep.equal({ format: "tensorrt" });
  });

  it("refuses any other file", async () => {
    expect(await plan("PK\u0003\u0004", 1, [])).to.deep.equal(damaged("it isn't a TensorRT plan"));
    expect(await readModelFile("tensorrt", readerOf(Buffer.from("ftrt")))).to.deep.equal(damaged("it is truncated"));
  });
});

describe("reading a PyTorch file", () => {
  const zip = (...names: string[]) => readModelFile("torch", readerOf(zipOf(names)));

  it("distinguishes TorchScript, a checkpoint and an exported program by the names in the zip archive", async () => {
    expect(await zip("net/data.pkl", "net/code/__torch__.py", "net/constants.pkl", "net/version")).to.include({
      kind: "TorchScript",
    });
    expect(await zip("net/data.pkl", "net/data/0", "net/version")).to.include({ kind: "checkpoint" });
    expect(await zip("net/archive_format", "net/models/model.json")).to.include({ kind: "export" });
  });

  it("recognises a checkpoint from before the zip format", async () => {
    expect(await readModelFile("torch", readerOf(Buffer.from([0x80, 2, 0x8a])))).to.include({ kind: "checkpoint" });
  });

  it("says what is wrong with another file", async () => {
    expect(await zip("word/document.xml")).to.deep.equal(damaged("it is a zip archive, but not one saved by PyTorch"));
    expect(await readModelFile("torch", readerOf(Buffer.from("text")))).to.deep.equal(
      damaged("it isn't a file saved by PyTorch"),
    );
    expect(await readModelFile("torch", readerOf(zipOf(["a/data.pkl"]).subarray(0, -10)))).to.deep.equal(
      damaged("it is truncated: its zip directory is missing"),
    );
  });
});

describe("reading a SavedModel", () => {
  it("returns the inputs and outputs of its signatures", async () => {
    const shape = { dim: [{ size: -1 }, { size: 4 }] };
    const bytes = savedModelType
      .encode(
        savedModelType.fromObject({
          meta_graphs: [
            {
              meta_info_def: { tags: ["serve"] },
              signature_def: [
                {
                  key: "serving_default",
                  value: {
                    inputs: [{ key: "x", value: { dtype: 1, tensor_shape: shape } }],
                    outputs: [
                      { key: "y", value: { dtype: 7, tensor_shape: { unknown_rank: true } } },
                      { key: "z", value: { dtype: 8, tensor_shape: {} } },
                    ],
                  },
                },
              ],
            },
          ],
        }),
      )
      .finish();
    expect(await readModelFile("savedmodel", readerOf(bytes))).to.deep.equal({
      format: "savedmodel",
      signatures: [
        {
          tags: ["serve"],
          name: "serving_default",
          inputs: tensorsOf({ x: "FLOAT -1 4" }),
          outputs: tensorsOf({ y: "STRING ?", z: "UNDEFINED" }),
        },
      ],
    });
  });

  it("refuses any other file", async () => {
    expect(await readModelFile("savedmodel", readerOf(Buffer.from([0x08, 1])))).to.deep.equal(
      damaged("it contains no graph"),
    );
  });
});

describe("the usual names of model files", () => {
  it("only count in a version folder", () => {
    const paths = [
      "m/1/model.onnx",
      "m/1/model.onnx/model.onnx",
      "m/model.onnx",
      "m/1/a.plan",
      "m/1/a.pt",
      "m/1/onnx",
      "m/1/a.constructor",
    ];
    expect(paths.map(usualFormat)).to.deep.equal([
      "onnx",
      "onnx",
      undefined,
      "tensorrt",
      "torch",
      undefined,
      undefined,
    ]);
  });
});

/** The end of a zip archive: its directory, without the files. */
function zipOf(names: readonly string[]): Buffer {
  const entries = names.map((name) => {
    const entry = Buffer.alloc(46);
    entry.write("PK\u0001\u0002", "latin1");
    entry.writeUInt16LE(name.length, 28);
    return Buffer.concat([entry, Buffer.from(name)]);
  });
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  return Buffer.concat([Buffer.from("PK\u0003\u0004"), ...entries, end]);
}
