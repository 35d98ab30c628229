"""A batch ends with its last file."""

from __future__ import annotations

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job


def test_batch_ends_with_its_last_file(staged: Desktop, stage: FakeServer) -> None:
    told: list[tuple[int, int]] = []
    staged.background_mode.batches.finished.connect(lambda *counts: told.append(counts))
    for number in (1, 2):
        stage.put(make_job(str(number), f"{number}.pdf", JobState.STARTED, page_count=1))
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 2)
    for number in (1, 2):
        assert told == []
        stage.put(make_job(str(number), f"{number}.pdf", JobState.FINISHED, page_count=1, pages_done=1))
        stage.tell(str(number))
        staged.wait(lambda number=number: staged.row(f"{number}.pdf").state.is_over)
    assert told == [(2, 0)]
