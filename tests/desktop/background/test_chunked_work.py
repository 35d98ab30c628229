"""Actions on thousands of rows let the event loop run in between, and lose and reorder nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytestqt.qtbot import QtBot

from ocrdesk.desktop.background.chunked_work import ChunkedWork
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import OpenDesktop

KEYS = [f"row {number}" for number in range(1_000)]


def test_few_rows_are_processed_at_once(qtbot: QtBot) -> None:
    lots, done = ChunkedWork(), []
    lots.act(done.extend, KEYS[:3])
    assert done == KEYS[:3]
    assert not lots.is_busy


def test_many_rows_are_processed_in_order_over_several_turns(qtbot: QtBot) -> None:
    lots, done = ChunkedWork(), []
    lots.act(done.append, KEYS)
    assert len(done) == 1, "the event loop turns before the next lot"
    qtbot.waitUntil(lambda: not lots.is_busy)
    assert len(done) > 2
    assert [key for lot in done for key in lot] == KEYS


def test_later_work_waits_for_earlier_work(qtbot: QtBot) -> None:
    lots, done = ChunkedWork(), []

    def note(what: str) -> None:
        lots.act(lambda keys: done.append((what, len(keys))), KEYS if what == "pause" else KEYS[:1])

    note("pause")
    note("resume")
    qtbot.waitUntil(lambda: not lots.is_busy)
    assert sum(count for what, count in done if what == "pause") == len(KEYS)
    assert done[-1] == ("resume", 1)


def test_failing_work_does_not_stop_the_rest(qtbot: QtBot) -> None:
    lots, done = ChunkedWork(), []

    def fail(_keys: Sequence[str]) -> None:
        raise ValueError

    with qtbot.captureExceptions() as failures:
        lots.act(done.extend, KEYS)
        lots.act(fail, KEYS[:1])
        lots.act(done.extend, ["last"])
        qtbot.waitUntil(lambda: not lots.is_busy)
    assert len(failures) == 1
    assert done == [*KEYS, "last"]


def test_remaining_work_is_processed_when_the_window_closes(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(start=False)
    desktop.session.open_files([Path(f"/nowhere/{number}.png") for number in range(len(KEYS))])
    desktop.driver.trigger("pause_all")
    assert {row.state for row in desktop.model.rows()} == {RowState.WAITING, RowState.PAUSED}
    desktop.window.close()
    assert {row.state for row in desktop.model.rows()} == {RowState.PAUSED}
