import protobuf from "protobufjs";
import { DamagedFileError, type ForwardReader } from "./forwardReader.ts";
import type { TensorInfo } from "./onnx.ts";
import { prune } from "./prune.ts";

/** The metadata of a TensorFlow SavedModel. */
export interface SavedModelFile {
  readonly format: "savedmodel";
  /** Its signatures, by the graph's tags and the signature's name. */
  readonly signatures: readonly SavedModelSignature[];
}

/** A signature of a SavedModel. */
export interface SavedModelSignature {
  /** The tags of its graph, for example `serve`. */
  readonly tags: readonly string[];
  /** Its name, for example `serving_default`. */
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/**
 * Reads the signatures of a SavedModel from its `saved_model.pb`, skipping the graph.
 *
 * @param reader the file, from its beginning
 * @throws DamagedFileError if it isn't a SavedModel
 */
export async function readSavedModel(reader: ForwardReader): Promise<SavedModelFile> {
  const { meta_graphs: graphs } = decode(await prune(reader, reader.size, savedModelType));
  if (graphs.length === 0) throw new DamagedFileError("it contains no graph");
  return {
    format: "savedmodel",
    signatures: graphs.flatMap(({ meta_info_def: info, signature_def: signatures }) =>
      signatures.map(({ key: name, value }) => ({
        tags: info?.tags ?? [],
        name,
        inputs: (value?.inputs ?? []).map(tensorInfo),
        outputs: (value?.outputs ?? []).map(tensorInfo),
      })),
    ),
  };
}

/**
 * The part of a SavedModel with its signatures; its maps are declared as the lists of entries that they are encoded as.
 * Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
 *
 * @internal
 */
export const savedModelType: protobuf.Type = protobuf
  .parse(
    `
syntax = "proto3";
package tensorflow;

message SavedModel { repeated MetaGraphDef meta_graphs = 2; }

message MetaGraphDef {
  message MetaInfoDef { repeated string tags = 4; }
  MetaInfoDef meta_info_def = 1;
  repeated SignatureEntry signature_def = 5;
}

message SignatureEntry { string key = 1; SignatureDef value = 2; }

message SignatureDef { repeated TensorEntry inputs = 1; repeated TensorEntry outputs = 2; }

message TensorEntry { string key = 1; TensorInfo value = 2; }

message TensorInfo { int32 dtype = 2; TensorShapeProto tensor_shape = 3; }

message TensorShapeProto {
  message Dim { int64 size = 1; }
  repeated Dim dim = 2;
  bool unknown_rank = 3;
}
`,
    { keepCase: true },
  )
  .root.resolveAll()
  .lookupType("tensorflow.SavedModel");

interface SavedModel {
  readonly meta_graphs: readonly {
    readonly meta_info_def: { readonly tags: readonly string[] } | null;
    readonly signature_def: readonly {
      readonly key: string;
      readonly value: { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] } | null;
    }[];
  }[];
}

interface Tensor {
  readonly key: string;
  readonly value: {
    readonly dtype: number;
    readonly tensor_shape: {
      readonly dim: readonly { readonly size: number }[];
      readonly unknown_rank: boolean;
    } | null;
  } | null;
}

function decode(bytes: Uint8Array): SavedModel {
  try {
    return savedModelType.toObject(savedModelType.decode(bytes), { defaults: true, longs: Number }) as SavedModel;
  } catch {
    throw new DamagedFileError("it isn't a SavedModel");
  }
}

function tensorInfo({ key: name, value }: Tensor): TensorInfo {
  const shape = value?.tensor_shape;
  return {
    name,
    kind: "tensor",
    elementType: elementTypes[value?.dtype ?? 0] ?? "UNDEFINED",
    dims: (shape?.dim ?? []).map(({ size }) => Math.max(size, -1)),
    shapeless: !shape || shape.unknown_rank,
  };
}

/** TensorFlow's `DataType` by number, with ONNX's names. */
const elementTypes: Readonly<Record<number, string | undefined>> = {
  1: "FLOAT",
  2: "DOUBLE",
  3: "INT32",
  4: "UINT8",
  5: "INT16",
  6: "INT8",
  7: "STRING",
  9: "INT64",
  10: "BOOL",
  17: "UINT16",
  19: "FLOAT16",
  22: "UINT32",
  23: "UINT64",
};
