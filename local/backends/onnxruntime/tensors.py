"""What a model's inputs and outputs are, in Triton's words."""

import re

import triton_python_backend_utils as pb_utils

TYPES = {
    "tensor(bool)": "TYPE_BOOL",
    "tensor(uint8)": "TYPE_UINT8",
    "tensor(uint16)": "TYPE_UINT16",
    "tensor(uint32)": "TYPE_UINT32",
    "tensor(uint64)": "TYPE_UINT64",
    "tensor(int8)": "TYPE_INT8",
    "tensor(int16)": "TYPE_INT16",
    "tensor(int32)": "TYPE_INT32",
    "tensor(int64)": "TYPE_INT64",
    "tensor(float16)": "TYPE_FP16",
    "tensor(bfloat16)": "TYPE_BF16",
    "tensor(float)": "TYPE_FP32",
    "tensor(double)": "TYPE_FP64",
    "tensor(string)": "TYPE_STRING",
}


def type_of(tensor):
    """Returns a tensor's type as config.pbtxt writes it."""
    return TYPES.get(tensor.type, "TYPE_INVALID")


def shape_of(tensor):
    """Returns a tensor's shape, with -1 for every size that varies."""
    return [size if isinstance(size, int) else -1 for size in tensor.shape]


def require_tensors(values):
    """Refuses sequences, maps and the like."""
    for value in values:
        kind = re.match(r"\w+", value.type).group()
        if kind != "tensor":
            name = {"seq": "SEQUENCE", "sparse_tensor": "SPARSETENSOR"}.get(kind, kind.upper())
            raise pb_utils.TritonModelException(
                f"Unsupported ONNX Type 'ONNX_TYPE_{name}' for I/O '{value.name}', expected 'ONNX_TYPE_TENSOR'."
            )
