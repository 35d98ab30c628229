"""The model: rows by key, updated one by one, never by a reset."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.model import JobRole, JobsModel
from ocrdesk.desktop.jobs.row import RowState
from tests.helpers.fake_server import make_job
from tests.helpers.job_events import NOW, event


def names(model: JobsModel) -> list[str]:
    return [model.index(n).data() for n in range(model.rowCount())]


def test_new_files_are_on_top_in_their_own_order_below_those_that_wait(model: JobsModel) -> None:
    keys = model.add_files([Path("a.pdf"), Path("b.pdf")])
    model.add_files([Path("c.pdf")])
    assert names(model) == ["a.pdf", "b.pdf", "c.pdf"]
    for number, row in enumerate(model.rows()):
        model.mark_accepted(row.key, str(number))
    model.add_files([Path("d.pdf")])
    assert names(model) == ["d.pdf", "a.pdf", "b.pdf", "c.pdf"]
    assert model.row(keys[0]).file_name == "a.pdf"
    assert model.index(0).data(JobRole.STATE_LINE) == "Waiting to be sent"


def test_listed_jobs_are_newest_first_and_below_newer_files(model: JobsModel) -> None:
    model.add_files([Path("dropped.pdf")])
    jobs = [make_job(str(n), f"{n}.pdf", JobState.FINISHED, created_at=NOW - timedelta(hours=n)) for n in (3, 1, 2)]
    model.merge(jobs)
    assert names(model) == ["dropped.pdf", "1.pdf", "2.pdf", "3.pdf"]
    model.merge(jobs)
    assert model.rowCount() == 4


def test_event_changes_one_row_and_says_which_roles(model: JobsModel, qtbot: QtBot) -> None:
    model.merge([make_job(str(n), f"{n}.pdf", JobState.QUEUED, created_at=NOW - timedelta(hours=n)) for n in (1, 2)])
    with qtbot.waitSignal(model.dataChanged) as changed:
        assert model.apply(event("2", JobState.STARTED, page_count=12, pages_done=3))
    first, last, roles = changed.args
    assert first.row() == last.row() == 1
    assert JobRole.FRACTION in roles
    assert Qt.ItemDataRole.DisplayRole not in roles
    index = model.index(1)
    assert index.data(JobRole.STATE_LINE) == "3 of 12 pages"
    assert index.data(JobRole.FRACTION) == 0.25
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "2.pdf, 3 of 12 pages"


def test_event_of_an_unknown_job_is_ignored(model: JobsModel) -> None:
    assert not model.apply(event("unknown", JobState.STARTED))


def test_file_becomes_its_job_in_place(model: JobsModel) -> None:
    [key] = model.add_files([Path("a.pdf")])
    model.mark_sending(key, 50, 100)
    assert model.index(0).data(JobRole.STATE_LINE) == "Sending, 50 %"
    model.mark_accepted(key, "j1")
    model.apply(event("j1", JobState.STARTED, page_count=1))
    assert model.rowCount() == 1
    assert model.index(0).data(JobRole.KEY) == key
    assert model.index(0).data(JobRole.STATE_LINE) == "Reading 1 page"


def test_job_that_was_listed_before_its_answer_came_is_one_row(model: JobsModel) -> None:
    [key] = model.add_files([Path("a.pdf")])
    model.merge([make_job("j1", "a.pdf", JobState.STARTED, page_count=5, pages_done=2)])
    model.mark_accepted(key, "j1")
    assert model.rowCount() == 1
    row = model.row_of_job("j1")
    assert (row.key, row.pages_done) == (key, 2)
    model.apply(event("j1", JobState.FINISHED, page_count=5, pages_done=5))
    assert model.index(0).data(JobRole.STATE_LINE) == "Finished, 5 pages"


def test_rows_are_found_after_others_were_removed(model: JobsModel) -> None:
    keys = model.add_files([Path(f"{n}.pdf") for n in range(5)])
    model.remove(keys[1])
    model.remove(keys[3])
    model.remove("unknown")
    assert names(model) == ["0.pdf", "2.pdf", "4.pdf"]
    for key in (keys[0], keys[2], keys[4]):
        assert model.index_of(key).data(JobRole.KEY) == key


def test_many_rows_go_together_where_they_are_neighbours(model: JobsModel) -> None:
    keys = model.add_files([Path(f"{n}.pdf") for n in range(8)])
    gone: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: gone.append((first, last)))
    model.remove(keys[6], keys[1], keys[0], keys[2], "unknown", keys[4], keys[1])
    assert names(model) == ["3.pdf", "5.pdf", "7.pdf"]
    assert gone == [(0, 2), (1, 1), (2, 2)]
    assert [model.index_of(key).row() for key in (keys[3], keys[5], keys[7])] == [0, 1, 2]
    model.remove()
    assert len(gone) == 3


def test_refused_file_keeps_its_reason(model: JobsModel) -> None:
    [key] = model.add_files([Path("a.txt")])
    model.mark_refused(key, "Send a PDF or an image.")
    assert RowState(model.index(0).data(JobRole.STATE)) is RowState.REFUSED
    assert model.index(0).data(JobRole.STATE_LINE) == "Send a PDF or an image."


def test_an_event_looks_up_its_row_and_searches_none(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: the number of rows read for an event does not grow with the list."""

    class Counted(list):  # type: ignore[type-arg]
        reads = 0

        def __getitem__(self, index: object) -> object:
            Counted.reads += 1
            return super().__getitem__(index)

        def __iter__(self) -> object:
            Counted.reads += len(self)
            return super().__iter__()

    model = JobsModel()
    model.merge([make_job(str(n), "a.pdf", JobState.QUEUED) for n in range(5000)])
    monkeypatch.setattr(model, "_rows", Counted(model.rows()))
    model.apply(event("2500", JobState.STARTED, page_count=2))
    assert Counted.reads < 10
