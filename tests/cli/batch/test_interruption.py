"""Signals end a run at once, or when what it does now has a known result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.helpers.processes import clean_env

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")

# In a process of its own, because the tests have a timer of this kind.
_RUN = """
import os, signal, threading
from ocrdesk.cli.batch.interruption import InterruptedRunError, interrupted_at_the_end, stopped_by_signals

def send(number):
    os.kill(os.getpid(), number)

try:
    with stopped_by_signals():
        {body}
        print("went on")
except InterruptedRunError as error:
    print(error.exit_code, signal.getitimer(signal.ITIMER_REAL)[0])
"""


def lines_of(*body: str) -> list[str]:
    code = _RUN.format(body="\n        ".join(body))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=clean_env(), timeout=100, check=True
    )
    return done.stdout.splitlines()


def test_a_signal_ends_the_run_at_once() -> None:
    assert lines_of("send(signal.SIGTERM)") == [f"{128 + signal.SIGTERM} 0.0"]


def test_a_signal_waits_for_the_end_of_the_block() -> None:
    said = lines_of("with interrupted_at_the_end(60):", "    send(signal.SIGINT)", "    print('submitted')")
    assert said == ["submitted", f"{128 + signal.SIGINT} 0.0"]


def test_a_block_without_a_signal_changes_nothing() -> None:
    assert lines_of("with interrupted_at_the_end(60):", "    print('submitted')") == ["submitted", "went on"]


def test_a_second_signal_ends_the_block() -> None:
    said = lines_of(
        "with interrupted_at_the_end(60):", "    send(signal.SIGINT)", "    send(signal.SIGTERM)", "    print()"
    )
    assert said == [f"{128 + signal.SIGINT} 0.0"]


def test_a_block_without_an_end_is_interrupted_after_the_time() -> None:
    wait = "    threading.Event().wait(60)"
    said = lines_of("with interrupted_at_the_end(0.05):", "    send(signal.SIGINT)", wait, "    print()")
    assert said == [f"{128 + signal.SIGINT} 0.0"]
