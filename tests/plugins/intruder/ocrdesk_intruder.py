"""An engine that tries what an attacker would try who controls a parser. Each word says how one attempt ended.

A word is NAME=refused or NAME=OPEN. Paths and process ids to attack are in a file beside this module.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from ocrdesk_worker.engines.interface import Block, Box, Engine, Line, TessData, Word

NAME = "intruder"
LIBC = ctypes.CDLL(None, use_errno=True)
REFUSED = (
    errno.EPERM,
    errno.EACCES,
    errno.ENOSYS,
    errno.EAFNOSUPPORT,
    errno.ENOENT,
    errno.EFBIG,
    errno.EMFILE,
    errno.EXDEV,
)
ATTEMPTS: dict[str, Callable[[dict[str, Any]], object]] = {}


def attempt(function: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    ATTEMPTS[function.__name__] = function
    return function


def call(number: int, *arguments: object) -> int:
    """Make a system call. Raises OSError."""
    result = int(LIBC.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


# ── files ────────────────────────────────────────────────────────────────────────────────────────


@attempt
def read_other_upload(target: dict[str, Any]) -> object:
    return Path(target["other_upload"]).read_bytes()


@attempt
def list_uploads(target: dict[str, Any]) -> object:
    return list(Path(target["blobs"]).iterdir())


@attempt
def write_other_blob(target: dict[str, Any]) -> object:
    return Path(target["other_upload"]).with_name("planted").write_text("x")


@attempt
def overwrite_other_upload(target: dict[str, Any]) -> object:
    return os.open(target["other_upload"], os.O_WRONLY)


@attempt
def truncate_other_upload(target: dict[str, Any]) -> object:
    return os.truncate(target["other_upload"], 0)


@attempt
def delete_other_upload(target: dict[str, Any]) -> object:
    return Path(target["other_upload"]).unlink()


@attempt
def rename_other_upload(target: dict[str, Any]) -> object:
    return Path(target["other_upload"]).rename(Path(os.environ["TMPDIR"], "stolen"))


@attempt
def link_other_upload(target: dict[str, Any]) -> object:
    return os.link(target["other_upload"], Path(os.environ["TMPDIR"], "linked"))


@attempt
def symlink_in_scratch(target: dict[str, Any]) -> object:
    return Path(os.environ["TMPDIR"], "made").symlink_to(target["other_upload"])


@attempt
def pipe_in_scratch(target: dict[str, Any]) -> object:
    return os.mkfifo(Path(os.environ["TMPDIR"], "pipe"))


@attempt
def read_secret_at_home(target: dict[str, Any]) -> object:
    return Path(target["home"], "secret").read_text()


@attempt
def read_passwd(target: dict[str, Any]) -> object:
    return Path("/etc/passwd").read_text()


@attempt
def write_in_home(target: dict[str, Any]) -> object:
    return Path(target["home"], "planted").write_text("x")


@attempt
def write_in_tmp(target: dict[str, Any]) -> object:
    return Path("/tmp", f"intruder-{os.getpid()}").write_text("x")


@attempt
def write_in_shared_memory(target: dict[str, Any]) -> object:
    return Path("/dev/shm", f"intruder-{os.getpid()}").write_text("x")


@attempt
def write_in_library(target: dict[str, Any]) -> object:
    return Path(__file__).with_name("planted.py").write_text("x")


@attempt
def change_mode(target: dict[str, Any]) -> object:
    return Path(os.environ["TMPDIR"]).chmod(0)


@attempt
def change_times_of_other_upload(target: dict[str, Any]) -> object:
    return os.utime(target["other_upload"], (1, 1))


@attempt
def change_times_by_old_calls(target: dict[str, Any]) -> object:
    path, times = target["other_upload"].encode(), ctypes.create_string_buffer(32)
    made = [number for number in (132, 235) if int(LIBC.syscall(ctypes.c_long(number), path, times)) == 0]
    return made or call(261, -100, path, times)


@attempt
def lock_a_library(target: dict[str, Any]) -> object:
    import fcntl

    with Path(os.__file__).open("rb") as library:
        return fcntl.flock(library, fcntl.LOCK_EX | fcntl.LOCK_NB)


@attempt
def make_a_file_immutable(target: dict[str, Any]) -> object:
    import fcntl

    with Path(os.environ["TMPDIR"], "immutable").open("wb") as file:
        return fcntl.ioctl(file, 0x40086602, struct.pack("l", 0))


@attempt
def thaw_the_file_system(target: dict[str, Any]) -> object:
    import fcntl

    return fcntl.ioctl(os.open(os.environ["TMPDIR"], os.O_RDONLY), 0xC0045878, 0)


@attempt
def write_all_disks(target: dict[str, Any]) -> object:
    return call(162)


@attempt
def grow_a_file(target: dict[str, Any]) -> object:
    with Path(os.environ["TMPDIR"], "large").open("wb") as file:
        file.truncate(8 << 30)
        return True


@attempt
def open_many_files(target: dict[str, Any]) -> object:
    opened = []
    try:
        for _ in range(5_000):
            opened.append(os.open("/dev/null", os.O_RDONLY))
        return True
    finally:
        for descriptor in opened:
            os.close(descriptor)


@attempt
def memory_file(target: dict[str, Any]) -> object:
    return os.memfd_create("x")


@attempt
def escape_the_root(target: dict[str, Any]) -> object:
    return os.chroot(os.environ["TMPDIR"])


# ── other processes ──────────────────────────────────────────────────────────────────────────────


def others(target: dict[str, Any]) -> list[int]:
    return [os.getppid(), *target["processes"]]


@attempt
def read_environments(target: dict[str, Any]) -> object:
    return [Path(f"/proc/{pid}/environ").read_bytes() for pid in others(target)]


@attempt
def read_memories(target: dict[str, Any]) -> object:
    return [os.open(f"/proc/{pid}/mem", os.O_RDONLY) for pid in others(target)]


@attempt
def read_descriptors(target: dict[str, Any]) -> object:
    return [list(Path(f"/proc/{pid}/fd").iterdir()) for pid in others(target)]


@attempt
def read_command_lines(target: dict[str, Any]) -> object:
    return [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in others(target)]


@attempt
def trace(target: dict[str, Any]) -> object:
    return [call(101, 16, pid, 0, 0) for pid in others(target)]


@attempt
def read_by_system_call(target: dict[str, Any]) -> object:
    buffer = ctypes.create_string_buffer(64)
    vector = struct.pack("PN", ctypes.addressof(buffer), 64)
    remote = struct.pack("PN", id(target), 64)
    return call(310, os.getppid(), ctypes.c_char_p(vector), 1, ctypes.c_char_p(remote), 1, 0)


@attempt
def handle_of_process(target: dict[str, Any]) -> object:
    return os.pidfd_open(os.getppid())


@attempt
def probe_with_signal(target: dict[str, Any]) -> object:
    return [os.kill(pid, 0) for pid in others(target)]


@attempt
def signal_group(target: dict[str, Any]) -> object:
    return os.killpg(0, 0)


@attempt
def signal_everybody(target: dict[str, Any]) -> object:
    return os.kill(-1, 0)


@attempt
def signal_thread_of_parent(target: dict[str, Any]) -> object:
    return call(234, os.getppid(), os.getppid(), 0)


@attempt
def signal_by_owner_of_pipe(target: dict[str, Any]) -> object:
    import fcntl

    reading, _ = os.pipe()
    fcntl.fcntl(reading, 10, signal.SIGKILL)
    return fcntl.fcntl(reading, 8, os.getppid())


@attempt
def slow_parent_down(target: dict[str, Any]) -> object:
    return os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)


@attempt
def move_parent_to_a_core(target: dict[str, Any]) -> object:
    return os.sched_setaffinity(os.getppid(), {0})


@attempt
def limit_parent(target: dict[str, Any]) -> object:
    return resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))


@attempt
def raise_own_limit(target: dict[str, Any]) -> object:
    return call(302, 0, resource.RLIMIT_NOFILE, ctypes.c_char_p(struct.pack("QQ", 1 << 16, 1 << 16)), None)


@attempt
def outlive_parent(target: dict[str, Any]) -> object:
    return call(157, 1, 0, 0, 0, 0)


# ── programs ─────────────────────────────────────────────────────────────────────────────────────


@attempt
def fork(target: dict[str, Any]) -> object:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)


@attempt
def fork_by_clone(target: dict[str, Any]) -> object:
    pid = call(56, 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return True


@attempt
def fork_by_new_clone(target: dict[str, Any]) -> object:
    pid = call(435, ctypes.c_char_p(struct.pack("8Q", 0, 0, 0, 0, 17, 0, 0, 0)), 64)
    if pid == 0:
        os._exit(0)
    return True


@attempt
def execute(target: dict[str, Any]) -> object:
    return os.execv("/bin/sh", ["sh", "-c", "exit 3"])


@attempt
def execute_descriptor(target: dict[str, Any]) -> object:
    descriptor = os.open(os.path.realpath("/bin/sh"), os.O_RDONLY)
    return os.execve(descriptor, ["sh", "-c", "exit 3"], {})


@attempt
def new_session(target: dict[str, Any]) -> object:
    return os.setsid()


@attempt
def new_group(target: dict[str, Any]) -> object:
    return os.setpgid(0, 0)


@attempt
def new_user_namespace(target: dict[str, Any]) -> object:
    return call(272, 0x10000000)


@attempt
def join_namespace(target: dict[str, Any]) -> object:
    return call(308, 0, 0)


@attempt
def mount(target: dict[str, Any]) -> object:
    return call(165, b"none", b"/tmp", b"tmpfs", 0, None)


@attempt
def become_root(target: dict[str, Any]) -> object:
    return os.setuid(0)


# ── the network and the kernel ───────────────────────────────────────────────────────────────────


@attempt
def redis_by_socket(target: dict[str, Any]) -> object:
    return socket.socket(socket.AF_UNIX).connect(target["redis_socket"])


@attempt
def connect_by_tcp(target: dict[str, Any]) -> object:
    return socket.create_connection(("127.0.0.1", target["port"]), 2)


@attempt
def send_by_udp(target: dict[str, Any]) -> object:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", target["port"]))


@attempt
def raw_socket(target: dict[str, Any]) -> object:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


@attempt
def kernel_socket(target: dict[str, Any]) -> object:
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)


@attempt
def abstract_socket(target: dict[str, Any]) -> object:
    return socket.socket(socket.AF_UNIX).connect("\0" + target["abstract"])


@attempt
def pair_of_sockets(target: dict[str, Any]) -> object:
    return socket.socketpair()


@attempt
def inherited_sockets(target: dict[str, Any]) -> object:
    import stat

    found = []
    for descriptor in range(256):
        with contextlib.suppress(OSError):
            found += [descriptor] if stat.S_ISSOCK(os.fstat(descriptor).st_mode) else []
    if not found:
        raise FileNotFoundError(errno.ENOENT, "none")
    return found


@attempt
def shared_memory(target: dict[str, Any]) -> object:
    return call(29, 0, mmap.PAGESIZE, 0o1600)


@attempt
def io_ring(target: dict[str, Any]) -> object:
    return call(425, 8, ctypes.create_string_buffer(256))


@attempt
def kernel_program(target: dict[str, Any]) -> object:
    return call(321, 0, ctypes.create_string_buffer(128), 128)


@attempt
def performance_counters(target: dict[str, Any]) -> object:
    return call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)


@attempt
def page_fault_handler(target: dict[str, Any]) -> object:
    return call(323, 1)


@attempt
def keyring(target: dict[str, Any]) -> object:
    return call(250, 0, -3, 1)


@attempt
def thirty_two_bit_calls(target: dict[str, Any]) -> object:
    return call(0x40000000 + 39)


@attempt
def secrets_in_environment(target: dict[str, Any]) -> object:
    allowed = ("PATH", "LANG", "LANGUAGE", "TZ", "OMP_THREAD_LIMIT", "ORT_DISABLE_TELEMETRY", "HOME", "TMPDIR")
    found = [name for name in os.environ if name not in allowed and not name.startswith("LC_")]
    with contextlib.suppress(OSError):
        found += [1] if target["canary"].encode() in Path("/proc/self/environ").read_bytes() else []
    if not found:
        raise FileNotFoundError(errno.ENOENT, "none")
    return found


@attempt
def secrets_in_memory(target: dict[str, Any]) -> object:
    from ocrdesk_worker.jobs.context import current

    work, _ = current()
    options = work.ledger.jobs._redis.connection_pool.connection_kwargs
    known = [work.settings.local_token, work.settings.metrics_token]
    seen = [*(secret.get_secret_value() for secret in known if secret), repr(options)]
    if not any(target["canary"] in text for text in seen):
        raise FileNotFoundError(errno.ENOENT, "none")
    return True


# ── the engine ───────────────────────────────────────────────────────────────────────────────────


def outcome(function: Callable[[dict[str, Any]], object], target: dict[str, Any]) -> str:
    try:
        function(target)
    except OSError as error:
        return "refused" if error.errno in REFUSED else f"OPEN-errno-{error.errno}"
    except (ValueError, KeyError, AttributeError) as error:
        return f"OPEN-{type(error).__name__}"
    return "OPEN"


def thread_works() -> str:
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(1))
    thread.start()
    thread.join()
    return "works" if seen else "broken"


def scratch_works() -> str:
    path = Path(os.environ["TMPDIR"], "note")
    path.write_text("x")
    return "works" if path.read_text() == "x" else "broken"


class IntruderEngine:
    source = NAME

    def recognise(self, image: Image.Image, dpi: float, languages: tuple[str, ...]) -> tuple[Block, ...]:
        target = json.loads(Path(__file__).with_name("target.json").read_text())
        found = {"threads": thread_works(), "scratch": scratch_works()}
        found |= {name: outcome(function, target) for name, function in ATTEMPTS.items()}
        box = Box(0, 0, image.width, image.height)
        words = tuple(Word(text=f"{name}={how}", box=box, confidence=0.5, source=NAME) for name, how in found.items())
        return (Block(box=box, lines=(Line(box=box, words=words),)),)


class IntruderFactory:
    name = NAME

    def unavailable_because(self) -> str | None:
        return None if sys.platform == "linux" else "It attacks Linux."

    def create(self, data: TessData) -> Engine:
        return IntruderEngine()


FACTORY = IntruderFactory()
