"""Namespaces in which a program sees the system and this Python read-only, the folders it is given, and nothing else."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 1, 24, 38, 47, 4
# The numbers of x86-64; not every supported C library has functions for them.
SYS_PIVOT_ROOT, SYS_KEYCTL, SYS_MOUNT_SETATTR = 155, 250, 442
KEYCTL_JOIN_SESSION_KEYRING = 1
CAPABILITY_VERSION_3 = 0x20080522

# As in the container: https://github.com/triton-inference-server/server/blob/main/build.py (WORKDIR)
WORKING_DIRECTORY, HOME = "/opt/tritonserver", "/root"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store")
# What programs of the system need; /sys only for the number of processors.
SYSTEM_PARTS = ("/etc/ld.so.cache", "/etc/alternatives", "/sys/devices/system")
DEVICES = ("null", "zero", "full", "random", "urandom")
NETWORK_PARTS = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted")

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    """Calls a function of the C library that answers 0; raises OSError otherwise."""
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def syscall(number, *arguments):
    """Makes a system call that answers 0; raises OSError otherwise."""
    call(libc.syscall, ctypes.c_long(number), *arguments)


def mount(source, target, kind=None, flags=0, data=None):
    """Mounts a file system, or changes a mount; texts are paths."""
    call(libc.mount, *(text and os.fsencode(text) for text in (source, target, kind)), flags, data)


class Room:
    """A room to enter: the folders that are visible in it, and its network.

    It is built on the working directory, which must be an empty folder and is its /tmp, on disk. If the system refuses namespaces, `reason` says
    why, and commands start without them.
    """

    def __init__(self, mounts, network):
        """Takes `(source, target, writable)` of each visible folder or file; network: whether to share this machine's."""
        self.mounts = [*mounts, *((part, part, False) for part in parts_of_python())]
        self.network = network
        self.reason, self.own_proc = self._try()

    @property
    def open(self):
        """What stays visible of this machine that shouldn't; a list of readable names."""
        return [] if self.own_proc else ["this machine's list of processes"]

    def enter(self):
        """Moves this process there, and its children to processes of their own; only if there is no `reason` against it."""
        uid, gid = os.getuid(), os.getgid()
        network = 0 if self.network else CLONE_NEWNET
        call(libc.unshare, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | network)
        for name, value in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(value)
        if not self.network:
            raise_loopback()
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        root = os.getcwd()
        # Under the root, the working directory is only within reach through a descriptor.
        disk = os.open(root, os.O_PATH)
        mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, b"mode=755")
        bind(f"/proc/self/fd/{disk}", f"{root}/tmp", MS_BIND)
        protect(f"{root}/tmp", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
        os.close(disk)
        self._furnish(root)
        os.chdir(root)
        syscall(SYS_PIVOT_ROOT, b".", b".")
        call(libc.umount2, b".", MNT_DETACH)
        os.chdir(WORKING_DIRECTORY)

    def start(self, command, environment, **options):
        """Starts a command there, which ends with this process; it gets a HOME of its own."""
        environment = {**environment, "HOME": os.getcwd() if self.reason else HOME}
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env=environment, preexec_fn=self._before_command, **options
        )

    def _before_command(self):
        os.setsid()
        if self.reason is None:
            if self.own_proc:
                cover_proc()
            give_up_rights()
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def _furnish(self, root):
        """Fills the room's root, an empty folder."""
        for name in ("var", "proc", "dev/shm", "etc", HOME[1:], WORKING_DIRECTORY[1:]):
            os.makedirs(f"{root}/{name}")
        os.symlink("/tmp", f"{root}/var/tmp")
        mount("tmpfs", f"{root}/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV)
        for name in DEVICES:
            if os.path.exists(f"/dev/{name}"):
                bind(f"/dev/{name}", f"{root}/dev/{name}")
        for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
            os.symlink(f"/proc/self/fd{target}", f"{root}/dev/{name}")
        name_user(root)
        parts = SYSTEM_PARTS + (NETWORK_PARTS if self.network else ())
        for part in SYSTEM + parts + ("/proc",):
            if part in SYSTEM and os.path.islink(part):
                os.symlink(os.readlink(part), root + part)
            elif os.path.exists(part):
                show(part, root + part)
        shown = [part for part in SYSTEM if os.path.isdir(root + part)]
        for source, target, writable in sorted(self.mounts, key=lambda each: each[1]):
            if not writable and any(f"{target}/".startswith(f"{part}/") for part in shown):
                continue
            show(source, root + target, writable)
            shown.append(target)

    def _try(self):
        """Tries it in children, since half a move can't be undone. Returns why not, or None, and whether /proc can be its own."""

        def enter_with_proc():
            self.enter()
            refusal = in_child(cover_proc)
            if refusal is not None:
                raise OSError(0, refusal)

        reason = in_child(self.enter)
        return reason, reason is None and in_child(enter_with_proc) is None


def parts_of_python():
    """The programs and libraries of this Python, which may be below a home folder."""
    prefixes = {sys.base_prefix, os.path.realpath(sys.base_prefix)}
    prefixes.add(os.path.dirname(os.path.dirname(os.path.realpath(sys.executable))))
    parts = {os.path.join(prefix, name) for prefix in prefixes for name in ("bin", "lib", "lib64")}
    parts |= {os.path.dirname(sys.executable), os.path.join(sys.prefix, "pyvenv.cfg")}
    return [part for part in parts if os.path.exists(part)]


def raise_loopback():
    """Turns on the new network's only interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        (flags,) = struct.unpack("16xh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def name_user(root):
    """Gives the only user a name; this machine's list of users stays outside."""
    files = {
        "passwd": f"root:x:{os.getuid()}:{os.getgid()}::{HOME}:/bin/sh\n",
        "group": f"root:x:{os.getgid()}:\n",
        "hosts": "127.0.0.1 localhost\n",
    }
    for name, text in files.items():
        with open(f"{root}/etc/{name}", "w", encoding="ascii") as file:
            file.write(text)


def bind(source, target, flags=MS_BIND | MS_REC):
    """Shows a file or folder at another place too, which is created."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "ab"):
            pass
    mount(source, target, flags=flags)


def show(source, target, writable=False):
    """Shows a file or folder in the room, with all that is mounted below it."""
    bind(source, target)
    protect(target, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (0 if writable else MOUNT_ATTR_RDONLY))


def protect(target, protection):
    """Adds attributes to a mount and to those below it."""
    attributes = struct.pack("QQQQ", protection, 0, 0, 0)
    path, size = ctypes.c_char_p(os.fsencode(target)), ctypes.c_size_t(len(attributes))
    syscall(SYS_MOUNT_SETATTR, AT_FDCWD, path, AT_RECURSIVE, attributes, size)


def cover_proc():
    """Covers this machine's /proc with that of the namespace that this process is in.

    The kernel refuses it if anything covers parts of this machine's /proc, as in containers. It is read-only, because
    root could change this machine's settings through it.
    """
    mount("proc", "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)


def give_up_rights():
    """Gives up all that root may do in the namespaces, for good: it could make what is read-only writable."""
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    call(libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call(libc.capset, struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24))
    # The keys of the session that this was started in; some systems have no keyrings at all.
    libc.syscall(ctypes.c_long(SYS_KEYCTL), KEYCTL_JOIN_SESSION_KEYRING, None)


def in_child(action):
    """Runs an action in a child process. Returns the system's reason if it refuses, or None."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except OSError as error:
            os.write(writer, str(error.strerror).encode())
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as file:
        reason = file.read()
    _, status = os.waitpid(child, 0)
    return None if status == 0 else reason or "unknown"
