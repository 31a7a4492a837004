"""Makes seeded random pairs of an ONNX model and a config.pbtxt, and says of each whether Triton would serve it.

The verdicts restate Triton's own rules, read from its source, and share nothing with the check in triton/:
  core     https://github.com/triton-inference-server/core/blob/r26.05/src/model_config_utils.cc
  backend  https://github.com/triton-inference-server/onnxruntime_backend/blob/r26.05/src/onnxruntime.cc
What a model takes and gives is asked of ONNX Runtime itself, as the backend does.

Usage: onnx_pairs.py FOLDER SEED COUNT RELEASE. Writes a model repository and prints a JSON list of {name, why, shapeless}; why is
null where Triton serves the model, and shapeless is true where an output's shape is not in the file.
"""

import json
import os
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

TYPES = {
    "BOOL": "tensor(bool)",
    "UINT8": "tensor(uint8)",
    "UINT16": "tensor(uint16)",
    "UINT32": "tensor(uint32)",
    "UINT64": "tensor(uint64)",
    "INT8": "tensor(int8)",
    "INT16": "tensor(int16)",
    "INT32": "tensor(int32)",
    "INT64": "tensor(int64)",
    "FP16": "tensor(float16)",
    "FP32": "tensor(float)",
    "FP64": "tensor(double)",
    "BF16": "tensor(bfloat16)",
    "STRING": "tensor(string)",
}
ONNX_TYPES = dict(
    zip(
        TYPES,
        "BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FLOAT16 FLOAT DOUBLE BFLOAT16 STRING".split(),
    )
)


RELEASE = ""


class Refused(Exception):
    """Triton does not serve the model, and why."""


# --- the models ------------------------------------------------------------------------------------------------------


def random_shape(rng, batching):
    rank = rng.choice([0, 1, 1, 2, 2, 2, 3])
    shape = [rng.choice([1, 2, 3, 4, "M", "K", None]) for _ in range(rank)]
    if batching and rng.random() < 0.92:
        shape = ["N", *shape]
    elif shape and rng.random() < 0.05:
        shape[rng.randrange(len(shape))] = 0
    return shape


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, getattr(TensorProto, kind), shape)


def random_model(rng):
    batching = rng.random() < 0.6
    inputs, outputs, nodes, initializers = [], [], [], []
    for index in range(rng.choice([1, 1, 1, 2, 2, 3])):
        kind = ONNX_TYPES[rng.choice(list(TYPES))] if rng.random() < 0.5 else "FLOAT"
        if rng.random() < 0.02:
            kind = rng.choice(["COMPLEX64", "FLOAT8E4M3FN", "UINT4"])
        shape = random_shape(rng, batching)
        name = f"x{index}"
        inputs.append(value(name, kind, shape))
        nodes.append(helper.make_node("Identity", [name], [f"y{index}"]))
        # An output may leave its shape to ONNX Runtime.
        outputs.append(value(f"y{index}", kind, None if rng.random() < 0.02 else shape))
    if rng.random() < 0.2:
        shape = [2, 3]
        inputs.append(value("w", "FLOAT", shape))
        initializers.append(helper.make_tensor("w", TensorProto.FLOAT, shape, [0.5] * 6))
        nodes.append(helper.make_node("Identity", ["w"], ["yw"]))
        outputs.append(value("yw", "FLOAT", shape))
    if rng.random() < 0.1:
        # A constant that is no input.
        initializers.append(helper.make_tensor("c", TensorProto.INT64, [1], [7]))
        nodes.append(helper.make_node("Identity", ["c"], ["yc"]))
        outputs.append(value("yc", "INT64", [1]))
    if rng.random() < 0.03:
        kind = onnx.helper.make_sequence_type_proto(inputs[0].type)
        nodes.append(helper.make_node("SequenceConstruct", [inputs[0].name], ["ys"]))
        outputs.append(helper.make_value_info("ys", kind))
    graph = helper.make_graph(nodes, "g", inputs, outputs, initializers)
    ir = rng.choice([3, 4, 7, 8, 8, 8, 9, 10, 11])
    return helper.make_model(graph, ir_version=ir, opset_imports=[helper.make_opsetid("", rng.choice([13, 16, 17, 19]))])


# --- the configurations ----------------------------------------------------------------------------------------------


def described(tensor, mbs):
    """What a careful author writes for a tensor of the model; one without shape is written as a scalar."""
    kind = tensor.type.tensor_type
    name = {v: k for k, v in ONNX_TYPES.items()}.get(TensorProto.DataType.Name(kind.elem_type), "FP32")
    dims = [d.dim_value if d.HasField("dim_value") else -1 for d in kind.shape.dim]
    if mbs > 0:
        dims = dims[1:]
    io = {"name": tensor.name, "data_type": f"TYPE_{name}", "dims": dims or [1]}
    if not dims and mbs > 0 and kind.shape.dim:
        io["reshape"] = []
    return io


def mistake(rng, io, side):
    choice = rng.random()
    if choice < 0.25:
        io["data_type"] = "TYPE_" + rng.choice(list(TYPES))
    elif choice < 0.45:
        io["dims"] = [rng.choice([-1, 1, 2, 3, 4, d]) for d in io["dims"]]
    elif choice < 0.6:
        io["dims"] = io["dims"] + [rng.choice([1, -1, 3])]
    elif choice < 0.7:
        io["dims"] = io["dims"][1:] or [2]
    elif choice < 0.8:
        io["name"] = io["name"].upper()
    elif choice < 0.9:
        io["reshape"] = rng.choice([io["dims"], [1, *io["dims"]], [*io["dims"], 1]])
    elif side == "input":
        io[rng.choice(["optional", "allow_ragged_batch"])] = True


def random_config(rng, model):
    if rng.random() < 0.12:
        return {}
    config = {"max_batch_size": rng.choice([0, 0, 4, 8])}
    first = [v.type.tensor_type.shape.dim for v in [*model.graph.input, *model.graph.output]]
    if all(d and not d[0].HasField("dim_value") for d in first) and rng.random() < 0.7:
        config["max_batch_size"] = 8
    elif rng.random() < 0.7:
        config["max_batch_size"] = 0
    initialized = {t.name for t in model.graph.initializer}
    for side in ["input", "output"]:
        if rng.random() < 0.06:
            continue
        tensors = []
        for tensor in getattr(model.graph, side):
            io = described(tensor, config["max_batch_size"])
            if tensor.name in initialized:
                if rng.random() < 0.4:
                    continue
                if rng.random() < 0.8:
                    io["optional"] = True
            if rng.random() < 0.12:
                mistake(rng, io, side)
            if rng.random() < (0.03 if side == "input" else 0.1):
                continue
            tensors.append(io)
        rng.shuffle(tensors)
        config[side] = tensors
    if rng.random() < 0.05:
        name = rng.choice([v.name for v in model.graph.input] + ["START"])
        config["control"] = {"name": name, "type": rng.choice(["fp32", "int32", "bool"])}
    return config


def written(config):
    lines = ['backend: "onnxruntime"'] if config else []
    if config.get("max_batch_size"):
        lines.append(f"max_batch_size: {config['max_batch_size']}")
    for side in ["input", "output"]:
        for io in config.get(side, []):
            text = f'name: "{io["name"]}" data_type: {io["data_type"]} dims: {json.dumps(io["dims"])}'
            if "reshape" in io:
                text += f" reshape {{ shape: {json.dumps(io['reshape'])} }}"
            for flag in ["optional", "allow_ragged_batch"]:
                if io.get(flag):
                    text += f" {flag}: true"
            lines.append(f"{side} {{ {text} }}")
    if "control" in config:
        control = config["control"]
        values = "[ false, true ]" if control["type"] == "bool" else "[ 0, 1 ]"
        signal = f"kind: CONTROL_SEQUENCE_START {control['type']}_false_true: {values}"
        lines.append(f'sequence_batching {{ control_input {{ name: "{control["name"]}" control {{ {signal} }} }} }}')
    return "\n".join(lines) + "\n"


# --- the rules -------------------------------------------------------------------------------------------------------


def info(arg):
    """InputOutputInitializerInfos: only tensors pass."""
    if not arg.type.startswith("tensor("):
        raise Refused(f"unsupported ONNX type of {arg.name}")
    shape = [d if isinstance(d, int) and d >= 0 else -1 for d in arg.shape]
    return arg.type, shape


def complete(config, inputs, outputs):
    """ModelState::AutoCompleteConfig."""
    if config.get("input") and config.get("output"):
        return config
    config = dict(config)
    batches = all(shape and shape[0] == -1 for _, shape in [*inputs.values(), *outputs.values()])
    mbs = config.get("max_batch_size", 0)
    if batches:
        # SetBackendConfigDefaults: default-max-batch-size is 4.
        config["max_batch_size"] = mbs = mbs or 4
    elif mbs:
        raise Refused("autofill failed: the model does not support batching")
    for side, infos in [("input", inputs), ("output", outputs)]:
        if config.get(side):
            continue
        config[side] = []
        for name, (kind, shape) in infos.items():
            dims = shape[1:] if mbs else shape
            io = {"name": name, "data_type": "TYPE_" + triton_type(kind), "dims": dims or [1]}
            if not dims and mbs:
                io["reshape"] = []
            config[side].append(io)
    return config


def triton_type(kind):
    # https://github.com/triton-inference-server/onnxruntime_backend/commit/89b93a7
    if kind == TYPES["BF16"] and RELEASE < "26.03":
        return "INVALID"
    return next((name for name, onnx_name in TYPES.items() if onnx_name == kind), "INVALID")


def count(dims):
    """GetElementCount: -1 where a dimension may vary, 0 for an empty shape."""
    if -1 in dims:
        return -1
    return int(np.prod(dims)) if dims else 0


def trunks(dims):
    sizes = [1]
    for d in dims:
        if d == -1:
            sizes.append(1)
        else:
            sizes[-1] *= d
    return sizes


def validate_shape(io, mbs):
    """ValidateIOShape."""
    if io["data_type"] == "TYPE_INVALID":
        raise Refused("must specify data_type")
    if not io["dims"]:
        raise Refused("must specify dims")
    reshape = io.get("reshape")
    if reshape == [] and mbs == 0:
        raise Refused("empty reshape without batching")
    if any(d < 1 and d != -1 for d in [*io["dims"], *(reshape or [])]):
        raise Refused("a dimension below 1")
    if reshape is None:
        return
    of_dims, of_reshape = count(io["dims"]), count(reshape)
    if of_dims != of_reshape and (of_reshape != 0 or of_dims != 1):
        raise Refused("reshape of another size")
    if of_dims == -1 and trunks(io["dims"]) != trunks(reshape):
        raise Refused("reshape of another size between variable dimensions")


def validate_core(config):
    """ValidateModelIOConfig."""
    for side in ["input", "output"]:
        for io in config.get(side, []):
            validate_shape(io, config.get("max_batch_size", 0))


def compare_dims(name, shape, dims, mbs, exact):
    """CompareDimsSupported."""
    if mbs > 0:
        if not shape or shape[0] != -1:
            raise Refused(f"{name} can't batch")
        dims = [-1, *dims]
    fits = len(shape) == len(dims) and all(s == d or (s == -1 and not exact) for s, d in zip(shape, dims))
    if not fits:
        raise Refused(f"{name} has the shape {shape}, not {dims}")


def validate_tensor(io, own, mbs, exact):
    kind, shape = own
    if io["data_type"] == "TYPE_BF16" and RELEASE < "26.03":
        raise Refused("unsupported datatype TYPE_BF16")
    if triton_type(kind) != io["data_type"][len("TYPE_") :]:
        raise Refused(f"{io['name']} is {kind}, not {io['data_type']}")
    dims = io["reshape"] if "reshape" in io else io["dims"]
    if io.get("allow_ragged_batch"):
        if io.get("optional"):
            raise Refused("ragged and optional")
        if shape != [-1]:
            raise Refused("ragged, and not of the shape [-1]")
    elif shape:
        compare_dims(io["name"], shape, dims, mbs, exact)
    elif any(d != 1 for d in dims):
        raise Refused("a scalar of another size")


def validate_backend(config, inputs, initialized, outputs):
    """The constructor of ModelInstanceState, ValidateInputs and ValidateOutputs."""
    mbs = config.get("max_batch_size", 0)
    expected = sum(1 for io in config.get("input", []) if not io.get("optional"))
    control = config.get("control")
    if control:
        if control["name"] not in inputs:
            raise Refused("no such control input")
        kind, shape = inputs[control["name"]]
        if (shape[1:] if mbs > 0 else shape) != [1]:
            raise Refused("control input of another shape")
        if kind != TYPES[{"fp32": "FP32", "int32": "INT32", "bool": "BOOL"}[control["type"]]]:
            raise Refused("control input of another type")
        expected += 1
    if expected != len(inputs):
        raise Refused(f"{expected} inputs, and the model takes {len(inputs)}")
    known = {**inputs, **initialized}
    for io in config.get("input", []):
        if io.get("optional") and mbs != 0:
            raise Refused("optional and batching")
        if io["name"] not in known:
            raise Refused(f"unexpected input {io['name']}")
        validate_tensor(io, known[io["name"]], mbs, exact=False)
    for io in config.get("output", []):
        if io["name"] not in outputs:
            raise Refused(f"unexpected output {io['name']}")
        validate_tensor({**io, "allow_ragged_batch": False}, outputs[io["name"]], mbs, exact=True)


def verdict(model, config):
    try:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise Refused(f"ONNX Runtime: {error}") from error
        inputs = {arg.name: info(arg) for arg in session.get_inputs()}
        outputs = {arg.name: info(arg) for arg in session.get_outputs()}
        initialized = {arg.name: info(arg) for arg in session.get_overridable_initializers()}
        config = complete(config, inputs, outputs)
        validate_core(config)
        validate_backend(config, inputs, initialized, outputs)
    except Refused as refusal:
        return str(refusal)
    return None


def main():
    global RELEASE
    folder, seed, number, RELEASE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    verdicts = []
    for index in range(number):
        rng = random.Random(f"{seed}/{index}")
        name = f"p{index:04}"
        model = random_model(rng)
        config = random_config(rng, model)
        os.makedirs(f"{folder}/{name}/1")
        onnx.save_model(model, f"{folder}/{name}/1/model.onnx")
        if config:
            with open(f"{folder}/{name}/config.pbtxt", "w") as file:
                file.write(written(config))
        shapeless = any(not v.type.tensor_type.HasField("shape") for v in model.graph.output if v.type.HasField("tensor_type"))
        verdicts.append({"name": name, "why": verdict(model, config), "shapeless": shapeless})
    json.dump(verdicts, sys.stdout)


if __name__ == "__main__":
    main()
