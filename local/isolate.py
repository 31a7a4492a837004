"""Runs a server that listens on every address where only this machine reaches it.

Usage: isolate.py PORT SERVER_PORT MODELS COMMAND [ARGUMENT ...]

Listens on 127.0.0.1:PORT (0: any free port) and only then moves to namespaces of its own, in which COMMAND is started:
a network with nothing but a loopback interface, processes that the kernel ends with the first of them, and a /dev/shm
that goes with them. The folder MODELS is seen there at /opt/ml, as SageMaker has it, and COMMAND's arguments name it so; an empty
text is no folder. The listening socket stays in the network it was made in; what it accepts is passed on to
127.0.0.1:SERVER_PORT inside. Where the system allows no namespaces, COMMAND runs without them.

Prints one JSON object on standard output: {"port": ..., "isolated": ..., "reason": ..., "mounted": ...} once COMMAND is started, or
{"error": ...} and exit code 98 where PORT can't be had. Ends with COMMAND's exit code. SIGTERM, SIGINT and the end of
standard input, which comes when the parent is gone, end COMMAND: first with SIGTERM, after three seconds with SIGKILL.
"""

import asyncio
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x10000000, 0x20000000, 0x40000000
MS_REC, MS_PRIVATE, MS_NOSUID, MS_NODEV, MS_BIND = 16384, 1 << 18, 2, 4, 4096
MNT_DETACH = 2
MODELS = "/opt/ml"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    """Calls a function of the C library that answers 0; raises OSError otherwise."""
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def isolate():
    """Moves this process, or its children, to namespaces of their own."""
    uid, gid = os.getuid(), os.getgid()
    call(libc.unshare, CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID)
    for name, value in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(value)
    call(libc.mount, b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    call(libc.mount, b"tmpfs", b"/dev/shm", b"tmpfs", MS_NOSUID | MS_NODEV, None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack("16xh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def bind(source, target):
    """Shows a file or folder at another place too."""
    call(libc.mount, os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None)


def mount_models(folder):
    """Shows the folder at /opt/ml. Returns whether it could."""
    try:
        if not os.path.isdir(MODELS):
            make_room(os.path.dirname(MODELS), os.path.basename(MODELS))
        bind(folder, MODELS)
        return True
    except OSError:
        return False


def make_room(parent, name):
    """Adds an empty folder to one that can't be written to: by a copy of it that holds the same entries."""
    saved = "/dev/shm/.parent"
    os.mkdir(saved)
    bind(parent, saved)
    call(libc.mount, b"tmpfs", os.fsencode(parent), b"tmpfs", MS_NOSUID | MS_NODEV, None)
    try:
        for entry in os.scandir(saved):
            target = os.path.join(parent, entry.name)
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), target)
            elif entry.is_dir():
                os.mkdir(target)
                bind(entry.path, target)
            else:
                with open(target, "wb"):
                    pass
                bind(entry.path, target)
        os.mkdir(os.path.join(parent, name))
    except OSError:
        call(libc.umount2, os.fsencode(parent), MNT_DETACH)
        raise
    finally:
        call(libc.umount2, os.fsencode(saved), MNT_DETACH)
        os.rmdir(saved)


def can_isolate():
    """Tries it in a child, since half a move can't be undone. Returns why not, or None."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            isolate()
            os._exit(0)
        except OSError as error:
            os.write(writer, str(error.strerror).encode())
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as file:
        reason = file.read()
    _, status = os.waitpid(child, 0)
    return None if status == 0 else reason or "unknown"


def die_with_parent():
    """Runs in COMMAND's process before it starts."""
    os.setsid()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def relay(reader, writer, port):
    """Passes one accepted connection on, both ways, until either side closes."""

    async def copy(source, target):
        try:
            while data := await source.read(1 << 16):
                target.write(data)
                await target.drain()
            if target.can_write_eof():
                target.write_eof()
        except OSError:
            target.close()

    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        writer.close()
        return
    try:
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))
    except asyncio.CancelledError:
        pass  # The server has ended; asyncio would print a traceback into its log.
    finally:
        for stream in (inner_writer, writer):
            stream.close()


async def main(port, server_port, models, command):
    """Returns COMMAND's exit code."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        print(json.dumps({"error": error.strerror}), flush=True)
        return 98
    reason, mounted = can_isolate(), False
    if reason is None:
        isolate()
        mounted = models != "" and mount_models(models)
    if mounted:
        command = [argument.replace(models, MODELS) for argument in command]
    loop = asyncio.get_running_loop()
    ended, stopping = loop.create_future(), []
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, preexec_fn=die_with_parent)

    def reap():
        if process.poll() is not None and not ended.done():
            ended.set_result(process.returncode)

    def stop():
        if not stopping and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            stopping.append(loop.call_later(3, process.kill))

    def parent_gone():
        if not os.read(0, 1024):
            loop.remove_reader(0)
            stop()

    loop.add_signal_handler(signal.SIGCHLD, reap)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    loop.add_reader(0, parent_gone)
    await asyncio.start_server(lambda r, w: relay(r, w, server_port), sock=listener)
    address = {"port": listener.getsockname()[1], "isolated": reason is None, "reason": reason, "mounted": mounted}
    print(json.dumps(address), flush=True)
    reap()
    return await ended


if __name__ == "__main__":
    sys.exit(abs(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))))
