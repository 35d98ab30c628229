"""Runs a command under what a systemd unit's hardening directives do, on a machine without systemd. Needs root.

Emulated are those that can break a program: the views of the file system (ProtectSystem, ProtectHome, PrivateTmp,
PrivateDevices, StateDirectory) and of /proc (ProtectProc, ProcSubset), a user without capabilities,
MemoryDenyWriteExecute, the filters of system calls and address families, and LoadCredential.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

UID = 61_184
"""The first number that systemd gives a DynamicUser."""
_HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
_STASH = "/media"
_HIDDEN = {"ProtectHome": ("/root", "/home"), "PrivateTmp": ("/tmp", "/var/tmp")}
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "shm")
_PROC_OPTIONS = {("ProtectProc", "invisible"): "hidepid=2", ("ProcSubset", "pid"): "subset=pid"}
_PROGRAMS = ("unshare", "setpriv", "systemd-analyze")
_PR_SET_SECCOMP, _PR_SET_MDWE, _PR_GET_MDWE = 22, 65, 66
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X86_64 = 0xC000003E


def why_impossible() -> str:
    """Return why this machine cannot run a confined command; empty if it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can make mount namespaces"
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"{missing[0]} is not installed"
    if subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return "this root may not make mount namespaces, as in a container"
    if ctypes.CDLL(None).prctl(_PR_GET_MDWE, 0, 0, 0, 0) < 0:
        return "this kernel cannot forbid memory that is both writable and executable: Linux 6.3 can"
    return "" if _HEADER.exists() else "the numbers of system calls are missing: apt-get install linux-libc-dev"


def directives(unit: Path) -> dict[str, list[str]]:
    """Return the values of a unit's directives, in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), flags=re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def confined(
    unit: Path, program: Sequence[str], state: Path, credentials: Mapping[str, str], kept: Sequence[Path]
) -> list[str]:
    """Return the command that runs `program` as the unit would, with a folder as its StateDirectory.

    `kept`: folders that the program needs, even if the unit hides the folders that they are in.
    """
    found = directives(unit)
    home = f"/var/lib/{found['StateDirectory'][0]}"
    hidden = [folder for name, folders in _HIDDEN.items() if found.get(name) == ["yes"] for folder in folders]
    state.mkdir(exist_ok=True)
    os.chown(state, UID, UID)
    lines = ["set -eu", "mount --make-rprivate /", f"mount -t tmpfs -o mode=755 tmpfs {_STASH}"]
    lines += [f"mkdir {_STASH}/state", f"mount --bind {shlex.quote(str(state))} {_STASH}/state"]
    lines += [line for number, folder in enumerate(kept) for line in _bind(folder, f"{_STASH}/{number}")]
    lines += [f"mount -t tmpfs -o mode={1777 if 'tmp' in name else 755} tmpfs {name}" for name in (*hidden, "/var/lib")]
    for number, folder in enumerate(kept):
        if any(folder.is_relative_to(name) for name in hidden):
            lines += _bind(Path(f"{_STASH}/{number}"), str(folder))
    lines += _bind(Path(f"{_STASH}/state"), home)
    lines += _credentials(f"/run/credentials/{unit.name}", credentials)
    lines += _devices() if found.get("PrivateDevices") == ["yes"] else []
    lines += _read_only(home) if found.get("ProtectSystem") == ["strict"] else []
    options = [option for (name, value), option in _PROC_OPTIONS.items() if found.get(name) == [value]]
    lines += [f"mount -t proc -o {','.join(['nosuid', *options])} proc /proc", f"cd {home}"]
    # The filters come last, because they would refuse what precedes.
    user = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--no-new-privs"]
    user += ["--bounding-set=-all", "--inh-caps=-all"]
    lines += ["exec " + shlex.join([*user, sys.executable, "-I", __file__, str(unit), "--", *program])]
    return ["unshare", "--mount", "--ipc", "sh", "-c", "\n".join(lines)]


def _bind(source: Path, target: str) -> list[str]:
    here, there = shlex.quote(str(source)), shlex.quote(target)
    return [f"mkdir -p {there}", f"mount --bind {here} {there}"]


def _credentials(folder: str, credentials: Mapping[str, str]) -> list[str]:
    files = [f"printf %s {shlex.quote(text)} >{folder}/{name}" for name, text in credentials.items()]
    rights = [f"chown -R {UID} {folder}", f"chmod 400 {folder}/*", f"chmod 500 {folder}"]
    return ["mount -t tmpfs -o mode=755 tmpfs /run", f"mkdir -p {folder}", *files, *rights]


def _devices() -> list[str]:
    lines = [f"mkdir {_STASH}/dev"]
    for name in _DEVICES:
        place = f"{_STASH}/dev/{name}"
        lines += [f"mkdir {place}" if name == "shm" else f": >{place}", f"mount --bind /dev/{name} {place}"]
    return [*lines, f"mount --rbind {_STASH}/dev /dev"]


def _read_only(home: str) -> list[str]:
    """Remount all file systems read-only but those of the kernel, of temporary files and of the service itself."""
    kernels = "/proc|/proc/*|/dev|/dev/*"
    own = f"/tmp|/var/tmp|{home}|{_STASH}/state"
    change = f'case "$place" in {kernels}|{own}) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || true;; esac'
    return [f"while read -r _ place _; do {change}; done </proc/self/mounts", "! touch /usr/not-read-only 2>/dev/null"]


# ── in the confined process ──────────────────────────────────────────────────────────────────────


def _main(unit: Path, program: Sequence[str]) -> None:
    """Restrict this process as the unit says, then become the program."""
    found = directives(unit)
    libc = ctypes.CDLL(None, use_errno=True)
    if found.get("MemoryDenyWriteExecute") == ["yes"]:
        _check(libc.prctl(_PR_SET_MDWE, 1, 0, 0, 0))
    families = [getattr(socket, name) for name in found["RestrictAddressFamilies"][0].split()]
    code = b"".join(_filter(system_calls(found["SystemCallFilter"]), families))
    instructions = ctypes.create_string_buffer(code)
    program_of_filter = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))
    _check(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.c_char_p(program_of_filter), 0, 0))
    os.execvp(program[0], program)


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def system_calls(filters: Sequence[str]) -> set[str]:
    """Return the system calls that SystemCallFilter lines allow, by systemd's own sets."""
    allowed = _members("@default")
    for line in filters:
        names = set[str]().union(*(_members(name) for name in line.removeprefix("~").split()))
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def _members(name: str) -> set[str]:
    if not name.startswith("@"):
        return {name}
    listed = ["systemd-analyze", "syscall-filter", name]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    words = [line.strip() for line in said.splitlines()[1:]]
    return set[str]().union(*(_members(word) for word in words if word and not word.startswith("#")))


def _filter(allowed: set[str], families: Sequence[int]) -> Iterator[bytes]:
    """Yield the instructions of a seccomp filter: EPERM for other system calls, EAFNOSUPPORT for other sockets."""
    numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", _HEADER.read_text()))

    def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    load, equal, end = 0x20, 0x15, 0x06
    yield step(load, 4)  # the architecture
    yield step(equal, _X86_64, 1, 0)
    yield step(end, _KILL)
    yield step(load, 0)  # the system call
    for name in sorted(allowed & numbers.keys() - {"socket"}):
        yield step(equal, int(numbers[name]), 0, 1)
        yield step(end, _ALLOW)
    yield step(equal, int(numbers["socket"]), 1, 0)
    yield step(end, _ERRNO | errno.EPERM)
    yield step(load, 16)  # its first argument
    for family in families:
        yield step(equal, family, 0, 1)
        yield step(end, _ALLOW)
    yield step(end, _ERRNO | errno.EAFNOSUPPORT)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[3:])
