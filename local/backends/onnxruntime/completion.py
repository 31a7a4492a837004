"""Completes a configuration from the model, as the C++ backend's AutoCompleteConfig does."""

import os

import triton_python_backend_utils as pb_utils
from tensors import require_tensors, shape_of, type_of


def is_complete(config):
    """Whether a configuration names inputs and outputs."""
    return bool(config.get("input") or config.get("batch_input")) and bool(config.get("output"))


def complete(config, session):
    """Adds inputs, outputs, the batch size and the scheduler where they are missing."""
    inputs, outputs = session.get_inputs(), session.get_outputs()
    require_tensors(inputs + outputs)
    complete_batch(config, inputs + outputs)
    if not config.get("input") and not config.get("batch_input"):
        config["input"] = [entry(config, tensor) for tensor in inputs]
    if not config.get("output"):
        config["output"] = [entry(config, tensor) for tensor in outputs]


def complete_batch(config, tensors):
    """Sets batch size and scheduler of a model that batches: the first dimension of all its tensors varies."""
    if any(shape_of(tensor)[:1] != [-1] for tensor in tensors):
        if config["max_batch_size"] != 0:
            raise pb_utils.TritonModelException(
                f"autofill failed for model '{config['name']}': model does not support batching while non-zero "
                "max_batch_size is specified"
            )
        return
    if config["max_batch_size"] == 0:
        config["max_batch_size"] = max(int(os.environ.get("TRITON_DEFAULT_MAX_BATCH_SIZE", "4")), 0)
    if config["max_batch_size"] > 1 and "sequence_batching" not in config and "dynamic_batching" not in config:
        config["dynamic_batching"] = {}


def entry(config, tensor):
    """Returns the configuration of an input or output."""
    batched = config["max_batch_size"] > 0
    dims = shape_of(tensor)[1 if batched else 0 :]
    found = {"name": tensor.name, "data_type": type_of(tensor), "dims": dims or [1]}
    return {**found, "reshape": {"shape": []}} if batched and not dims else found
