"""How fast Triton's own client encodes and decodes tensors: `python codec.py MILLISECONDS`, for tools/bench/codec.ts.

Each line of standard input is a case in JSON: the data type, how many values the tensor has, how long each of BYTES is, and
whether the values come from and go to 32-bit floats. Each is encoded and decoded again and again for so long; the answer is a
line of JSON with the seconds of one call in the best of 32 rounds.
"""

import json
import sys
import time

import numpy as np
import tritonclient.http as client
from tritonclient.utils import triton_to_np_dtype

ROUNDS = 32


def array(datatype, count, length):
    if datatype == "BYTES":
        return np.array([b"x" * length] * count, dtype=np.object_)
    return (np.arange(count) % 2048).astype(np.dtype(triton_to_np_dtype(datatype)))


def encode(datatype, given):
    tensor = client.InferInput("x", list(given.shape), datatype)
    tensor.set_data_from_numpy(given)
    return client.InferenceServerClient.generate_request_body([tensor])


def decode(body, header):
    return client.InferenceServerClient.parse_response_body(body, header_length=header).as_numpy("x")


def response(datatype, given):
    """What a model that returns its input would answer."""
    request, header = encode(datatype, given)
    inputs = json.loads(request[:header])["inputs"]
    head = json.dumps({"model_name": "m", "outputs": inputs}).encode()
    return head + request[header:], len(head)


def best_of(work, budget):
    work()
    begun = time.perf_counter()
    work()
    calls = max(1, int(budget / ROUNDS / max(1e-9, time.perf_counter() - begun)))
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - begun) / calls)
    return min(times)


def main():
    budget = float(sys.argv[1]) / 1000
    for line in sys.stdin:
        case = json.loads(line)
        datatype = case["datatype"]
        given = array(datatype, case["count"], case["length"])
        body, header = response(datatype, given)
        if case["fromFloats"]:
            floats, narrow = given.astype(np.float32), given.dtype
            encoding = best_of(lambda: encode(datatype, floats.astype(narrow)), budget)
            decoding = best_of(lambda: decode(body, header).astype(np.float32), budget)
        else:
            encoding = best_of(lambda: encode(datatype, given), budget)
            decoding = best_of(lambda: decode(body, header), budget)
        print(json.dumps({"encode": encoding, "decode": decoding}), flush=True)


if __name__ == "__main__":
    main()
