import protobuf from "protobufjs";

/**
 * The part of an ONNX model that decides whether it loads: its graphs' inputs and outputs, and the location of their
 * weights. The weights themselves and the nodes' other attributes are left out.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export const onnxModelType: protobuf.Type = protobuf
  .parse(
    `
syntax = "proto3";
package onnx;

message ModelProto {
  int64 ir_version = 1;
  string producer_name = 2;
  string producer_version = 3;
  GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated FunctionProto functions = 25;
}

message FunctionProto { string domain = 10; }

message OperatorSetIdProto { string domain = 1; int64 version = 2; }

message GraphProto {
  repeated NodeProto node = 1;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated SparseTensorProto sparse_initializer = 15;
}

message NodeProto {
  option (drop_if_empty) = true;
  repeated AttributeProto attribute = 5;
  string domain = 7;
}

message AttributeProto {
  option (drop_if_empty) = true;
  ConstantProto t = 5;
  GraphProto g = 6;
  repeated ConstantProto tensors = 10;
  repeated GraphProto graphs = 11;
}

// The size of a tensor's values counts only where they lie in another file.
message TensorProto {
  repeated int64 dims = 1 [(only_with) = "data_location"];
  int32 data_type = 2 [(only_with) = "data_location"];
  string name = 8;
  repeated StringStringEntryProto external_data = 13;
  int32 data_location = 14;
}

// A node's TensorProto, whose name nobody needs.
message ConstantProto {
  option (drop_if_empty) = true;
  repeated int64 dims = 1 [(only_with) = "data_location"];
  int32 data_type = 2 [(only_with) = "data_location"];
  repeated StringStringEntryProto external_data = 13 [(only_with) = "data_location"];
  int32 data_location = 14 [(only_with) = "data_location"];
}

message StringStringEntryProto { string key = 1; string value = 2; }

message SparseTensorProto { TensorProto values = 1; TensorProto indices = 2; }

message ValueInfoProto { string name = 1; TypeProto type = 2; }

message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  message Other {}
  oneof value {
    Tensor tensor_type = 1;
    Other sequence_type = 4;
    Other map_type = 5;
    Other opaque_type = 7;
    Other sparse_tensor_type = 8;
    Other optional_type = 9;
  }
}

message TensorShapeProto {
  message Dimension {
    oneof value { int64 dim_value = 1; string dim_param = 2; }
  }
  repeated Dimension dim = 1;
}
`,
    { keepCase: true },
  )
  .root.lookupType("onnx.ModelProto");

/** The decoded message from protobufjs, with defaults. */
export interface OnnxModel {
  readonly ir_version: number;
  readonly producer_name: string;
  readonly producer_version: string;
  readonly graph: OnnxGraph | null;
  readonly opset_import: readonly { readonly domain: string; readonly version: number }[];
  readonly functions: readonly { readonly domain: string }[];
}

/** A graph, the model's own or one inside a node. */
export interface OnnxGraph {
  readonly node: readonly { readonly attribute: readonly OnnxAttribute[]; readonly domain: string }[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
  readonly sparse_initializer: readonly { readonly values: OnnxTensor | null; readonly indices: OnnxTensor | null }[];
}

/** The tensors and graphs in a node's attribute. */
export interface OnnxAttribute {
  readonly t: OnnxTensor | null;
  readonly g: OnnxGraph | null;
  readonly tensors: readonly OnnxTensor[];
  readonly graphs: readonly OnnxGraph[];
}

/** A tensor, without its values. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly name: string;
  readonly external_data: readonly { readonly key: string; readonly value: string }[];
  readonly data_location: number;
}

/** An input or an output. */
export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensor_type?: {
      readonly elem_type: number;
      readonly shape: {
        readonly dim: readonly { readonly dim_value?: number; readonly dim_param?: string }[];
      } | null;
    } | null;
    readonly sequence_type?: object | null;
    readonly map_type?: object | null;
    readonly opaque_type?: object | null;
    readonly sparse_tensor_type?: object | null;
    readonly optional_type?: object | null;
  } | null;
}
