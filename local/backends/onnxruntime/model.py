"""Triton's ONNX Runtime backend, as a Python-based backend over the package `onnxruntime`.

Triton loads it for every model whose backend is "onnxruntime", whose platform is "onnxruntime_onnx", or whose version
folder holds model.onnx. It completes and checks a configuration, and runs a model, as the C++ backend does:
https://github.com/triton-inference-server/onnxruntime_backend/blob/main/src/onnxruntime.cc
docs/local.md lists what differs.
"""

import json
import os

import completion
import numpy as np
import session
import triton_python_backend_utils as pb_utils
import validation


class TritonPythonModel:
    """One instance of an ONNX model."""

    @staticmethod
    def auto_complete_config(auto_complete_model_config):
        """Adds what the configuration lacks: inputs, outputs, the batch size and the scheduler."""
        # The setters refuse what the C++ backend writes: a reshape, and a max_batch_size of 0.
        config = auto_complete_model_config._model_config
        if not completion.is_complete(config):
            file = os.path.basename(session.filename(config))
            completion.complete(config, session.load(os.path.join(pb_utils.get_model_dir(), file), config))
        return auto_complete_model_config

    def initialize(self, args):
        """Loads the model and compares it with its configuration."""
        config = json.loads(args["model_config"])
        folder = os.path.join(args["model_repository"], args["model_version"])
        self.session = session.load(os.path.join(folder, session.filename(config)), config)
        self.run_options = session.run_options(config)
        self.batched = config["max_batch_size"] > 0
        self.outputs = [each["name"] for each in config["output"]]
        self.scalar_inputs, self.scalar_outputs = validation.validate(config, self.session)

    def execute(self, requests):
        """Runs all requests as one batch, as the scheduler has put them together."""
        try:
            results = self.session.run(self.outputs, self.gather(requests), self.run_options)
        except Exception as error:
            failure = pb_utils.TritonError(session.describe(error))
            return [pb_utils.InferenceResponse(error=failure) for _ in requests]
        outputs = [self.shaped(name, np.asarray(array)) for name, array in zip(self.outputs, results)]
        if len(requests) == 1:
            return [self.respond(outputs)]
        ends = np.cumsum([request.inputs()[0].as_numpy().shape[0] for request in requests])[:-1]
        return [self.respond(parts) for parts in zip(*(np.split(array, ends) for array in outputs))]

    def gather(self, requests):
        """Returns the inputs of a batch by name."""
        feeds = {}
        for name in (tensor.name() for tensor in requests[0].inputs()):
            arrays = [pb_utils.get_input_tensor_by_name(request, name).as_numpy() for request in requests]
            array = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
            if array.dtype == np.object_:
                feeds[name] = c_strings(array)
            else:
                feeds[name] = array.reshape(()) if name in self.scalar_inputs else array
        return feeds

    def shaped(self, name, array):
        """Gives a number without dimensions those of the configuration."""
        return array if array.shape else array.reshape(self.scalar_outputs[name])

    def respond(self, arrays):
        """Returns the response of one request."""
        return pb_utils.InferenceResponse([pb_utils.Tensor(n, encoded(a)) for n, a in zip(self.outputs, arrays)])


def c_strings(array):
    """Returns strings as ONNX Runtime takes them from C: each ends before its first zero byte."""
    strings = np.empty(array.size, dtype=np.object_)
    strings[:] = [bytes(value).split(b"\0", 1)[0].decode() for value in array.reshape(-1)]
    return strings.reshape(array.shape)


def encoded(array):
    """Returns an array that Triton takes: in one piece, and strings as bytes."""
    if array.dtype != np.object_:
        return np.ascontiguousarray(array)
    strings = np.empty(array.size, dtype=np.object_)
    strings[:] = [str(value).encode() for value in array.reshape(-1)]
    return strings.reshape(array.shape)
