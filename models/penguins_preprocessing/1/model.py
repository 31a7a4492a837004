"""Turns a penguin's measurements into the features that penguins_classifier was trained on."""

import json
from pathlib import Path

import numpy as np
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    """Standardises measurements with the mean and the standard deviation of the training penguins."""

    def initialize(self, args):
        """Reads the training statistics from statistics.json beside this file."""
        folder = Path(args["model_repository"]) / args["model_version"]
        statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
        self._names = list(statistics)
        self._means = np.array([entry["mean"] for entry in statistics.values()])
        self._standard_deviations = np.array([entry["standard_deviation"] for entry in statistics.values()])

    def execute(self, requests):
        """Answers each request on its own, so that one with bad measurements fails alone."""
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        columns = [pb_utils.get_input_tensor_by_name(request, name).as_numpy() for name in self._names]
        try:
            features = self._features(np.concatenate(columns, axis=1))
        except InvalidMeasurementError as error:
            refusal = pb_utils.TritonError(str(error), pb_utils.TritonError.INVALID_ARG)
            return pb_utils.InferenceResponse(error=refusal)
        return pb_utils.InferenceResponse([pb_utils.Tensor("features", features)])

    def _features(self, measurements):
        """Maps a [penguins, measurements] array to features; raises InvalidMeasurementError."""
        missing = np.isnan(measurements)
        impossible = ~missing & ~(np.isfinite(measurements) & (measurements > 0))
        for penguin, column in np.argwhere(impossible)[:1]:
            raise InvalidMeasurementError(
                f"{self._names[column]} of penguin {penguin + 1} is {measurements[penguin, column]:g}: "
                "it must be a number above 0, or NaN where it was not measured"
            )
        for (penguin,) in np.argwhere(missing.all(axis=1))[:1]:
            raise InvalidMeasurementError(f"penguin {penguin + 1} has no measurement at all: give at least one")
        completed = np.where(missing, self._means, measurements)
        return ((completed - self._means) / self._standard_deviations).astype(np.float32)


class InvalidMeasurementError(ValueError):
    """A measurement that no penguin can have; the message is the whole text for the caller."""
