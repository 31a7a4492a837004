import { expect } from "chai";
import { readModelFile } from "../../../triton/models/modelFile.ts";
import { onnxBytes, onnxFile, readerOf, smallModel } from "../../support/onnxFiles.ts";

const read = (message: Readonly<Record<string, unknown>>, chunk?: number) =>
  readModelFile("onnx", readerOf(onnxBytes(message), chunk));
const withGraph = (graph: object) => ({ ...smallModel, graph: { ...smallModel.graph, ...graph } });
const damaged = (reason: string) => ({ format: "damaged", reason });

describe("reading an ONNX file", () => {
  it("returns the inputs without initialiser, the outputs, their types and shapes, and the versions", async () => {
    const file = onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" });
    for (const chunk of [1, 7, 10_000]) expect(await read(smallModel, chunk)).to.deep.equal(file);
  });

  it("separates inputs with an initialiser, which can't be given before IR version 4", async () => {
    const w = { name: "w", type: { tensor_type: { elem_type: 1, shape: { dim: [{ dim_value: 4 }] } } } };
    const both = withGraph({ input: [...smallModel.graph.input, w] });
    expect(await read(both)).to.deep.include({
      initialised: [{ name: "w", kind: "tensor", elementType: "FLOAT", dims: [4], shapeless: false }],
    });
    expect(await read({ ...both, ir_version: 3 })).to.deep.include({ initialised: [] });
  });

  it("treats negative, named and missing sizes as any size, and distinguishes scalars from unknown shapes", async () => {
    const shapes = {
      a: { dim: [{ dim_value: -7 }, { dim_param: "N" }, {}, { dim_value: 0 }] },
      b: { dim: [] },
      c: null,
    };
    const input = Object.entries(shapes).map(([name, shape]) => ({
      name,
      type: { tensor_type: { elem_type: 9, shape } },
    }));
    const file = await read(withGraph({ input }));
    expect(file.format === "onnx" && file.inputs.map(({ dims, shapeless }) => [dims, shapeless])).to.deep.equal([
      [[-1, -1, -1, 0], false],
      [[], false],
      [[], true],
    ]);
  });

  it("names values that aren't tensors", async () => {
    const kinds = ["sequence_type", "map_type", "opaque_type", "sparse_tensor_type", "optional_type"];
    const output = kinds.map((kind) => ({ name: kind, type: { [kind]: {} } }));
    const file = await read(withGraph({ output: [...output, { name: "none" }] }));
    expect(file.format === "onnx" && file.outputs.map(({ kind }) => kind)).to.deep.equal([
      "sequence",
      "map",
      "opaque value",
      "sparse tensor",
      "optional value",
      "unknown value",
    ]);
  });

  it("finds weights in other files, including those of nodes and nested graphs", async () => {
    const tensor = (location: string, entries: Readonly<Record<string, string>> = {}, type = 1) => ({
      dims: [3, 5],
      data_type: type,
      data_location: 1,
      external_data: Object.entries({ location, ...entries }).map(([key, value]) => ({ key, value })),
    });
    const file = await read(
      withGraph({
        initializer: [tensor("a"), tensor("b", { offset: "4096", length: "7" }), tensor("c", {}, 22)],
        node: [{ attribute: [{ t: tensor("d") }, { g: { initializer: [tensor("e", { offset: "1" })] } }] }],
        sparse_initializer: [{ values: tensor("f"), indices: null }],
      }),
    );
    expect(file.format === "onnx" && file.externalData).to.have.deep.members([
      { location: "a", end: 60 },
      { location: "b", end: 4103 },
      { location: "c", end: 8 },
      { location: "f", end: 60 },
      { location: "d", end: 60 },
      { location: "e", end: 61 },
    ]);
  });

  it("reads a graph of thousands of nodes piece by piece, and tells of each file beside it how far it is read", async () => {
    const { input, output } = smallModel.graph;
    const external = (length: number) => ({
      data_location: 1,
      external_data: [
        { key: "location", value: "weights" },
        { key: "length", value: String(length) },
      ],
    });
    const node = Array.from({ length: 5000 }, (_, index) => ({
      attribute: [{ t: index === 4000 ? external(9) : { dims: [1], data_type: 1 } }],
    }));
    const initializer = Array.from({ length: 5000 }, (_, index) => ({
      ...{ name: `w${index}`, dims: [4], data_type: 1 },
      ...(index === 1000 && external(7)),
    }));
    const file = await read(
      withGraph({ node, initializer, input: [...input, { name: "w4999", type: input[0]?.type }], output }),
      4096,
    );
    expect(file).to.deep.equal({
      ...onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" }),
      initialised: [{ name: "w4999", kind: "tensor", elementType: "FLOAT", dims: [-1, 4], shapeless: false }],
      externalData: [{ location: "weights", end: 9 }],
    });
  });

  it("lists the domains of its nodes' operators, including those in branches, except the standard one and its own functions", async () => {
    const own = { functions: [{ domain: "own" }] };
    const branch = { node: [{ domain: "inner" }] };
    const node = [
      { domain: "" },
      { domain: "ai.onnx" },
      { domain: "own" },
      { domain: "b", attribute: [{ g: branch }] },
    ];
    for (const chunk of [7, 4096]) {
      const file = await read({ ...withGraph({ node }), ...own }, chunk);
      expect(file.format === "onnx" && file.operatorDomains).to.have.members(["inner", "b"]);
    }
  });

  it("skips large messages and weights without keeping them", async () => {
    const nodes = Array.from({ length: 3000 }, (_, index) => ({
      attribute: [{ t: { name: `node ${index}`, dims: [index] } }],
    }));
    const bytes = onnxBytes(withGraph({ node: nodes }));
    // Weights: the field raw_data, which the schema leaves out, of an initialiser.
    const raw = Buffer.concat([Buffer.from([0x4a, 0x80, 0x80, 0x40]), Buffer.alloc(2 ** 20)]);
    const weights = Buffer.concat([Buffer.from([0x2a, 0x84, 0x80, 0x40]), raw]);
    const graph = Buffer.concat([Buffer.from([0x3a, 0x88, 0x80, 0x40]), weights]);
    const file = await readModelFile("onnx", readerOf(Buffer.concat([bytes, graph]), 4096));
    expect(file).to.deep.equal(onnxFile({ x: "FLOAT -1 4" }, { y: "FLOAT -1 3" }));
  });

  it("says why ONNX Runtime wouldn't load a file", async () => {
    const bytes = onnxBytes(smallModel);
    const { graph, ...rest } = smallModel;
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(), "it is empty"],
      [bytes.subarray(0, -1), "it is truncated, or isn't a protobuf message"],
      [Buffer.from("PK\u0003\u0004 and so on"), "it is a zip archive: unpack it first"],
      [Buffer.from([0x1f, 0x8b, 8, 0]), "it is compressed with gzip: unpack it first"],
      [Buffer.from("<html>404</html>"), "it isn't a protobuf message, as models are"],
      [
        Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0"),
        "it is only Git LFS's pointer to the file, which `git lfs pull` fetches",
      ],
      [onnxBytes(rest), "it contains no graph"],
      [onnxBytes({ ...rest, graph, ir_version: 0 }), "it doesn't contain the version of ONNX's format"],
      [onnxBytes({ ...rest, graph, opset_import: [] }), "it doesn't contain the version of ONNX's operators"],
    ];
    for (const [content, reason] of cases) {
      expect(await readModelFile("onnx", readerOf(content))).to.deep.equal(damaged(reason));
    }
  });

  it("gives up on endlessly nested graphs", async () => {
    let bytes: Buffer = Buffer.alloc(5000);
    for (let level = 0; level < 300; level++) bytes = wrapped(level % 3 === 0 ? 6 : level % 3 === 1 ? 5 : 1, bytes);
    expect(await readModelFile("onnx", readerOf(wrapped(7, bytes), 4096))).to.have.property("format", "damaged");
  });
});

/** A message in a field of another. */
function wrapped(field: number, content: Buffer): Buffer {
  const length: number[] = [];
  for (let left = content.length; ; left >>>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), content]);
}
