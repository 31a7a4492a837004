"""Tells a penguin's species from its measurements, by softmax regression."""

import json
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    """Answers with the likeliest species and with the probability of each species."""

    def initialize(self, args):
        """Reads what was learned from weights.json beside this file."""
        folder = Path(args["model_repository"]) / args["model_version"]
        trained = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
        self._measurements = trained["measurements"]
        self._means = np.array(trained["means"])
        self._standard_deviations = np.array(trained["standard_deviations"])
        # Triton's strings are bytes.
        self._species = np.array([species.encode() for species in trained["species"]], dtype=np.object_)
        self._weights = np.array(trained["weights"])
        self._biases = np.array(trained["biases"])

    def execute(self, requests):
        """Answers every request; each may hold a batch of its own size."""
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        columns = [pb_utils.get_input_tensor_by_name(request, name).as_numpy() for name in self._measurements]
        features = (np.concatenate(columns, axis=1) - self._means) / self._standard_deviations
        # A measurement that was not taken (NaN) counts as the mean of all penguins.
        probabilities = softmax(np.nan_to_num(features) @ self._weights + self._biases)
        species = self._species[probabilities.argmax(axis=1, keepdims=True)]
        return pb_utils.InferenceResponse(
            [
                pb_utils.Tensor("species", species),
                pb_utils.Tensor("probabilities", probabilities.astype(np.float32)),
            ]
        )


def softmax(scores):
    """Turns each row of scores into probabilities that add up to 1."""
    # The largest score becomes 0, so that exp cannot overflow.
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
