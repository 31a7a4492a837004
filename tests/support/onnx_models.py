"""Writes random ONNX models with a request for each and the answer of ONNX Runtime itself.

Usage: onnx_models.py FOLDER SEED COUNT

FOLDER gets the model repository `repository` and `cases.json`: for each model its request as Triton's binary tensor
extension has it, and the outputs' bytes that are expected. The same seed gives the same models.
"""

import base64
import json
import random
import struct
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

TYPES = {
    "FP16": (TensorProto.FLOAT16, np.float16),
    "FP32": (TensorProto.FLOAT, np.float32),
    "FP64": (TensorProto.DOUBLE, np.float64),
    "INT8": (TensorProto.INT8, np.int8),
    "INT32": (TensorProto.INT32, np.int32),
    "INT64": (TensorProto.INT64, np.int64),
    "UINT8": (TensorProto.UINT8, np.uint8),
    "BOOL": (TensorProto.BOOL, np.bool_),
    "BYTES": (TensorProto.STRING, np.object_),
}
NAMES = {
    TensorProto.FLOAT16: "float16",
    TensorProto.FLOAT: "float",
    TensorProto.DOUBLE: "double",
    TensorProto.INT8: "int8",
    TensorProto.INT32: "int32",
    TensorProto.INT64: "int64",
    TensorProto.UINT8: "uint8",
    TensorProto.BOOL: "bool",
    TensorProto.STRING: "string",
}
LEVELS = {
    None: ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
    -1: ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    1: ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    2: ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
}
FLOATS = ("FP16", "FP32", "FP64")
# Kernels of ONNX Runtime's CPU provider take these types.
ADDABLE = (*FLOATS, "INT32", "INT64")
WORDS = ("", "a", "penguin", "Süßwasser", "日本", " two words ", "\U0001f427")


class Model:
    """A model of independent lanes, each from an input to an output, and whatever else a configuration can say."""

    def __init__(self, chance, name):
        self.chance, self.name = chance, name
        self.batched = chance.random() < 0.6
        self.configured = chance.random() < 0.5
        self.inputs, self.outputs, self.nodes, self.constants = [], [], [], []
        self.feeds, self.sizes, self.optional = {}, {}, set()
        self.level = chance.choice((None, None, None, -1, 1, 2))
        for lane in range(chance.randint(1, 6)):
            self.add_lane(lane)
        if self.configured and not self.batched and chance.random() < 0.5:
            self.add_optional()

    def add_lane(self, lane):
        """Adds an input, one to three operators and an output."""
        chance = self.chance
        kind = chance.choice(list(TYPES))
        dims = [chance.choice((1, 2, 3, 5)) for _ in range(chance.randint(0 if self.batched else 1, 3))]
        if len(dims) > 1 and chance.random() < 0.15 and kind != "BYTES":
            dims[-1] = 0
        scalar = not self.batched and kind in ADDABLE and chance.random() < 0.2
        if scalar:
            dims = []
        names = [f"x{lane}", *(f"t{lane}_{step}" for step in range(chance.randint(1, 3) - 1)), f"y{lane}"]
        for before, after in zip(names, names[1:]):
            self.add_operator(kind, before, after, dims)
        batch = [chance.randint(1, 4)] if self.batched else []
        if self.feeds and self.batched:
            batch = [next(iter(self.feeds.values())).shape[0]]
        self.feeds[names[0]] = values(chance, kind, batch + dims)
        # A size that varies in the model may be fixed in the configuration. Where there is none, a first one that varies
        # would be the batch.
        first = 0 if self.batched or self.configured else 1
        shown = [
            f"d{lane}_{axis}" if size == 0 or (axis >= first and chance.random() < 0.3) else size
            for axis, size in enumerate(dims)
        ]
        shape = (["N"] if self.batched else []) + shown
        self.inputs.append(helper.make_tensor_value_info(names[0], TYPES[kind][0], shape))
        self.outputs.append(helper.make_tensor_value_info(names[-1], TYPES[kind][0], shape))
        self.sizes[names[0]] = dims

    def add_operator(self, kind, before, after, dims):
        """Adds an operator that keeps the type and, with constants that broadcast, the shape."""
        chance = self.chance
        if kind == "BYTES":
            return self.node("Identity", [before], after)
        if kind == "BOOL":
            return self.node("Not", [before], after)
        if kind in FLOATS and dims and dims[-1] > 0 and (self.batched or len(dims) > 1) and chance.random() < 0.4:
            return self.node("MatMul", [before, self.constant(kind, [dims[-1], dims[-1]])], after)
        if kind in FLOATS and chance.random() < 0.4:
            operators = ("Tanh", "Sigmoid", "Relu") if kind == "FP32" else ("Relu", "Neg")
            return self.node(chance.choice(operators), [before], after)
        if kind in ADDABLE:
            return self.node(chance.choice(("Add", "Mul", "Sub")), [before, self.constant(kind, [])], after)
        return self.node("Identity", [before], after)

    def add_optional(self):
        """Adds an input with a default, which a request may leave out: an initialiser that is an input, too."""
        kind = self.chance.choice(("FP32", "INT64"))
        default = numpy_helper.from_array(np.ones([2], dtype=TYPES[kind][1]), "o")
        self.constants.append(default)
        self.inputs.append(helper.make_tensor_value_info("o", TYPES[kind][0], [2]))
        self.outputs.append(helper.make_tensor_value_info("p", TYPES[kind][0], [2]))
        self.nodes.append(helper.make_node("Add", ["o", "o"], ["p"]))
        self.optional.add("o")
        if self.chance.random() < 0.5:
            self.feeds["o"] = values(self.chance, kind, [2])

    def node(self, operator, inputs, output):
        self.nodes.append(helper.make_node(operator, inputs, [output]))

    def constant(self, kind, dims):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values(self.chance, kind, dims)), name))
        return name

    def write(self, repository):
        """Writes the model, with a configuration where it has one, and returns ONNX Runtime's session for it."""
        chance = self.chance
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        folder = repository / self.name / str(chance.choice((1, 7)))
        named = self.configured and chance.random() < 0.3
        file = folder / ("served.onnx" if named else "model.onnx")
        if chance.random() < 0.3:
            file = file / "model.onnx"
        file.parent.mkdir(parents=True)
        external = chance.random() < 0.3
        onnx.save(model, file, save_as_external_data=external, location="weights.bin", size_threshold=0)
        options = ort.SessionOptions()
        options.graph_optimization_level = LEVELS[self.level if self.configured else None]
        session = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self.entries = {each.name: self.entry(each) for each in inputs_of(session) + session.get_outputs()}
        if self.configured:
            (repository / self.name / "config.pbtxt").write_text(self.config(session, named), encoding="utf-8")
        return session

    def worked_out(self, session):
        """Tells whether ONNX Runtime knows a size of an output that the file leaves open."""
        told = ([dim.dim_value for dim in output.type.tensor_type.shape.dim] for output in self.outputs)
        return any(
            not size and isinstance(known, int)
            for sizes, output in zip(told, session.get_outputs())
            for size, known in zip(sizes, output.shape)
        )

    def entry(self, tensor):
        """Returns the shape and the reshape of a tensor in config.pbtxt; an input may fix what the model leaves open."""
        dims = [size if isinstance(size, int) else -1 for size in tensor.shape[1 if self.batched else 0 :]]
        sizes = self.sizes.get(tensor.name, dims)
        dims = [size if size > 0 and self.chance.random() < 0.5 else dim for size, dim in zip(sizes, dims)]
        if not dims:
            return [1], [] if self.batched else None
        if min(dims) > 0 and self.chance.random() < 0.2:
            return [int(np.prod(dims))], dims
        return dims, None

    def config(self, session, named):
        chance = self.chance
        lines = [chance.choice(('backend: "onnxruntime"', 'platform: "onnxruntime_onnx"'))]
        if named:
            lines.append('default_model_filename: "served.onnx"')
        if self.batched:
            lines.append(f"max_batch_size: {chance.choice((4, 16))}")
            if chance.random() < 0.5:
                lines.append("dynamic_batching { }")
        for key, tensors in (("input", inputs_of(session)), ("output", session.get_outputs())):
            lines += [f"{key} {self.described(each)}" for each in tensors]
        if chance.random() < 0.3:
            lines.append("instance_group { kind: KIND_CPU count: 2 }")
        if self.level is not None:
            lines.append(f"optimization {{ graph {{ level: {self.level} }} }}")
        if chance.random() < 0.5:
            lines.append('parameters { key: "intra_op_thread_count" value { string_value: "1" } }')
        return "\n".join(lines) + "\n"

    def described(self, tensor):
        dims, reshape = self.entries[tensor.name]
        kind = next(kind for kind, (number, _) in TYPES.items() if tensor.type == f"tensor({NAMES[number]})")
        fields = [f'name: "{tensor.name}" data_type: TYPE_{kind.replace("BYTES", "STRING")} dims: {dims}']
        if reshape is not None:
            fields.append(f"reshape {{ shape: {reshape} }}")
        if tensor.name in self.optional:
            fields.append("optional: true")
        return f"{{ {' '.join(fields)} }}"

    def seen(self, name, array):
        """Returns the shape that a client sees: the one before a reshape, one element for a number without dimensions."""
        batch, rest = (list(array.shape[:1]), array.shape[1:]) if self.batched else ([], array.shape)
        reshaped = self.configured and self.entries[name][1] is not None
        return batch + ([int(np.prod(rest))] if reshaped or not rest else list(rest))


def inputs_of(session):
    """Returns what a request may give."""
    return session.get_inputs() + session.get_overridable_initializers()


def values(chance, kind, dims):
    """Returns an array of random values; floats have their special ones, too."""
    count = int(np.prod(dims))
    if kind == "BYTES":
        return np.array([chance.choice(WORDS).encode() for _ in range(count)], dtype=np.object_).reshape(dims)
    if kind == "BOOL":
        return np.array([chance.random() < 0.5 for _ in range(count)], dtype=np.bool_).reshape(dims)
    if kind in FLOATS:
        special = (0.0, -0.0, 1e-7, 65504.0)
        drawn = [chance.choice(special) if chance.random() < 0.1 else chance.gauss(0, 2) for _ in range(count)]
    else:
        drawn = [chance.randint(0 if kind == "UINT8" else -100, 100) for _ in range(count)]
    return np.array(drawn, dtype=TYPES[kind][1]).reshape(dims)


def kind_of(array):
    """Returns the protocol's name of an array's type."""
    return next(kind for kind, (_, dtype) in TYPES.items() if array.dtype == dtype)


def raw(array):
    """Returns an array's bytes as the protocol has them."""
    if array.dtype != np.object_:
        return array.tobytes()
    texts = [value if isinstance(value, bytes) else value.encode() for value in array.reshape(-1)]
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)


def asked(model, session):
    """Returns a model's request and the answer that ONNX Runtime gives to it."""
    names = [output.name for output in session.get_outputs()]
    results = session.run(names, {name: texts(array) for name, array in model.feeds.items()})
    inputs = [
        {
            "name": name,
            "datatype": kind_of(array),
            "shape": model.seen(name, array),
            "parameters": {"binary_data_size": len(raw(array))},
        }
        for name, array in model.feeds.items()
    ]
    header = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}).encode()
    body = header + b"".join(map(raw, model.feeds.values()))
    outputs = {
        name: {
            "datatype": kind_of(array),
            "shape": model.seen(name, array),
            "bytes": base64.b64encode(raw(array)).decode(),
        }
        for name, array in zip(names, map(np.asarray, results))
    }
    return {
        "model": model.name,
        "workedOut": model.worked_out(session),
        "headerSize": len(header),
        "body": base64.b64encode(body).decode(),
        "outputs": outputs,
    }


def texts(array):
    """Returns strings as ONNX Runtime takes them in Python."""
    if array.dtype != np.object_:
        return array
    return np.array([text.decode() for text in array.reshape(-1)], dtype=np.object_).reshape(array.shape)


def main(folder, seed, count):
    chance = random.Random(seed)
    cases = []
    for index in range(count):
        model = Model(chance, f"m{index}")
        cases.append(asked(model, model.write(folder / "repository")))
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
