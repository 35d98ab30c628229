"""Refuses system calls with a seccomp filter.

A refused call returns EPERM, so libraries fall back instead of ending. The filter is assembled here: libseccomp would
be one more library of the system, and Debian 12's does not know calls that newer kernels have.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from functools import cache

from ocrdesk_worker.sandbox.system_calls import CHECKED, NEWEST, PROGRAM_CALLS, REFUSED

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of the table of system calls, and the kernel's name, of each machine."""
_PR_SET_NO_NEW_PRIVS, _PR_GET_SECCOMP, _PR_SET_SECCOMP, _MODE_FILTER = 38, 21, 22, 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _GREATER, _AT_LEAST, _HAS_BITS, _END = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where the kernel's description of a call has them, in bytes."""

_SOME_PID = bytes.fromhex("d1ce5eed")

_THREAD = 0x00010000
_UNWANTED = 0x7E028080
"""Bits of `clone`: a thread of this process; new namespaces, and a child of the parent."""
_HARMLESS_PRCTL = (3, 7, 15, 16, 21, 23, 27, 30, 39, 40, 0x53564D41)
"""Options that read, or name a thread or memory. Others would undo what ends this process with its parent."""
_REFUSED_FCNTL = (8, 10, 15, 1024, 1026)
"""F_SETOWN, F_SETSIG and F_SETOWN_EX send signals to any process; leases and notifications delay others."""
_HARMLESS_IOCTL = (0x5401, 0x802C542A, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""They ask about a terminal and for the bytes that wait, or set modes of a descriptor. Others type into a terminal,
send signals, make files immutable, or stop a whole file system."""


@cache
def is_available() -> bool:
    """Return whether this machine can filter system calls."""
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES or sys.maxsize < 1 << 32:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, None, 0, 0)  # a kernel with filters complains about the address
    return ctypes.get_errno() == errno.EFAULT


def install(*, programs: bool, signals: bool = False) -> None:
    """Refuse, from now on and for good, what a confined process must not do. Raises OSError.

    `programs`: programs may be started. `signals`: and their processes ended, where Landlock keeps signals inside. The
    process must have one thread.
    """
    assembled = _assembled(platform.machine(), programs=programs, signals=signals)
    code = assembled.replace(_SOME_PID, struct.pack("I", os.getpid()))
    steps = ctypes.create_string_buffer(code, len(code))
    described = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in (
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_char_p(described), 0, 0),
    ):
        if libc.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@cache
def _assembled(machine: str, *, programs: bool, signals: bool) -> bytes:
    return b"".join(_filter(machine, programs=programs, signals=signals))


def assemble(*, signals: bool) -> None:
    """Prepare the filters, so that the processes forked from this one have them."""
    if is_available():
        for programs in (False, True):
            _assembled(platform.machine(), programs=programs, signals=programs and signals)


def _filter(machine: str, *, programs: bool, signals: bool) -> Iterator[bytes]:
    """Yield the filter's instructions, with `_SOME_PID` in the place of the process's id."""
    (pid,) = struct.unpack("I", _SOME_PID)
    column, architecture = _ARCHITECTURES[machine]
    yield _step(_LOAD, _ARCHITECTURE)
    yield _step(_EQUAL, architecture, 1, 0)
    yield _refuse()  # the calls of 32-bit programs
    yield _step(_LOAD, _NUMBER)
    yield _step(_GREATER, NEWEST, 0, 1)
    yield _refuse(errno.ENOSYS)
    refused = {name: numbers[column] for name, numbers in REFUSED.items() if not (programs and name in PROGRAM_CALLS)}
    for first, last in _ranges(number for number in refused.values() if number is not None):
        yield _step(_AT_LEAST, first, 0, 2)
        yield _step(_GREATER, last, 1, 0)
        yield _refuse()
    number = {name: numbers[column] for name, numbers in CHECKED.items()}
    # Its arguments are in memory, where a filter cannot see them. Libraries use `clone` instead.
    yield from _if_called(number["clone3"], [_refuse(errno.ENOSYS)])
    threads = [] if programs else [_step(_HAS_BITS, _THREAD, 1, 0), _refuse()]
    yield from _if_called(number["clone"], [_argument(0), _step(_HAS_BITS, _UNWANTED, 0, 1), _refuse(), *threads])
    if not signals:
        yield from _if_called(number["kill"], [*_only(0, [pid])])
    yield from _if_called(number["tgkill"], [*_only(0, [pid])])
    yield from _if_called(number["prctl"], [*_only(0, _HARMLESS_PRCTL)])
    yield from _if_called(number["prlimit64"], [*_only(0, [0]), *_only(2, [0]), *_only(2, [0], high=True)])
    yield from _if_called(number["fcntl"], [*_never(1, _REFUSED_FCNTL)])
    yield from _if_called(number["ioctl"], [*_only(1, _HARMLESS_IOCTL)])
    yield _step(_END, _ALLOW)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _refuse(number: int = errno.EPERM) -> bytes:
    return _step(_END, _ERRNO | number)


def _argument(index: int, *, high: bool = False) -> bytes:
    """Load one half of an argument; both machines are little-endian."""
    return _step(_LOAD, _ARGUMENTS + 8 * index + (4 if high else 0))


def _if_called(number: int, steps: list[bytes]) -> Iterator[bytes]:
    """Yield steps that only a call of this number reaches; they end with its permission."""
    yield _step(_EQUAL, number, 0, len(steps) + 1)
    yield from steps
    yield _step(_END, _ALLOW)


def _only(index: int, values: Iterable[int], *, high: bool = False) -> Iterator[bytes]:
    """Yield steps that refuse the call unless its argument is one of the values."""
    wanted = tuple(values)
    yield _argument(index, high=high)
    for place, value in enumerate(wanted):
        yield _step(_EQUAL, value, len(wanted) - place, 0)
    yield _refuse()


def _never(index: int, values: Iterable[int]) -> Iterator[bytes]:
    """Yield steps that refuse the call if its argument is one of the values."""
    yield _argument(index)
    for value in values:
        yield _step(_EQUAL, value, 0, 1)
        yield _refuse()


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of consecutive numbers, as first and last."""
    run: list[int] = []
    for number in sorted(set(numbers)):
        if run and number != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(number)
    if run:
        yield run[0], run[-1]
