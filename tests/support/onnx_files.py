"""Writes ONNX files that say of themselves what a test's table says of them.

Usage: onnx_files.py FOLDER < TABLE

TABLE is a JSON list of {"path", "file"}: where the file goes below FOLDER, and what it says, as triton/models/onnx.ts reads
it. An output is a constant of its type and shape, with a size of 1 where any is allowed.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def value_info(info):
    """Describes an input or an output."""
    if info["kind"] == "sequence":
        kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, None))
        return helper.make_value_info(info["name"], kind)
    shape = None if info["shapeless"] else [f"{info['name']}{i}" if d < 0 else d for i, d in enumerate(info["dims"])]
    return helper.make_tensor_value_info(info["name"], TensorProto.DataType.Value(info["elementType"]), shape)


def constant(info, name):
    """Returns a tensor that fits the description; of a shape that it does not tell, one of seven numbers."""
    sizes = [7] if info["shapeless"] else [1 if size < 0 else size for size in info["dims"]]
    return numpy_helper.from_array(np.ones(sizes, np.float32), name)


def giving(info, weights):
    """Returns the initialiser and the nodes that make an output, which takes these weights, too."""
    name = info["name"]
    if info["kind"] == "sequence":
        return [], [helper.make_node("SequenceEmpty", [], [name])]
    nodes, made = [], f"{name}_value"
    for weight in weights:
        number, total, sum_ = (f"{name}_{what}_{weight}" for what in ("number", "total", "sum"))
        nodes.append(helper.make_node("Cast", [weight], [number], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("ReduceMax", [number], [total], keepdims=0))
        nodes.append(helper.make_node("Add", [made, total], [sum_]))
        made = sum_
    for axis in (axis for axis, size in enumerate(info["dims"]) if size < 0):
        # ONNX Runtime does not know beforehand how many are left of it, because that is up to chance.
        drawn, chosen, left = (f"{name}_{what}{axis}" for what in ("drawn", "chosen", "left"))
        nodes.append(helper.make_node("RandomUniform", [], [drawn], shape=[1]))
        nodes.append(helper.make_node("Cast", [drawn], [chosen], to=TensorProto.BOOL))
        nodes.append(helper.make_node("Compress", [made, chosen], [left], axis=axis))
        made = left
    return [constant(info, f"{name}_value")], [*nodes, helper.make_node("Identity", [made], [name])]


def outside(data):
    """Returns weights that lie in another file; without an end, which JSON has for NaN, at an invalid offset."""
    end = data["end"]
    tensor = TensorProto(name=data["location"], data_type=TensorProto.UINT8, dims=[1 if end is None else end])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=data["location"])
    if end is None:
        tensor.external_data.add(key="offset", value="-1")
    return tensor


def model(file):
    """Returns the model that says this of itself."""
    weights = [outside(data) for data in file["externalData"]]
    made = [giving(info, [tensor.name for tensor in weights]) for info in file["outputs"]]
    initialisers = [tensor for tensors, _ in made for tensor in tensors]
    initialisers += [constant(info, info["name"]) for info in file["initialised"]]
    inputs = [value_info(info) for info in file["inputs"] + file["initialised"]]
    nodes = [node for _, each in made for node in each]
    # Of no inputs and outputs that matter: what counts is whether anybody knows the operator.
    nodes += [helper.make_node("Own", [], [f"of {domain}"], domain=domain) for domain in file["operatorDomains"]]
    graph = helper.make_graph(nodes, "g", inputs, [value_info(info) for info in file["outputs"]], initialisers)
    graph.initializer.extend(weights)
    opsets = [helper.make_opsetid("" if domain == "ai.onnx" else domain, v) for domain, v in file["opsets"].items()]
    return helper.make_model(graph, opset_imports=opsets, ir_version=file["irVersion"])


for entry in json.load(sys.stdin):
    path, file = Path(sys.argv[1]) / entry["path"], entry["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model(file).SerializeToString() if file["format"] == "onnx" else b"no model")
