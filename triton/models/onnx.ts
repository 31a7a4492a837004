import { limits } from "../limits.ts";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";
import { onnxModelType, type OnnxGraph, type OnnxModel, type OnnxTensor, type OnnxValue } from "./onnxSchema.ts";
import { prunedPieces } from "./prune.ts";

/** The metadata of an ONNX file. */
export interface OnnxFile {
  readonly format: "onnx";
  /** The version of the file format. */
  readonly irVersion: number;
  /** The opset version by domain; the standard domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** The domains of the nodes' operators, except the standard one and those of functions that the file defines. */
  readonly operatorDomains: readonly string[];
  /** The graph's required inputs: those without an initialiser. */
  readonly inputs: readonly TensorInfo[];
  /** Inputs with an initialiser, which may still be given: a configuration's optional inputs. */
  readonly initialised: readonly TensorInfo[];
  /** The graph's outputs. */
  readonly outputs: readonly TensorInfo[];
  /** The files with weights that aren't in the file itself. */
  readonly externalData: readonly ExternalData[];
}

/** An input or an output. */
export interface TensorInfo {
  readonly name: string;
  /** `tensor` or another kind of value. */
  readonly kind: "tensor" | "sequence" | "map" | "opaque value" | "sparse tensor" | "optional value" | "unknown value";
  /** The element type by its ONNX name, for example `FLOAT`; `UNDEFINED` if it isn't known. */
  readonly elementType: string;
  /** Its shape, -1 for any size; empty for a scalar and for an unknown shape. */
  readonly dims: readonly number[];
  /** True if the file doesn't contain its shape, so that ONNX Runtime infers it. */
  readonly shapeless: boolean;
}

/** A file next to the model with weights. */
export interface ExternalData {
  /** The file, relative to the model's. */
  readonly location: string;
  /** The offset of the end of the last weights, in bytes; `NaN` if an offset or a length is not a number from 0. */
  readonly end: number;
}

/**
 * Reads the metadata of an ONNX file, skipping its weights.
 *
 * @param reader the file, from its beginning
 * @throws DamagedFileError if it isn't an ONNX file that ONNX Runtime would accept
 */
export async function readOnnx(reader: ForwardReader): Promise<OnnxFile> {
  const [first = 0, second] = await reader.peek(2);
  if (first === 0x50 && second === 0x4b) throw new DamagedFileError("it is a zip archive: unpack it first");
  if (first === 0x1f && second === 0x8b) throw new DamagedFileError("it is compressed with gzip: unpack it first");
  const { irVersion, opsets, hasGraph, inputs, outputs, constants, weights, ...parts } = await readParts(reader);
  // ONNX Runtime's own requirements: onnxruntime/core/graph/model.cc.
  if (!hasGraph) throw new DamagedFileError("it contains no graph");
  if (irVersion === 0) throw new DamagedFileError("it doesn't contain the version of ONNX's format");
  if (opsets.size === 0) throw new DamagedFileError("it doesn't contain the version of ONNX's operators");
  return {
    format: "onnx",
    irVersion,
    opsets: Object.fromEntries(opsets),
    operatorDomains: [...parts.domains].filter(
      (domain) => !["", "ai.onnx"].includes(domain) && !parts.functions.has(domain),
    ),
    inputs: inputs.filter(({ name }) => !constants.has(name)),
    // Before version 4 every initialiser was listed as an input, but can't be given.
    initialised: irVersion < 4 ? [] : inputs.filter(({ name }) => constants.has(name)),
    outputs,
    externalData: [...weights].map(([location, end]) => ({ location, end })),
  };
}

interface Parts {
  irVersion: number;
  hasGraph: boolean;
  readonly opsets: Map<string, number>;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  /** The domains of the nodes' operators, and of the functions that the file defines. */
  readonly domains: Set<string>;
  readonly functions: Set<string>;
  /** The names of the graph's initialisers. */
  readonly constants: Set<string>;
  /** The size needed of each file next to the model. */
  readonly weights: Map<string, number>;
}

/** Collects the relevant parts from each piece, so that a graph with very many nodes is never in memory as a whole. */
async function readParts(reader: ForwardReader): Promise<Parts> {
  const parts: Parts = {
    ...{ irVersion: 0, hasGraph: false, opsets: new Map(), inputs: [], outputs: [] },
    ...{ constants: new Set(), weights: new Map(), domains: new Set(), functions: new Set() },
  };
  for await (const piece of prunedPieces(reader, reader.size, onnxModelType)) {
    const { ir_version: irVersion, graph, opset_import: imports, functions } = decode(piece);
    if (irVersion !== 0) parts.irVersion = irVersion;
    for (const { domain, version } of imports) parts.opsets.set(domain || "ai.onnx", version);
    for (const { domain } of functions) parts.functions.add(domain);
    if (!graph) continue;
    parts.hasGraph = true;
    for (const input of graph.input) parts.inputs.push(tensorInfo(input));
    for (const output of graph.output) parts.outputs.push(tensorInfo(output));
    if (parts.inputs.length + parts.outputs.length > limits.tensors) {
      throw new DamagedFileError(`it has more than ${limits.tensors} inputs and outputs`);
    }
    for (const { name } of graph.initializer) parts.constants.add(name);
    for (const { values } of graph.sparse_initializer) parts.constants.add(values?.name ?? "");
    for (const inner of graphsIn(graph)) {
      for (const { domain } of inner.node) parts.domains.add(domain);
      for (const { location, end } of [...tensorsOf(inner)].flatMap(externalDataOf))
        parts.weights.set(location, Math.max(end, parts.weights.get(location) ?? 0));
    }
  }
  return parts;
}

function decode(bytes: Uint8Array): OnnxModel {
  try {
    return onnxModelType.toObject(onnxModelType.decode(bytes), { defaults: true, longs: Number }) as OnnxModel;
  } catch {
    throw new DamagedFileError("it isn't an ONNX model");
  }
}

function tensorInfo({ name, type }: OnnxValue): TensorInfo {
  const tensor = type?.tensor_type;
  return {
    name,
    kind: kindOf(type),
    elementType: elementTypes[tensor?.elem_type ?? 0]?.name ?? "UNDEFINED",
    // A negative size is the same as none.
    dims: (tensor?.shape?.dim ?? []).map(({ dim_value: size = -1 }) => Math.max(size, -1)),
    shapeless: !tensor?.shape,
  };
}

function kindOf(type: OnnxValue["type"]): TensorInfo["kind"] {
  if (type?.tensor_type) return "tensor";
  if (type?.sequence_type) return "sequence";
  if (type?.map_type) return "map";
  if (type?.opaque_type) return "opaque value";
  if (type?.sparse_tensor_type) return "sparse tensor";
  return type?.optional_type ? "optional value" : "unknown value";
}

/** A graph and those in its branches and loops. */
function* graphsIn(graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph;
  for (const { g, graphs } of graph.node.flatMap(({ attribute }) => attribute)) {
    for (const inner of g ? [g, ...graphs] : graphs) yield* graphsIn(inner);
  }
}

/** Every tensor of a graph itself, including those in its nodes. */
function* tensorsOf(graph: OnnxGraph): Generator<OnnxTensor> {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparse_initializer)
    yield* [values, indices].filter((tensor) => tensor !== null);
  for (const { t, tensors } of graph.node.flatMap(({ attribute }) => attribute)) {
    if (t) yield t;
    yield* tensors;
  }
}

/** Source: https://github.com/onnx/onnx/blob/main/docs/ExternalData.md */
function externalDataOf({
  dims,
  data_type: type,
  external_data: entries,
  data_location: place,
}: OnnxTensor): ExternalData[] {
  if (place !== 1) return [];
  const given = new Map(entries.map(({ key, value }) => [key, value]));
  const elements = dims.reduce((product, size) => product * size, 1);
  const needed = Math.ceil((elements * (elementTypes[type]?.bits ?? 0)) / 8);
  const [offset, length] = [byteCount(given.get("offset"), 0), byteCount(given.get("length"), needed)];
  return [{ location: given.get("location") ?? "", end: offset + length }];
}

/** A number of bytes as the file has it; `NaN` for anything but digits, which ONNX Runtime refuses. */
function byteCount(text: string | undefined, missing: number): number {
  if (text === undefined) return missing;
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : NaN;
}

/** ONNX's `TensorProto.DataType`, by number; 0 bits if the element size varies. */
const elementTypes: readonly { readonly name: string; readonly bits: number }[] = [
  ["UNDEFINED", 0],
  ["FLOAT", 32],
  ["UINT8", 8],
  ["INT8", 8],
  ["UINT16", 16],
  ["INT16", 16],
  ["INT32", 32],
  ["INT64", 64],
  ["STRING", 0],
  ["BOOL", 8],
  ["FLOAT16", 16],
  ["DOUBLE", 64],
  ["UINT32", 32],
  ["UINT64", 64],
  ["COMPLEX64", 64],
  ["COMPLEX128", 128],
  ["BFLOAT16", 16],
  ["FLOAT8E4M3FN", 8],
  ["FLOAT8E4M3FNUZ", 8],
  ["FLOAT8E5M2", 8],
  ["FLOAT8E5M2FNUZ", 8],
  ["UINT4", 4],
  ["INT4", 4],
  ["FLOAT4E2M1", 4],
  ["FLOAT8E8M0", 8],
  ["UINT2", 2],
  ["INT2", 2],
].map(([name, bits]) => ({ name: String(name), bits: Number(bits) }));
