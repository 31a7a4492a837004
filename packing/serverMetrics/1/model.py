"""Prints Triton's own metrics as lines of CloudWatch's Embedded Metric Format (EMF).

CloudWatch Logs turns such lines of a container's log into metrics by itself. The format, with its limits:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
What the metrics mean: https://github.com/triton-inference-server/server/blob/main/docs/user_guide/metrics.md

It runs in a thread of its own beside the models that serve, answers no requests, and needs only Python's standard
library. Whatever goes wrong here ends in silence: it must never keep a server from starting.
"""

import http.client
import json
import os
import re
import threading
import time

NAMESPACE = "SageMakerTriton"
# A server that loads its models doesn't listen yet, which SageMaker allows for up to an hour.
PATIENCE_IN_SECONDS = 3600
MOST_BYTES = 16 * 2**20
MOST_MODELS = 1000
# What waits is read several times in a period, because between two readings it comes and goes. EMF takes 100 values.
SAMPLES = 12

COUNTERS = {
    "nv_inference_request_success": "requests",
    "nv_inference_request_failure": "failures",
    "nv_inference_count": "inferences",
    "nv_inference_exec_count": "executions",
    "nv_inference_queue_duration_us": "QueueTime",
    "nv_inference_compute_input_duration_us": "InputTime",
    "nv_inference_compute_infer_duration_us": "ComputeTime",
    "nv_inference_compute_output_duration_us": "OutputTime",
    "nv_cache_num_hits_per_model": "CacheHits",
    "nv_cache_num_misses_per_model": "CacheMisses",
}
TIMES = ("QueueTime", "InputTime", "ComputeTime", "OutputTime")
PENDING = "nv_inference_pending_request_count"
SHARES = {
    "GPUUtilization": ("nv_gpu_utilization", None),
    "GPUMemoryUtilization": ("nv_gpu_memory_used_bytes", "nv_gpu_memory_total_bytes"),
    "CPUUtilization": ("nv_cpu_utilization", None),
    "MemoryUtilization": ("nv_cpu_memory_used_bytes", "nv_cpu_memory_total_bytes"),
}

LINE = re.compile(r'^(nv_\w+)(?:\{(.*)\})? ([^ ]+)(?: \d+)?$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def fetch(port):
    """The text of the server's metrics; raises OSError, HTTPException or ValueError if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        text = response.read(MOST_BYTES)
        if response.status != 200:
            raise ValueError(response.status)
        return text.decode("utf-8", "replace")
    finally:
        connection.close()


def parse(text, own_name):
    """What the text says: counters and pending requests by model, versions together, and values by metric."""
    models, pending, values = {}, {}, {}
    for line in text.split("\n"):
        found = LINE.match(line)
        if not found:
            continue
        name, text_of_labels, number = found.groups()
        value = float(number)
        if not abs(value) < 2**53:
            continue
        labels = {key: re.sub(r"\\(.)", unescaped, given) for key, given in LABEL.findall(text_of_labels or "")}
        model = labels.get("model")
        if model == own_name:
            continue
        if name in COUNTERS and model is not None and (model in models or len(models) < MOST_MODELS):
            key = (COUNTERS[name], labels.get("reason", ""))
            counters = models.setdefault(model, {})
            counters[key] = counters.get(key, 0) + value
        elif name == PENDING and model is not None and (model in pending or len(pending) < MOST_MODELS):
            pending[model] = pending.get(model, 0) + value
        elif model is None:
            values.setdefault(name, []).append(value)
    return models, pending, values


def unescaped(match):
    return "\n" if match.group(1) == "n" else match.group(1)


class Report:
    """Keeps the counters of the last period, and makes the lines of the next one."""

    def __init__(self, options, own_name=""):
        self.dimensions = options["dimensions"]
        self.period = options["periodInSeconds"]
        self.default_model = options["defaultModelName"]
        # Autoscaling takes a metric without data for unknown, and would never remove an instance.
        self.idle = options.get("printIdle", False)
        self.own_name = own_name
        self.last = {}
        self.samples = []

    def begin(self, text):
        """Counts from here on, where the server has served before this model was loaded."""
        self.last = parse(text, self.own_name)[0]

    def sample(self, text):
        """Notes how many requests wait."""
        self.samples = [*self.samples, parse(text, self.own_name)[1]][-100:]

    def lines(self, text, milliseconds):
        """The lines of the period that ends now; none for what hasn't changed."""
        models, pending, values = parse(text, self.own_name)
        samples = [*self.samples, pending][-100:]
        changes = {model: self.changes(model, counters) for model, counters in models.items()}
        self.last, self.samples = models, []
        made = []
        for model in sorted({*models, *pending}):
            waiting = [sample[model] for sample in samples if model in sample]
            grown = changes.get(model, {})
            if any(grown.values()) or any(waiting):
                fields = model_fields(grown, waiting)
                made.append(self.line({**self.dimensions, "ModelName": ascii_name(model)}, fields, milliseconds))
        if made or self.idle:
            made.append(self.line(self.dimensions, self.variant_fields(changes, samples, values), milliseconds))
        return made

    def changes(self, model, counters):
        """How much each counter has grown; one that is smaller than before has begun anew."""
        last = self.last.get(model, {})
        grown = {key: value - last.get(key, 0) for key, value in counters.items()}
        return {key: counters[key] if value < 0 else value for key, value in grown.items()}

    def variant_fields(self, changes, samples, values):
        """The figures of the whole server: of the model that answers, and of what waits in any model."""
        own = changes.get(self.default_model, {})
        requests = own.get(("requests", ""), 0)
        fields = {"Requests": (requests, "Count"), "Failures": (failures_in(own), "Count")}
        # An ensemble's own counters have what its steps compute, but not how long they wait.
        queued = sum(change.get(("QueueTime", ""), 0) for change in changes.values())
        fields["QueueTime"] = (queued / max(requests, 1), "Microseconds")
        for name in TIMES[1:]:
            if requests:
                fields[name] = (own.get((name, ""), 0) / requests, "Microseconds")
        if any(samples):
            fields["PendingRequests"] = ([sum(sample.values()) for sample in samples], "Count")
        for name, (used, total) in SHARES.items():
            shares = shares_of(values.get(used, []), values.get(total))
            if shares:
                fields[name] = (100 * max(shares), "Percent")
        return fields

    def line(self, dimensions, fields, milliseconds):
        resolution = {"StorageResolution": 1} if self.period < 60 else {}
        metrics = [{"Name": name, "Unit": unit, **resolution} for name, (_, unit) in fields.items()]
        directive = {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": metrics}
        about = {"Timestamp": milliseconds, "CloudWatchMetrics": [directive]}
        values = {name: rounded(value) for name, (value, _) in fields.items()}
        return json.dumps({"_aws": about, **dimensions, **values}, separators=(",", ":"))


def model_fields(changes, waiting):
    """The figures of one model."""
    requests = changes.get(("requests", ""), 0)
    executions = changes.get(("executions", ""), 0)
    fields = {"Requests": (requests, "Count"), "Failures": (failures_in(changes), "Count")}
    for (name, reason), value in sorted(changes.items()):
        if name == "failures" and reason and value:
            fields["Failures" + re.sub(r"\W", "", reason.title())] = (value, "Count")
        elif name in TIMES and requests:
            fields[name] = (value / requests, "Microseconds")
        elif name.startswith("Cache"):
            fields[name] = (value, "Count")
    if executions:
        fields["BatchSize"] = (changes.get(("inferences", ""), 0) / executions, "None")
    if waiting:
        fields["PendingRequests"] = (waiting, "Count")
    return dict(list(fields.items())[:100])


def rounded(value):
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return int(value) if value == int(value) else round(value, 3)


def failures_in(changes):
    return sum(value for (name, _), value in changes.items() if name == "failures")


def shares_of(used, totals):
    if totals is None:
        return used
    return [part / whole for part, whole in zip(used, totals) if whole > 0]


def ascii_name(name):
    """A dimension's value: printable ASCII, at most 1024 characters."""
    return re.sub(r"[^ -~]", lambda found: ascii(found.group())[1:-1], name)[:1024]


class TritonPythonModel:
    """The thread that reads and prints, from the model's load to its unload."""

    def initialize(self, args):
        self.stopped = threading.Event()
        try:
            options = json.loads(os.environ["SERVER_METRICS"])
            self.port = options.get("port", 8002)
            self.report = Report(options, args["model_name"])
            self.step = max(1, options["periodInSeconds"] / SAMPLES)
            self.begin()
            threading.Thread(target=self.run, daemon=True).start()
        except Exception:
            # Without its settings, or without another thread, there are no metrics; the server starts all the same.
            pass

    def execute(self, requests):
        import triton_python_backend_utils as utils

        error = utils.TritonError("this model prints metrics and answers no requests")
        return [utils.InferenceResponse(error=error) for _ in requests]

    def finalize(self):
        self.stopped.set()

    def run(self):
        try:
            self.print_periods()
        except Exception:
            # Nobody reads a stack trace here, and the models serve on.
            pass

    def begin(self):
        try:
            self.report.begin(fetch(self.port))
        except (OSError, ValueError, http.client.HTTPException):
            # The usual start: the server listens once its models are loaded, and its counters begin at 0.
            pass

    def print_periods(self):
        last_read = time.monotonic()
        end = last_read + self.report.period
        while not self.stopped.wait(self.step):
            try:
                text = fetch(self.port)
            except (OSError, ValueError, http.client.HTTPException):
                if time.monotonic() - last_read > PATIENCE_IN_SECONDS:
                    return
                continue
            last_read = time.monotonic()
            if last_read < end:
                self.report.sample(text)
                continue
            end = last_read + self.report.period
            for line in self.report.lines(text, int(time.time() * 1000)):
                # In one piece, so that no other line of the log gets into it.
                os.write(1, (line + "\n").encode())
