"""Sessions of ONNX Runtime with the options that a configuration sets."""

import os
import re

import onnxruntime as ort
import triton_python_backend_utils as pb_utils

LEVELS = {
    -1: ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    1: ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    2: ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
}


def filename(config):
    """Returns the model's file or folder below its version."""
    return config.get("default_model_filename") or "model.onnx"


def load(path, config):
    """Returns a session for the model at a path, which may be a folder with model.onnx in it."""
    if os.path.isdir(path):
        path = os.path.join(path, "model.onnx")
    if not os.path.exists(path):
        raise pb_utils.TritonModelException(f"unable to find '{path}' for model instance '{config['name']}'")
    options = session_options(config)
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise pb_utils.TritonModelException(describe(error)) from None


def describe(error):
    """Returns an error of ONNX Runtime as the C++ backend words it."""
    return re.sub(r"^\[ONNXRuntimeError\] : (\d+) : \w+ : ", r"onnx runtime error \1: ", str(error))


def session_options(config):
    """Returns the options of the session."""
    options = ort.SessionOptions()
    level = int(config.get("optimization", {}).get("graph", {}).get("level", 0))
    options.graph_optimization_level = LEVELS.get(level, ort.GraphOptimizationLevel.ORT_ENABLE_ALL)
    mode = integer(config, "execution_mode")
    if mode not in (0, 1):
        raise pb_utils.TritonModelException(
            "Invalid configuration value provided. Expected values for  execution_mode are 0 or 1 but got " f"{mode} ."
        )
    options.execution_mode = ort.ExecutionMode.ORT_PARALLEL if mode else ort.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = max(integer(config, "intra_op_thread_count"), 0)
    options.inter_op_num_threads = max(integer(config, "inter_op_thread_count"), 0)
    options.enable_cpu_mem_arena = boolean(config, "enable_mem_arena")
    options.enable_mem_pattern = boolean(config, "enable_mem_pattern")
    key = "session.use_device_allocator_for_initializers"
    if parameter(config, key) is not None:
        options.add_session_config_entry(key, parameter(config, key))
    for library in config.get("model_operations", {}).get("op_library_filename", []):
        options.register_custom_ops_library(library)
    return options


def run_options(config):
    """Returns the options of each run."""
    options = ort.RunOptions()
    key = "memory.enable_memory_arena_shrinkage"
    if parameter(config, key) is not None:
        options.add_run_config_entry(key, parameter(config, key))
    return options


def parameter(config, key):
    """Returns a parameter's text; None where it is not set."""
    return config.get("parameters", {}).get(key, {}).get("string_value")


def integer(config, key):
    """Returns a parameter's number; 0 where it is not set."""
    text = parameter(config, key)
    try:
        return int(text or 0)
    except ValueError:
        raise pb_utils.TritonModelException(f"failed to convert '{text}' to integral number") from None


def boolean(config, key):
    """Returns a parameter's truth; true where it is not set, which is ONNX Runtime's default."""
    text = (parameter(config, key) or "true").lower()
    if text not in ("true", "1", "false", "0"):
        raise pb_utils.TritonModelException(f"failed to convert '{text}' to boolean.")
    return text in ("true", "1")
