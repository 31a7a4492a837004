"""Runs pip in a room of its own (room.py): it sees the folder that it installs into, and nothing else of the user's.

Usage: install.py FOLDER TEMPORARY [ARGUMENT ...]

Installs with the network, since packages come from an index, but only built ones (wheels), so that none of their code runs.
FOLDER is the only writable one; TEMPORARY is a folder in it for what pip unpacks. The working directory must be an empty
folder. Of the user's settings, pip gets those that say how to reach the index, and nothing else of the environment.
Ends with pip's exit code.
"""

import ast
import importlib.util
import os
import subprocess
import sys

from room import Room

# https://pip.pypa.io/en/stable/topics/configuration/: the later ones take precedence.
SECTIONS = ("global", "install", ":env:")
INDEX = ("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cert", "client-cert", "proxy")
PATIENCE = ("timeout", "default-timeout", "retries")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
FIXED = ("--disable-pip-version-check", "--root-user-action=ignore", "--no-input", "--no-cache-dir", "--no-compile")


def index_settings():
    """Returns the user's own settings of pip that say how to reach the index, as environment variables."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, check=True, text=True)
    found = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in SECTIONS and name in INDEX + PATIENCE:
            found[SECTIONS.index(section), name] = str(ast.literal_eval(value))
    return {f"PIP_{name.upper().replace('-', '_')}": found[section, name] for section, name in sorted(found)}


def main(folder, temporary, arguments):
    """Returns pip's exit code."""
    names = PROXIES + tuple(name.upper() for name in PROXIES) + CERTIFICATES + ("TERM",)
    reaching = {**{name: os.environ[name] for name in names if name in os.environ}, **index_settings()}
    pip = os.path.dirname(importlib.util.find_spec("pip").origin)
    # Certificates and folders of packages.
    paths = [path for value in reaching.values() for path in value.replace("file://", "").split() if os.path.isabs(path)]
    readable = [path for path in (pip, *paths) if os.path.exists(path)]
    room = Room([(path, path, False) for path in readable] + [(folder, folder, True)], network=True)
    if room.reason is None:
        room.enter()
    os.umask(0o077)
    environment = {**reaching, "LANG": "C.UTF-8", "TMPDIR": temporary, "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, "-I", pip, "install", *FIXED, "--only-binary=:all:", *arguments]
    return room.start(command, environment).wait()


if __name__ == "__main__":
    try:
        sys.exit(abs(main(sys.argv[1], sys.argv[2], sys.argv[3:])))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
