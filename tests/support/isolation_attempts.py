"""Tries what a stranger's model could try on this machine. What could do harm is only tried out of sight of the project."""

import ctypes
import glob
import os
import resource
import socket
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_REMOUNT, MS_BIND, MNT_DETACH, PTRACE_ATTACH = 32, 4096, 2, 16


def reads(path):
    with open(path, "rb") as file:
        return bool(file.read(1))


def changes(path):
    with open(path, "r+b"):
        return True


def creates(path):
    with open(path, "x"):
        return True


def connects(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as any_socket:
        any_socket.settimeout(2)
        any_socket.connect(address)
    return True


def finds(marker, pattern):
    """The marker is written backwards there, so that nobody finds it in what names it."""
    return any(marker[::-1].encode() in content(path) for path in glob.glob(pattern))


def content(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def makes_writable():
    return libc.mount(None, b"/usr", None, MS_REMOUNT | MS_BIND, None) == 0 or libc.umount2(b"/usr", MNT_DETACH) == 0


def in_new_namespaces(action):
    """Root has all rights in a user namespace of its own."""
    code = f"import ctypes; {action}"
    return subprocess.run([sys.executable or "python3", "-c", code], stderr=subprocess.DEVNULL).returncode == 0


ATTEMPTS = {
    "home-read": lambda t: reads(f"{t['home']}/{t['marker']}"),
    "home-write": lambda t: changes(f"{t['home']}/{t['marker']}"),
    "cache-read": lambda t: reads(f"{t['cache']}/{t['marker']}"),
    "cache-write": lambda t: creates(f"{t['cache']}/triton/{t['marker']}"),
    "program": lambda t: reads(f"{t['project']}/local/isolate.py"),
    "temporary": lambda t: reads(f"{t['temporary']}/{t['marker']}"),
    "shared-memory": lambda t: reads(f"/dev/shm/{t['marker']}"),
    "users": lambda t: "nobody" in open("/etc/passwd").read(),
    "system-write": lambda t: creates(f"/usr/{t['marker']}"),
    "model-write": lambda t: os.path.isdir("/opt/ml/model") and creates(f"/opt/ml/model/{t['marker']}"),
    "remount": lambda t: makes_writable(),
    "remount-nested": lambda t: in_new_namespaces(
        f"l = ctypes.CDLL(None); assert l.unshare({CLONE_NEWUSER | CLONE_NEWNS}) == 0; "
        f"assert l.mount(None, b'/usr', None, {MS_REMOUNT | MS_BIND}, None) == 0 or l.umount2(b'/usr', {MNT_DETACH}) == 0"
    ),
    "processes": lambda t: finds(t["marker"], "/proc/[0-9]*/cmdline"),
    "signal": lambda t: os.kill(t["pid"], 0) is None,
    "ptrace": lambda t: libc.ptrace(PTRACE_ATTACH, t["pid"], None, None) == 0,
    "sysctl": lambda t: changes("/proc/sys/kernel/core_pattern"),
    "environment": lambda t: finds(t["marker"], "/proc/[0-9]*/environ"),
    "devices": lambda t: not {"null", "zero", "full", "random", "urandom", "fd", "stdin", "stdout", "stderr", "shm"}.issuperset(
        os.listdir("/dev")
    ),
    "unix-socket": lambda t: connects(socket.AF_UNIX, t["socket"]),
    "abstract-socket": lambda t: connects(socket.AF_UNIX, f"\0{t['abstract']}"),
    "loopback": lambda t: connects(socket.AF_INET, ("127.0.0.1", t["port"])),
    "network": lambda t: connects(socket.AF_INET, ("192.0.2.1", 80)),
    "interfaces": lambda t: len(socket.if_nameindex()) > 1,
    "setns": lambda t: any(
        libc.setns(os.open(f, os.O_RDONLY), 0) == 0 for f in glob.glob("/proc/[0-9]*/ns/*") if not f.endswith("/user")
    ),
    "system-read": lambda t: reads("/usr/bin/env"),
    "packages": lambda t: "triton" in "".join(os.listdir(f"{t['cache']}/triton")),
    "programs": lambda t: subprocess.run(["/bin/true"]).returncode == 0,
    "resources": lambda t: resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY,
    "name": lambda t: socket.gethostname() == t["hostname"],
}


HARMLESS = (
    ("home-read", "cache-read", "program", "temporary", "shared-memory", "users", "processes", "environment", "devices")
    + ("unix-socket", "abstract-socket", "loopback", "interfaces", "system-read", "packages", "programs", "resources", "name")
)


def attempt(targets):
    """Returns what of it succeeds, by name."""
    results = {}
    isolated = not os.path.exists(targets["project"])
    for name, action in ATTEMPTS.items():
        if not isolated and name not in HARMLESS:
            continue
        try:
            results[name] = bool(action(targets))
        except OSError:
            results[name] = False
    return results
