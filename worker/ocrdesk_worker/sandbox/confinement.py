"""Confines a process to the file it reads: system libraries, its own scratch folder, no network, no programs."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import site
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ocrdesk_worker.sandbox import landlock, process_limits, seccomp

_log = logging.getLogger(__name__)

_LIBRARIES = ("/usr", "/lib", "/lib64", "/lib32", "/app/lib", "/nix/store", "/opt/homebrew")
_SMALL = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/fonts",
    "/var/cache/fontconfig",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)
_PACKAGE_FOLDERS, _CODE = ("site-packages", "dist-packages"), (".py", ".pyc", ".so")
_KEPT_VARIABLES = ("PATH", "LANG", "LANGUAGE", "TZ", "OMP_THREAD_LIMIT", "ORT_DISABLE_TELEMETRY", "FONTCONFIG_FILE")
_OPEN_FILES, _MOST_DESCRIPTORS = 256, 4096
_STDERR = 2
_MORE_PROCESSES = 4096
"""How many processes and threads the user may start beside those that were there first."""
_ENVIRONMENT_FIELDS = slice(47, 49)
"""Where the addresses of the environment's begin and end are, after the name in /proc/self/stat."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a confined process may use beside libraries.

    It reads `readable`, and reads and writes `scratch`. `programs`: it may start these and those among the libraries.
    """

    scratch: Path
    readable: tuple[Path, ...] = ()
    programs: tuple[Path, ...] = ()
    largest_file_bytes: int = 1 << 30


FILES, TCP, SIGNALS, SYSTEM_CALLS = MEASURES = ("files", "tcp", "signals", "system_calls")
"""What a kernel can restrict: which files are opened, connections, signals to other processes, system calls."""


@cache
def measures() -> tuple[str, ...]:
    """Return those of `MEASURES` that work on this machine. A process of its own tries them."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, " ".join(_try_all()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        found = pipe.read().split()
    os.waitpid(pid, 0)
    return tuple(found)


def _try_all() -> Iterator[str]:
    with contextlib.suppress(OSError):
        if version := landlock.abi():
            landlock.restrict([])
            yield FILES
            if version >= landlock.NETWORK_ABI:
                yield TCP
            if version >= landlock.SCOPES_ABI:
                yield SIGNALS
    with contextlib.suppress(OSError):
        if seccomp.is_available():
            seccomp.install(programs=False)
            yield SYSTEM_CALLS


def log_measures() -> None:
    """Log what works on this machine, and what does not."""
    if missing := [name for name in MEASURES if name not in measures()]:
        _log.warning(
            "the kernel does not restrict %s of the processes that open files; in force: %s",
            ", ".join(missing),
            ", ".join(measures()) or "nothing but limits",
        )
    else:
        _log.info("processes that open files are restricted in %s", ", ".join(MEASURES))


def prepare() -> None:
    """Find out, in the process that forks the others, what they all need."""
    if FILES not in measures() and Path("/proc/1").exists():
        # Landlock would do it. Where /proc hides processes, a hidden one could not be watched by its parent.
        process_limits.hide_memory()
    process_limit()
    seccomp.assemble(signals=SIGNALS in measures())
    _library_places()
    _small_places()


def confine(access: Access, kept_descriptors: Iterable[int]) -> None:
    """Confine this process for good. It keeps these descriptors; all others lead nowhere. Raises OSError.

    What the kernel does not offer is left out: see `measures`.
    """
    rules = list(_rules(access)) if FILES in measures() else []
    _clear_environment(access.scratch)
    descriptors = _open_descriptors()  # Landlock hides the list
    process_limits.limit_processes(process_limit())
    process_limits.drop_capabilities()
    if rules:
        landlock.restrict(rules)
    _silence(descriptors, frozenset(kept_descriptors))
    process_limits.limit_files(access.largest_file_bytes, max(descriptors) + _OPEN_FILES)
    if SYSTEM_CALLS in measures():
        programs = bool(access.programs)
        seccomp.install(programs=programs, signals=programs and SIGNALS in measures())


@cache
def library_folders() -> tuple[Path, ...]:
    """Return the folders of the interpreter, of packages and of the system's libraries.

    Of other folders that modules are found in, as a checkout's, only the packages: data may lie beside them.
    """
    named = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *site.getsitepackages()]
    found = [path for name in (*named, site.getusersitepackages(), *_LIBRARIES) if (path := Path(name)).is_absolute()]
    for folder in map(Path, sys.path):
        found += [folder] if folder.name in _PACKAGE_FOLDERS or not folder.is_dir() else _modules_in(folder)
    unique = dict.fromkeys(path.resolve() for path in found if path.is_absolute() and path.exists())
    return tuple(path for path in unique if unique.keys().isdisjoint(path.parents))


def _modules_in(folder: Path) -> list[Path]:
    try:
        return [it for it in folder.iterdir() if it.suffix in _CODE or (it / "__init__.py").is_file()]
    except OSError:
        return []


@cache
def process_limit() -> int:
    """Return how many processes and threads this user may have."""
    return process_limits.processes_of_user() + _MORE_PROCESSES


@cache
def _library_places() -> tuple[landlock.Place | None, ...]:
    """Return the places of libraries. They stay open for all processes that are forked from this one."""
    return tuple(map(landlock.Place.at, library_folders()))


@cache
def _small_places() -> tuple[landlock.Place | None, ...]:
    return tuple(landlock.Place.at(Path(name)) for name in _SMALL)


def _rules(access: Access) -> Iterator[tuple[landlock.Place | None, int]]:
    libraries = landlock.RUN if access.programs else landlock.READ
    yield from ((place, libraries) for place in _library_places())
    yield from ((place, landlock.READ) for place in _small_places())
    yield from ((landlock.Place.at(path), landlock.READ) for path in access.readable)
    yield landlock.Place.at(Path(os.devnull)), landlock.USE
    yield landlock.Place.at(access.scratch), landlock.WRITE
    yield from ((landlock.Place.at(program), landlock.RUN) for program in access.programs)


def _silence(descriptors: Iterable[int], kept: frozenset[int]) -> None:
    """Let descriptors lead to /dev/null. They are not closed: a library might write to what opens next."""
    nowhere = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for descriptor in descriptors:
        if descriptor not in kept and descriptor != nowhere:
            os.dup2(nowhere, descriptor, inheritable=descriptor <= _STDERR)


def _open_descriptors() -> list[int]:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return [int(path.name) for path in Path(folder).iterdir()]
    return [number for number in range(_MOST_DESCRIPTORS) if _is_open(number)]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _clear_environment(scratch: Path) -> None:
    """Keep the variables that libraries need, and erase the memory in which the others were."""
    kept = {name: value for name in _KEPT_VARIABLES if (value := os.environ.get(name)) is not None}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("LC_")}
    try:
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        begin, end = (int(field) for field in fields[_ENVIRONMENT_FIELDS])
    except (OSError, ValueError):
        begin = end = 0
    os.environ.clear()
    if 0 < begin < end:
        ctypes.memset(begin, 0, end - begin)
    os.environ.update(kept | {"HOME": str(scratch), "TMPDIR": str(scratch)})
    tempfile.tempdir = str(scratch)
