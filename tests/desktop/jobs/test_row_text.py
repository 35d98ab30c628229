"""The time left, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ocrdesk.contract.events import Event, EventType
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import JobRow, RowState, row_of_file
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def test_time_left_is_calculated_from_the_pace_so_far(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=100))
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    start = datetime.now(UTC)
    for done in (1, 2, 3):
        at = start + timedelta(seconds=6 * done)
        counts = {"status": JobState.STARTED, "page_count": 100, "pages_done": done}
        staged.model.apply(Event(id=f"9-{done}", type=EventType.PAGE, job_id="1", at=at, **counts))
    assert "about 10 min left" in row_text.state_line(staged.row("a.pdf"))


def test_time_left_may_run_out_while_it_is_formatted(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[float | None] = [0.001, None]
    monkeypatch.setattr(JobRow, "seconds_left", property(lambda _row: answers.pop(0)))
    row = replace(row_of_file(Path("a.pdf")), state=RowState.STARTED, page_count=9)
    assert row_text.state_line(row) == "0 of 9 pages, less than a minute left"
