"""Finds out how models' processes end, which Triton itself passes over in silence."""

import os

STUB = "triton_python_b"  # The kernel shortens triton_python_backend_stub.
ZOMBIE = "Z"


class ModelProcesses:
    """The processes of models, which are children of a server. Triton leaves a process that ended unexpectedly in the
    list of processes, with its exit status, until it unloads the model."""

    def __init__(self, server):
        """Takes the server's process id, as /proc has it."""
        self._server = server
        self._alive = {}  # By process id: the model, and the bytes of memory that it was last seen with.
        self._suspects = set()
        self._kills = kills_for_memory()

    def ended(self):
        """Returns how those ended that have done so since the last call but one, each once.

        The model's name, the status as of `wait`, the last known bytes of memory, those of the machine, and whether
        the system has ended a process for want of memory since they were alive.
        """
        zombies = set()
        for pid in os.listdir("/proc"):
            try:
                if not pid.isdigit() or not self._is_child(pid):
                    continue
                if fields_of(pid)[0] == ZOMBIE:
                    zombies.add(pid)
                else:
                    self._alive[pid] = (model_of(pid), memory_of(pid))
            except (OSError, ValueError):
                pass  # It has ended since.
        # A process that Triton ends itself is a zombie too, for a moment.
        found = [self._report(pid) for pid in zombies & self._suspects if pid in self._alive]
        self._suspects = zombies
        if not zombies:
            self._kills = kills_for_memory()
        return found

    def _report(self, pid):
        model, memory = self._alive.pop(pid)
        return {
            "model": model,
            "status": int(fields_of(pid)[-1]),
            "bytes": memory,
            "machineBytes": kilobytes("/proc/meminfo", "MemTotal:") * 1024,
            "outOfMemory": kills_for_memory() > self._kills,
        }

    def _is_child(self, pid):
        return int(fields_of(pid)[1]) == self._server and text_of(f"/proc/{pid}/comm").strip() == STUB


def fields_of(pid):
    """The fields of /proc/PID/stat after the name, which may contain anything: the state, the parent …, the exit status."""
    return text_of(f"/proc/{pid}/stat").rpartition(")")[2].split()


def model_of(pid):
    """The name of the model that a process runs: its file is <model>/<version>/<file>, unless it is that of a backend
    in Python; then the instance's name is the model's with numbers."""
    _, file, *_, instance, _ = text_of(f"/proc/{pid}/cmdline").rstrip("\0").split("\0")
    folder, version = os.path.split(os.path.dirname(file))
    return os.path.basename(folder) if version.isdigit() else instance.rstrip("0123456789_")


def memory_of(pid):
    """The bytes of memory that a process has."""
    return kilobytes(f"/proc/{pid}/status", "VmRSS:") * 1024


def kills_for_memory():
    """How many processes this system has ended for want of memory, of whatever control group."""
    return kilobytes("/proc/vmstat", "oom_kill ")


def kilobytes(file, name):
    """The number after a name that begins a line; 0 if there is none."""
    lines = (line for line in text_of(file).splitlines() if line.startswith(name))
    return int(next(lines, "- 0").split()[1])


def text_of(file):
    """A file's text."""
    with open(file, encoding="utf-8", errors="replace") as opened:
        return opened.read()
