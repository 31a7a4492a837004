"""Compares a configuration with the model, as the C++ backend does once it has loaded it."""

import triton_python_backend_utils as pb_utils
from tensors import TYPES, require_tensors, shape_of, type_of


def validate(config, session):
    """Returns the names of the inputs without dimensions, and the configured dims of such outputs."""
    refuse_elsewhere(config)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    overridable = session.get_overridable_initializers()
    require_tensors(inputs + overridable + outputs)
    validate_count(config, len(inputs))
    known = {each.name: each for each in inputs + overridable}
    for _, name in controls(config):
        validate_control(config, name, known)
    for each in config["input"]:
        validate_optional(config, each)
        validate_shape(config, each, validate_type(config, each, known, "input"), exact=False)
    made = {each.name: each for each in outputs}
    scalars = {}
    for each in config["output"]:
        dims = validate_shape(config, each, validate_type(config, each, made, "output"), exact=True)
        if not made[each["name"]].shape:
            scalars[each["name"]] = dims
    return {each.name for each in inputs + overridable if not each.shape}, scalars


def refuse_elsewhere(config):
    """Refuses what the endpoint can do and this backend can't."""
    sequences = config.get("sequence_batching", {})
    ragged = any(each.get("allow_ragged_batch") for each in config["input"])
    tensors = config["input"] + config["output"]
    for present, title in (
        (config.get("batch_input") or config.get("batch_output") or ragged, "a ragged batch"),
        (sequences.get("state"), "a sequence's state that Triton keeps"),
        (any(each["data_type"] == "TYPE_BF16" for each in tensors), "TYPE_BF16"),
    ):
        if present:
            raise pb_utils.TritonModelException(f"the ONNX Runtime backend of this machine can't serve {title}")
    accelerators = config.get("optimization", {}).get("execution_accelerators", {})
    for accelerator in accelerators.get("cpu_execution_accelerator", []):
        if accelerator["name"] != "openvino":
            raise pb_utils.TritonModelException(f"unknown Execution Accelerator '{accelerator['name']}' is requested")
        pb_utils.Logger.log_warn("OpenVINO is not on this machine: ONNX Runtime's own provider runs the model")


def controls(config):
    """Returns the controls of sequences, each with its tensor."""
    each = config.get("sequence_batching", {}).get("control_input", [])
    return [(control, tensor["name"]) for tensor in each for control in tensor["control"]]


def validate_count(config, provided):
    """Refuses a configuration that has fewer inputs than the model, or more."""
    expected = sum(not each.get("optional") for each in config["input"]) + len(controls(config))
    if provided != expected:
        raise pb_utils.TritonModelException(
            f"unable to load model '{config['name']}', configuration expects {expected} inputs, model provides {provided}"
        )


def validate_control(config, name, known):
    """Refuses a control that the model does not take, or takes in another shape."""
    if name not in known:
        raise pb_utils.TritonModelException(
            f"configuration specified sequence control '{name}', but model does not provide that input"
        )
    dims = shape_of(known[name])[1 if config["max_batch_size"] > 0 else 0 :]
    if dims != [1]:
        raise pb_utils.TritonModelException(
            f"unable to load model '{config['name']}', sequence control '{name}' in model has dims {listed(dims)} but "
            "dims [1] is expected"
        )


def validate_optional(config, each):
    """Refuses an optional input of a model that batches."""
    if each.get("optional") and config["max_batch_size"] != 0:
        raise pb_utils.TritonModelException(
            f"unable to load model '{config['name']}', optional input '{each['name']}' is not supported for models "
            "that support batching"
        )


def validate_type(config, each, known, key):
    """Returns the model's tensor for a configured one of the same name and type."""
    name, configured = each["name"], each["data_type"]
    if name not in known:
        raise pb_utils.TritonModelException(f"unexpected inference {key} '{name}', allowed {key}s are: {', '.join(sorted(known))}")
    if configured not in TYPES.values():
        raise pb_utils.TritonModelException(
            f"unsupported datatype {configured} for {key} '{name}' for model '{config['name']}'"
        )
    provided = type_of(known[name])
    if configured != provided:
        raise pb_utils.TritonModelException(
            f"unable to load model '{config['name']}', configuration expects datatype {configured} for {key} "
            f"'{name}', model provides {provided.replace('STRING', 'BYTES')}"
        )
    return known[name]


def validate_shape(config, each, tensor, exact):
    """Returns the configured dims, those of `reshape` where it is set; an input may leave open what the model does."""
    name, batched, shape = each["name"], config["max_batch_size"] > 0, shape_of(tensor)
    dims = [int(size) for size in (each["reshape"].get("shape", []) if "reshape" in each else each["dims"])]
    if not shape:
        if any(size != 1 for size in dims):
            raise pb_utils.TritonModelException(
                f"unable to load model '{config['name']}', scalar tensor '{name}', should only provide 1 in the model "
                f"configuration when the model doesn't support batching. Model configuration provided: {listed(dims)}."
            )
        return dims
    if batched and shape[0] != -1:
        raise pb_utils.TritonModelException(
            f"model '{config['name']}', tensor '{name}': for the model to support batching the shape should have at "
            "least 1 dimension and the first dimension must be -1; but shape expected by the model is "
            f"{listed(shape)}"
        )
    full = [-1] * batched + dims
    if len(full) != len(shape) or any(m != c and (exact or m != -1) for m, c in zip(shape, full)):
        batch = "an initial batch dimension because max_batch_size > 0 followed by the explicit tensor shape, making complete "
        raise pb_utils.TritonModelException(
            f"model '{config['name']}', tensor '{name}': the model expects {len(shape)} dimensions (shape "
            f"{listed(shape)}) but the model configuration specifies {len(full)} dimensions "
            f"({batch if batched else ''}shape {listed(full)})"
        )
    return dims


def listed(shape):
    """Returns a shape as Triton writes it."""
    return f"[{','.join(map(str, shape))}]"
