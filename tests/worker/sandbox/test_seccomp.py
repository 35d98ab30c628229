"""The table of system calls has the kernel's numbers, and a refused call does not end the process."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import re
import socket
import threading
from pathlib import Path

import pytest

from ocrdesk_worker.sandbox import seccomp
from ocrdesk_worker.sandbox.system_calls import CHECKED, NEWEST, PROGRAM_CALLS, REFUSED

HEADERS = (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm-generic/unistd.h"))
needs_seccomp = pytest.mark.skipif(not seccomp.is_available(), reason="this machine cannot filter system calls")


@pytest.mark.parametrize("column", [0, 1])
def test_the_numbers_are_those_of_the_kernel(column: int) -> None:
    header = HEADERS[column]
    if not header.exists():
        pytest.skip(f"{header} is missing: apt-get install linux-libc-dev")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    table = {name: numbers[column] for name, numbers in (REFUSED | CHECKED).items() if name in known}
    assert len(table) > 100
    assert {name: number for name, number in table.items() if number != int(known[name])} == {}


def test_no_known_call_is_newer_than_the_table() -> None:
    assert all(number is None or number <= NEWEST for numbers in REFUSED.values() for number in numbers)
    assert set(REFUSED) >= PROGRAM_CALLS


@needs_seccomp
@pytest.mark.parametrize(("programs", "signals"), [(False, False), (True, False), (True, True)])
def test_refused_calls_say_so_and_threads_work(programs: bool, signals: bool) -> None:
    def confined() -> int:
        seccomp.install(programs=programs, signals=signals)
        seen: list[int] = []
        thread = threading.Thread(target=lambda: seen.append(1))
        thread.start()
        thread.join()
        with pytest.raises(PermissionError):
            socket.socket()
        with pytest.raises(PermissionError):
            os.setsid()
        if not signals:
            with pytest.raises(PermissionError):
                os.kill(os.getppid(), 0)
        if programs:
            child = os.fork()
            if child == 0:
                os.execv("/bin/true", ["true"])
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or (0 if seen else 1)
        with pytest.raises(PermissionError):
            os.fork()
        return 0 if seen else 1

    pid = os.fork()
    if pid == 0:
        code = 9
        try:
            code = confined()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


_GETPID_32 = b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3"
"""push rbx; mov eax, 20; int 0x80; pop rbx; ret"""


@needs_seccomp
@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86-64 has calls of 32-bit programs")
def test_calls_of_32_bit_programs_are_refused() -> None:
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(_GETPID_32)
    getpid = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    pid = os.fork()
    if pid == 0:
        is_known = getpid() in (os.getpid(), -errno.ENOSYS)  # the kernel may have been built without them
        seccomp.install(programs=False)
        os._exit(0 if is_known and getpid() == -errno.EPERM else 9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
