"""Trains the digit reader in examples/onnx/models and writes the model, an example request and its answer.

    pip install -r examples/onnx/requirements.txt
    python examples/onnx/train.py

The data come with scikit-learn and nothing here is random: the same data give the same files. The script ends with a check
of the files it wrote and exits 1 when they do not tell the held-out digits apart.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx.helper import make_opsetid
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

# Triton 23.10, the oldest release that the project knows, runs these: its ONNX Runtime is 1.16.
OPSETS = {"": 17, "ai.onnx.ml": 3}
IR_VERSION = 8
# A penalty on large weights; the smaller the number, the larger the penalty.
REGULARISATION = 0.01

LOWEST_ACCURACY = 0.95

MODEL = Path(__file__).resolve().parent / "models" / "digits"
MODEL_FILE = MODEL / "1" / "model.onnx"
REQUEST_FILE = MODEL / "request.json"
RESPONSE_FILE = MODEL / "response.json"


def main():
    """Trains on four fifths of the digits, writes the files and reports how the last fifth fares with them."""
    images, digits = load_digits(return_X_y=True)
    images = images.astype(np.float32)
    # Every fifth is a fair sample: each writer's digits follow one another.
    held_out = np.arange(len(digits)) % 5 == 4
    MODEL_FILE.parent.mkdir(parents=True, exist_ok=True)
    MODEL_FILE.write_bytes(train(images[~held_out], digits[~held_out]))

    examples = [int(np.flatnonzero(held_out & (digits == digit))[0]) for digit in (0, 4, 7)]
    write_example(images[examples])

    labels, _ = read(images[held_out])
    accuracy = (labels == digits[held_out]).mean()
    print(f"{(~held_out).sum()} digits to train on, {held_out.sum()} held out")
    print(f"accuracy on the held-out digits: {accuracy:.1%}")
    for file in (MODEL_FILE, REQUEST_FILE, RESPONSE_FILE):
        print(f"wrote {file.relative_to(MODEL.parents[3]).as_posix()} ({file.stat().st_size} bytes)")
    if accuracy < LOWEST_ACCURACY:
        sys.exit(f"The accuracy is below {LOWEST_ACCURACY:.0%}: these files are not fit to be served.")
    if read(images[examples])[0].tolist() != [0, 4, 7]:
        sys.exit("The example should answer 0, 4 and 7.")


def train(images, digits):
    """Fits softmax regression and returns it as an ONNX model."""
    # The loss is convex, so the solver reaches its one lowest point from anywhere.
    model = LogisticRegression(C=REGULARISATION, max_iter=10_000, tol=1e-10).fit(images, digits)
    # Four decimals are the same on every machine; the last bits of a float are not.
    model.coef_, model.intercept_ = model.coef_.round(4), model.intercept_.round(4)
    exported = to_onnx(
        model,
        name="digits",
        initial_types=[("pixels", FloatTensorType([None, images.shape[1]]))],
        target_opset=OPSETS,
        # One tensor of probabilities: Triton takes no sequence of maps.
        options={"zipmap": False},
    )
    exported.ir_version = IR_VERSION
    # skl2onnx names the standard operators once for each operator of the model.
    opsets = {opset.domain: opset.version for opset in exported.opset_import}
    del exported.opset_import[:]
    exported.opset_import.extend(make_opsetid(domain, version) for domain, version in sorted(opsets.items()))
    return exported.SerializeToString()


def write_example(images):
    """Writes an inference request for some images and the answer that Triton should give."""
    pixels = tensor("pixels", "FP32", images.shape, images.astype(int).flatten().tolist())
    write_json(REQUEST_FILE, {"inputs": [pixels]})
    labels, probabilities = read(images)
    answer = {
        "model_name": "digits",
        "model_version": "1",
        "outputs": [
            tensor("label", "INT64", [len(labels), 1], labels.tolist()),
            tensor("probabilities", "FP32", probabilities.shape, probabilities.round(4).astype(float).flatten().tolist()),
        ],
    }
    write_json(RESPONSE_FILE, answer)


def read(images):
    """Returns the digit on each image and the probability of each digit, from the model as it was written."""
    session = onnxruntime.InferenceSession(MODEL_FILE, providers=["CPUExecutionProvider"])
    return session.run(["label", "probabilities"], {"pixels": images})


def tensor(name, datatype, shape, data):
    """Returns a tensor as the KServe v2 inference protocol writes it."""
    data = [float(f"{value:.4f}") if isinstance(value, float) else value for value in data]
    return {"name": name, "datatype": datatype, "shape": list(shape), "data": data}


def write_json(file, value):
    """Writes JSON that a person can read: indented, with the innermost lists on one line."""
    indented = json.dumps(value, indent=2)
    text = re.sub(r"\[[^][{}]*\]", lambda match: json.dumps(json.loads(match.group())), indented)
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
