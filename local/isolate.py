"""Runs a server in a room of its own (room.py) and passes on the connections of a Unix socket to it.

Usage: isolate.py SERVER_PORT MODELS MOUNTS COMMAND [ARGUMENT ...]

Listens on an abstract Unix socket of this machine's network, and starts COMMAND in a room without a network. What the
socket accepts is passed on to 127.0.0.1:SERVER_PORT inside. The folder MODELS is at /opt/ml there, as SageMaker has it, read-only, and
COMMAND's arguments name it so; an empty text is no folder. MOUNTS is a JSON array of the other folders that COMMAND
needs, which it finds at their own paths, read-only. The working directory must be an empty folder. If the system
refuses namespaces, COMMAND runs without them.

Prints {"socket": ..., "reason": ..., "open": [...]} on standard output once COMMAND is started: the socket's name without the
leading NUL, why there is no room or null, and what is visible despite it. Then a line for each model whose process ends
while COMMAND goes on (model_processes.py). COMMAND's output goes to file descriptor 3.
Ends with COMMAND's exit code. SIGTERM, SIGINT and the end of standard input, which comes when the parent is gone, end
COMMAND: first with SIGTERM, after three seconds with SIGKILL.
"""

import asyncio
import json
import os
import signal
import socket
import sys

from model_processes import ModelProcesses
from room import Room

MODELS = "/opt/ml"
OUTPUT = 3
BACKLOG = 1024
SECONDS_BETWEEN_LOOKS = 0.2


async def copy(source, target):
    """Passes on what one side sends until it closes."""
    try:
        while data := await source.read(1 << 16):
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
    except OSError:
        target.close()


async def relay(reader, writer, port):
    """Passes on one accepted connection, both ways, until both sides have closed."""
    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        writer.close()
        return
    try:
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))
    finally:
        for stream in (inner_writer, writer):
            stream.close()


class Relay:
    """Passes on all connections. It holds their tasks, which asyncio itself refers to only weakly."""

    def __init__(self, port):
        self._port = port
        self._tasks = set()
        self._server = None

    async def start(self, listener):
        """Accepts the listening socket's connections."""
        self._server = await asyncio.start_unix_server(self._accept, sock=listener, backlog=BACKLOG)

    def _accept(self, reader, writer):
        task = asyncio.ensure_future(relay(reader, writer, self._port))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self):
        """Ends all connections, and returns once they are closed."""
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def watch(processes):
    """Prints how models' processes end, until it is cancelled."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        for process in processes.ended():
            print(json.dumps(process), flush=True)


async def main(server_port, models, mounts, command):
    """Returns COMMAND's exit code."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("")  # The system chooses an abstract name.
    visible = [(each, each, False) for each in mounts] + ([(models, MODELS, False)] if models else [])
    room = Room(visible, network=False)
    if room.reason is None:
        room.enter()
        if models:
            command = [argument.replace(models, MODELS) for argument in command]
    loop = asyncio.get_running_loop()
    ended, stopping = loop.create_future(), []
    process = room.start(command, os.environ, stdout=OUTPUT, stderr=OUTPUT)
    os.close(OUTPUT)

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
    connections = Relay(server_port)
    await connections.start(listener)
    name = listener.getsockname()[1:].decode("ascii")
    print(json.dumps({"socket": name, "reason": room.reason, "open": room.open}), flush=True)
    reap()
    # In a /proc of its own, the server is the first process.
    watching = asyncio.ensure_future(watch(ModelProcesses(1 if room.own_proc else process.pid)))
    code = await ended
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await connections.stop()
    return code


if __name__ == "__main__":
    sys.exit(abs(asyncio.run(main(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), sys.argv[4:]))))
