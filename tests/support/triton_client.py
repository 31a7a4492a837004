"""Random tensors through Triton's own client, for a comparison in both directions.

python triton_client.py SEED make   prints a request for each data type, encoded by the client, and the tensors' bytes
python triton_client.py SEED read   reads responses from standard input and says which of the tensors they hold
"""

import base64
import json
import sys

import ml_dtypes
import numpy as np
import tritonclient.http as client
from tritonclient.utils import serialize_byte_tensor, triton_to_np_dtype

TYPES = "BOOL UINT8 INT8 UINT16 INT16 UINT32 INT32 UINT64 INT64 FP16 BF16 FP32 FP64 BYTES".split()
# Mostly any few dimensions; sometimes none of a size, or many.
SHAPES = [None, None, None, [0], [2, 0, 3], [1, 2, 1, 2, 1, 2, 1, 2]]


def tensor(random, datatype):
    shape = SHAPES[int(random.integers(0, len(SHAPES)))]
    if shape is None:
        shape = [int(size) for size in random.integers(1, 6, size=int(random.integers(1, 5)))]
    count = int(np.prod(shape))
    if datatype == "BYTES":
        texts = [random.bytes(int(random.integers(0, 40))) for _ in range(count)]
        return np.array(texts, dtype=np.object_).reshape(shape)
    if datatype == "BOOL":
        return random.integers(0, 2, size=shape).astype(bool)
    dtype = np.dtype(triton_to_np_dtype(datatype))
    # Any bits: every integer, and every float with its infinities and NaNs.
    return np.frombuffer(random.bytes(count * dtype.itemsize), dtype=dtype).reshape(shape)


def wire(array):
    if array.dtype == np.object_:
        return serialize_byte_tensor(array).item() if array.size > 0 else b""
    return array.tobytes()


def tensors(seed):
    for run in range(20):
        for number, datatype in enumerate(TYPES):
            yield datatype, tensor(np.random.default_rng([seed, run, number]), datatype)


def make(seed):
    for datatype, array in tensors(seed):
        given = client.InferInput("x", list(array.shape), datatype)
        given.set_data_from_numpy(array)
        body, header = client.InferenceServerClient.generate_request_body([given])
        print(json.dumps({
            "datatype": datatype,
            "shape": list(array.shape),
            "body": base64.b64encode(body).decode(),
            "header": header,
            "wire": base64.b64encode(wire(array)).decode(),
        }))


def read(seed):
    for (datatype, array), line in zip(tensors(seed), sys.stdin):
        answer = json.loads(line)
        body = base64.b64decode(answer["body"])
        result = client.InferenceServerClient.parse_response_body(body, header_length=answer["header"])
        found = result.as_numpy("x")
        same = found.shape == array.shape and found.dtype == array.dtype and wire(found) == wire(array)
        print(json.dumps({"datatype": datatype, "same": bool(same)}))


def round_floats(seed):
    """How the client's arrays round 64-bit floats to 16 bits."""
    with np.errstate(over="ignore"):
        values = np.random.default_rng(seed).standard_normal(2000) * 10.0 ** np.random.default_rng(seed + 1).integers(-9, 6, 2000)
        print(json.dumps({
            "values": base64.b64encode(values.astype("<f8").tobytes()).decode(),
            "FP16": base64.b64encode(values.astype(np.float16).tobytes()).decode(),
            "BF16": base64.b64encode(values.astype(np.float32).astype(ml_dtypes.bfloat16).tobytes()).decode(),
        }))


if __name__ == "__main__":
    {"make": make, "read": read, "round": round_floats}[sys.argv[2]](int(sys.argv[1]))
