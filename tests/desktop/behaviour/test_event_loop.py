"""The window is never blocked: while a job of 500 pages arrives, its event loop runs, and nothing in it waits."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page

PAGES = 500
LONGEST_S = 0.05
PULSE_MS = 5
WAITS = ("socket.connect", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "time.sleep")
TEXT = "\n".join(f"Line {number} of a page as full as a letter's, word after word after word." for number in range(40))

_waited: list[str] | None = None


def _audit(event: str, _arguments: object) -> None:
    if _waited is not None and event in WAITS and threading.current_thread() is threading.main_thread():
        _waited.append(event)


sys.addaudithook(_audit)  # permanent, because audit hooks cannot be removed; inactive outside of the block below


@contextmanager
def watched() -> Iterator[tuple[list[float], list[str]]]:
    """Measure this thread's processor seconds between two ticks of a timer, and record calls on it that may wait.

    Real time is not used, because it includes the work of other programs.
    """
    global _waited
    gaps: list[float] = []
    last = time.thread_time()

    def on_pulse() -> None:
        nonlocal last
        now = time.thread_time()
        gaps.append(now - last)
        last = now

    _waited = waited = []
    pulse = QTimer(interval=PULSE_MS)
    pulse.timeout.connect(on_pulse)
    pulse.start()
    try:
        yield gaps, waited
    finally:
        pulse.stop()
        _waited = None


def test_event_loop_runs_while_500_pages_arrive(staged: Desktop, stage: FakeServer) -> None:
    started = make_job("1", "book.pdf", JobState.STARTED, page_count=PAGES)
    stage.put(started)
    stage.tell("1")
    staged.wait(lambda: staged.row("book.pdf") is not None)
    staged.driver.select("book.pdf")

    pages = [make_page(number, TEXT) for number in range(1, PAGES + 1)]

    def tell() -> None:
        for page in pages:
            stage.put(started.model_copy(update={"pages_done": page.number}), [page])
            stage.tell("1", page=page.number)
        stage.put(started.model_copy(update={"status": JobState.FINISHED, "pages_done": PAGES}))
        stage.tell("1")

    gc.collect()
    gc.freeze()  # the window does not cause the memory that the tests use
    with watched() as (gaps, waited):
        teller = threading.Thread(target=tell)
        teller.start()
        staged.wait(lambda: staged.row("book.pdf").state is RowState.FINISHED, 120)
        staged.wait(lambda: "Line 39" in staged.driver.open_review().shown_text, 60)
        teller.join()
    assert len(gaps) > 2, "the loop was watched"
    assert not waited
    assert max(gaps) < LONGEST_S
