"""The outer half survives whatever the confined process sends, and ends as it ended."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import struct
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ocrdesk_worker.sandbox.confined_process import (
    Channel,
    ConfinedProcess,
    ConfinedProcessDiedError,
    InvalidAnswerError,
    dying_with_it,
)
from ocrdesk_worker.sandbox.confinement import Access
from ocrdesk_worker.sandbox.frames import Kind
from tests.helpers.wait import wait_until

HUGE = struct.pack("<cI", b"A", 0xFFFFFFF0)


def asked(tmp_path: Path, serve: Callable[[Channel], None]) -> bytes:
    """Ask a process that serves like that one question; return the answer."""
    with ConfinedProcess(serve, Access(tmp_path)) as process:
        return process.ask({"do": "x"}).body


def test_an_answer_comes_back_and_data_goes_in(tmp_path: Path) -> None:
    def serve(channel: Channel) -> None:
        while request := channel.next_request():
            channel.answer(Kind.ANSWER, json.dumps(request).encode() + b"".join(channel.data()))

    with ConfinedProcess(serve, Access(tmp_path)) as process:
        assert process.ask({"do": "x"}, [b"a", b"b" * 200_000]).body == b'{"do": "x"}a' + b"b" * 200_000
        assert process.ask({"do": "y"}, []).body == b'{"do": "y"}'


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"garbage that is no frame", "unknown kind"),
        (HUGE, "allowed"),
        (struct.pack("<cI", b"A", 10) + b"short", "ends within"),
        (b"A\x01", "ends within"),
        (struct.pack("<cI", b"Q", 2) + b"{}", "no answer"),
        (struct.pack("<cI", b"L", 20_000) + b"x" * 20_000 + struct.pack("<cI", b"L", 20_000) + b"x" * 20_000, "logs"),
    ],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, sent: bytes, reason: str) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        os.write(channel.answers, sent)

    with pytest.raises(InvalidAnswerError, match=reason):
        asked(tmp_path, serve)


@pytest.mark.parametrize(("end", "status"), [(lambda: os._exit(0), 0), (lambda: os._exit(3), 3 << 8), (os.abort, 6)])
def test_an_end_without_an_answer_is_reported(tmp_path: Path, end: Callable[[], None], status: int) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        end()

    with pytest.raises(ConfinedProcessDiedError) as raised:
        asked(tmp_path, serve)
    assert raised.value.status & 0xFF7F == status


def test_its_processor_time_is_known_until_it_ends(tmp_path: Path) -> None:
    def serve(channel: Channel) -> None:
        while request := channel.next_request():
            while time.process_time() < request["until_s"]:
                pass
            channel.answer(Kind.ANSWER)

    with ConfinedProcess(serve, Access(tmp_path)) as process:
        process.ask({"until_s": 0.0})
        assert process.processor_s() < math.inf
        process.ask({"until_s": 0.3})
        assert process.processor_s() > 0.2  # the system counts in hundredths
    assert process.processor_s() == math.inf


def test_a_task_process_ends_as_its_confined_process() -> None:
    @dying_with_it
    def task() -> None:
        raise ConfinedProcessDiedError(signal.SIGSEGV)

    @dying_with_it
    def other() -> None:
        raise ConfinedProcessDiedError(0)

    for run, code in ((task, -signal.SIGSEGV), (other, 1)):
        pid = os.fork()
        if pid == 0:
            run()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == code


def test_it_ends_when_its_outer_half_is_killed(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    outer = os.fork()
    if outer == 0:

        def serve(channel: Channel) -> None:
            channel.answer(Kind.ANSWER, str(os.getpid()).encode())
            time.sleep(600)

        process = ConfinedProcess(serve, Access(tmp_path))
        os.write(writing, process.ask({}).body + b"\n")
        time.sleep(600)
    with os.fdopen(reading) as pipe:
        inner = psutil.Process(int(pipe.readline()))
    os.close(writing)
    os.kill(outer, signal.SIGKILL)
    os.waitpid(outer, 0)
    wait_until(lambda: not inner.is_running() or inner.status() == psutil.STATUS_ZOMBIE, "the end of the inner half")


def test_lines_of_its_log_are_written_by_the_outer_half(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        logging.getLogger("ocrdesk_worker.test").warning("seen %s", "inside")
        try:
            raise ValueError("secret".upper())
        except ValueError:
            logging.getLogger("ocrdesk_worker.test").exception("failed")
        channel.answer(Kind.LOG_LINE, json.dumps(["root", 50, "forged", None]).encode())
        channel.answer(Kind.LOG_LINE, b"no line at all")
        channel.answer(Kind.ANSWER)

    with caplog.at_level(logging.DEBUG):
        asked(tmp_path, serve)
    assert [record.getMessage() for record in caplog.records] == ["seen inside", "failed", "forged"]
    assert "ValueError" in caplog.records[1].exception  # type: ignore[attr-defined]  # an extra field
    assert "SECRET" not in caplog.records[1].exception  # type: ignore[attr-defined]
    assert caplog.records[2].name == "ocrdesk_worker"


def test_programs_that_are_left_end_with_the_block(tmp_path: Path) -> None:
    def serve(channel: Channel) -> None:
        channel.next_request()
        child = os.fork()
        if child == 0:
            time.sleep(600)
        channel.answer(Kind.ANSWER, str(child).encode())
        time.sleep(600)

    with ConfinedProcess(serve, Access(tmp_path, programs=(Path("/bin/sh"),))) as process:
        child = psutil.Process(int(process.ask({}).body))
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
