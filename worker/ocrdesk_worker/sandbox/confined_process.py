"""The confined process: the inner half of a task process, which opens what a user sent.

The outer half keeps the connections and the results; the inner one has the file, a scratch folder and two pipes. It is
forked, so it has the engines that are loaded. What it answers is checked: it may be in the hands of the file's author.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import math
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own

from ocrdesk.backend import logs
from ocrdesk_worker.sandbox import process_limits, secret_memory
from ocrdesk_worker.sandbox.confinement import Access, confine, prepare
from ocrdesk_worker.sandbox.frames import Frame, FrameError, Kind, read_frame, write_frame

_log = logging.getLogger(__name__)

LARGEST_ANSWER: Final = 48 << 20
"""Bytes. A page of 100,000 words has about 15 MB."""
_LARGEST_REQUEST = 64 << 20
_LOG_BYTES = 32 << 10
"""What a confined process may log in its life. It is less than a pipe holds, so that logging never waits."""

P = ParamSpec("P")


class ConfinedProcessDiedError(Exception):
    """The confined process ended before it answered; `status` as of `waitpid`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the confined process ended ({status})")
        self.status = status


def dying_with_it(task: Callable[P, None]) -> Callable[P, None]:
    """Let this process end as its confined process did: who waits for it then knows that the work ended it."""

    @wraps(task)
    def run(*arguments: P.args, **named: P.kwargs) -> None:
        try:
            task(*arguments, **named)
        except ConfinedProcessDiedError as error:
            if os.WIFSIGNALED(error.status):
                number = os.WTERMSIG(error.status)
                with contextlib.suppress(OSError, ValueError):
                    signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
            os._exit(1)

    return run


class InvalidAnswerError(Exception):
    """The confined process sent what it never sends unless somebody else controls it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """The inner end of the pipes."""

    requests: int
    answers: int

    def next_request(self) -> dict[str, Any] | None:
        """Wait for the next request; None after the last. Data that the last one left is skipped."""
        while (frame := read_frame(self.requests, _LARGEST_REQUEST)) and frame.kind is not Kind.REQUEST:
            pass
        return json.loads(frame.body) if frame else None

    def data(self) -> Iterable[bytes]:
        """Yield what the outer half sends after its request. Ends at its end."""
        while (frame := read_frame(self.requests, _LARGEST_REQUEST)) and frame.kind is Kind.DATA:
            yield frame.body

    def answer(self, kind: Kind, body: bytes = b"") -> None:
        write_frame(self.answers, kind, body)


class ConfinedProcess:
    """The outer half's handle. A context manager: the process ends with the block."""

    def __init__(self, serve: Callable[[Channel], None], access: Access) -> None:
        """Fork the process. There, `serve` handles requests until there are no more. It never returns here."""
        prepare()
        if access.programs:  # what they leave behind becomes our child
            process_limits.adopt_orphans()
        self._older_children = frozenset(psutil.Process().children() if access.programs else ())
        self._access = access
        self._left_to_log = _LOG_BYTES
        self._status: int | None = None
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            _run(serve, Channel(requests, answers), access, parent)
        os.close(requests)
        os.close(answers)

    def __enter__(self) -> ConfinedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, request: dict[str, Any], data: Iterable[bytes] | None = None) -> Frame:
        """Send a request, and data after it; return the answer: ANSWER, PAGE, PROBLEM or NEEDS_PROGRAMS.

        Raises ConfinedProcessDiedError and InvalidAnswerError; the process has ended then.
        """
        try:
            write_frame(self._requests, Kind.REQUEST, json.dumps(request).encode())
            if data is not None:
                for body in data:
                    write_frame(self._requests, Kind.DATA, body)
                write_frame(self._requests, Kind.END)
        except BrokenPipeError:
            pass  # it has ended, or needs no more: its answer tells
        return self._answer()

    def _answer(self) -> Frame:
        while True:
            try:
                frame = read_frame(self._answers, LARGEST_ANSWER)
            except FrameError as error:
                raise self.invalid(str(error)) from None
            if frame is None:
                raise ConfinedProcessDiedError(self._wait())
            if frame.kind is Kind.LOG_LINE:
                self._left_to_log -= len(frame.body)
                if self._left_to_log < 0:
                    raise self.invalid("it logs too much")
                logs.repeat(frame.body)
            elif frame.kind in (Kind.ANSWER, Kind.PAGE, Kind.PROBLEM, Kind.NEEDS_PROGRAMS):
                return frame
            else:
                raise self.invalid("it sent no answer")

    def processor_s(self) -> float:
        """Return the processor time of the process and of the programs that it ran, in seconds.

        Infinite if the system does not tell, and once the process has ended.
        """
        with contextlib.suppress(psutil.Error):
            if self._requests >= 0:
                times = psutil.Process(self._pid).cpu_times()
                return float(times.user + times.system + times.children_user + times.children_system)
        return math.inf

    def invalid(self, reason: str) -> InvalidAnswerError:
        """End the process because it sent something invalid; return the error."""
        self.close()
        _log.error("the process that opens the file sent an invalid answer: %s", reason)
        return InvalidAnswerError(reason)

    def close(self) -> None:
        """End the process and all that it started."""
        if self._requests < 0:
            return
        os.close(self._requests)
        os.close(self._answers)
        self._requests = self._answers = -1
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._wait()
        if self._access.programs:
            _end_children(self._older_children)
            process_limits.adopt_orphans(adopts=False)

    def _wait(self) -> int:
        if self._status is None:
            try:
                _, self._status = os.waitpid(self._pid, 0)
            except ChildProcessError:
                self._status = 0
        return self._status


def _run(serve: Callable[[Channel], None], channel: Channel, access: Access, parent: int) -> None:
    """Confine this process, serve requests, and end."""
    code = 1
    try:
        process_limits.set_parent_death_signal(parent)
        secret_memory.erase()
        gc.freeze()
        signal.set_wakeup_fd(-1)
        left = _LOG_BYTES // 2

        def send_line(line: bytes) -> None:
            nonlocal left
            left -= len(line)
            if left >= 0:
                channel.answer(Kind.LOG_LINE, line)

        logs.relay(send_line)
        confine(access, (channel.requests, channel.answers))
        serve(channel)
        code = 0
    except BaseException:
        _log.exception("the process that opens the file failed")
    finally:
        os._exit(code)


def _end_children(spared: frozenset[psutil.Process]) -> None:
    """Kill the programs that are left, which have become children of this process."""
    while left := [child for child in psutil.Process().children() if child not in spared]:
        for child in left:
            with contextlib.suppress(psutil.Error):
                for process in (child, *child.children(recursive=True)):
                    process.kill()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child.pid, 0)
