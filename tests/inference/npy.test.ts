import { expect } from "chai";
import { readNpy, writeNpy } from "../../inference/npy.ts";
import type { Tensor } from "../../inference/tensorTypes.ts";

/** A file as numpy writes it. */
function npy(descr: string, shape: string, content: Uint8Array, fortran = "False"): Buffer {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`, "latin1");
  return Buffer.concat([
    Buffer.from("\u0093NUMPY\u0001\u0000", "latin1"),
    Buffer.of(header.length, 0),
    header,
    content,
  ]);
}

const bytesOf = (array: NodeJS.TypedArray) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("a .npy file", () => {
  it("is read in either byte order", () => {
    const little = readNpy("x", npy("<i4", "(2,)", bytesOf(Int32Array.of(1, -2))));
    expect(little).to.deep.equal({ name: "x", datatype: "INT32", shape: [2], data: Int32Array.of(1, -2) });
    const big = readNpy("x", npy(">i2", "(2,)", Uint8Array.of(0, 1, 255, 254)));
    expect(big).to.deep.equal({ name: "x", datatype: "INT16", shape: [2], data: Int16Array.of(1, -2) });
  });

  it("in Fortran order is read row by row", () => {
    const columns = npy("|u1", "(2, 3)", Uint8Array.of(1, 4, 2, 5, 3, 6), "True");
    expect(readNpy("x", columns).data).to.deep.equal(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });

  it("gives strings and byte strings without their zero padding", () => {
    const texts = npy("<U2", "(2,)", bytesOf(Uint32Array.of(0x1f427, 0, 0x61, 0x62)));
    expect(readNpy("x", texts).data).to.deep.equal([Buffer.from("🐧"), Buffer.from("ab")]);
    expect(readNpy("x", npy("|S3", "(1,)", Buffer.from("a\0\0"))).data).to.deep.equal([Buffer.from("a")]);
  });

  it("may hold a single value without a shape, or ml_dtypes' bfloat16", () => {
    expect(readNpy("x", npy("<f8", "()", bytesOf(Float64Array.of(0.1))))).to.deep.include({
      shape: [],
      data: Float64Array.of(0.1),
    });
    expect(readNpy("x", npy("<V2", "(1,)", Uint8Array.of(0xc0, 0x3f)))).to.deep.include({
      datatype: "BF16",
      data: Float32Array.of(1.5),
    });
  });

  it("that is truncated or holds something else is refused with the reason", () => {
    const refused = (file: Uint8Array) => () => readNpy("x.npy", file);
    expect(refused(Buffer.from("PK"))).to.throw("x.npy: not a .npy file: write it with numpy.save");
    expect(refused(npy("|O", "(1,)", new Uint8Array(8)))).to.throw("holds Python objects");
    expect(refused(npy("<c8", "(1,)", new Uint8Array(8)))).to.throw("dtype <c8 have no equivalent");
    expect(refused(npy("<f4", "(3,)", new Uint8Array(8)))).to.throw("its array has 12 bytes, 8 are there");
  });

  it("of strings that numpy would change is refused: it drops zero bytes at their end, and UTF-8 has no half characters", () => {
    const zeros: Tensor = { name: "x", datatype: "BYTES", shape: [2], data: [Buffer.from("a\0"), Buffer.from("b")] };
    expect(() => writeNpy(zeros)).to.throw(
      '"x" has a string that ends in a zero byte, which numpy would drop as padding: save it as .json',
    );
    expect(() => readNpy("x", npy("<U1", "(1,)", bytesOf(Uint32Array.of(0xd800))))).to.throw("UTF-8 can't hold");
  });

  it("is written with its array aligned to 64 bytes, and reads back unchanged", () => {
    const tensors: Tensor[] = [
      { name: "x", datatype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) },
      { name: "x", datatype: "INT64", shape: [1, 2], data: BigInt64Array.of(-1n, 2n ** 62n) },
      { name: "x", datatype: "FP16", shape: [2], data: Float32Array.of(1.5, -0) },
      { name: "x", datatype: "FP64", shape: [], data: Float64Array.of(Math.PI) },
      { name: "x", datatype: "BYTES", shape: [2], data: [Buffer.from("a"), Buffer.from("Gentoo")] },
    ];
    for (const tensor of tensors) {
      const file = writeNpy(tensor);
      expect(readNpy("x", file)).to.deep.equal(tensor);
      expect(Buffer.from(file).indexOf("\n") % 64).to.equal(63);
    }
    const wide = writeNpy({ name: "x", datatype: "BF16", shape: [1], data: Float32Array.of(1.5) });
    expect(readNpy("x", wide)).to.deep.include({ datatype: "FP32", data: Float32Array.of(1.5) });
  });
});
