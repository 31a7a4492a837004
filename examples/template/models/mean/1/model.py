"""The mean of each row of numbers."""

import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    """Answers with one mean for each row."""

    def execute(self, requests):
        """Answers every request; each may hold a batch of its own size."""
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        values = pb_utils.get_input_tensor_by_name(request, "values").as_numpy()
        return pb_utils.InferenceResponse([pb_utils.Tensor("mean", values.mean(axis=1, keepdims=True))])
