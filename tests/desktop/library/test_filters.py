"""The library's filters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.library_jobs import add_finished_job


def test_hits_are_filtered_by_date_and_name(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "same words", name="Rechnung.pdf")
    old = make_job("2", "brief.pdf", JobState.FINISHED, page_count=1, ended_at=datetime.now(UTC) - timedelta(days=9))
    stage.put(old, [make_page(1, "same words")])
    for job_id in ("1", "2"):
        stage.tell(job_id)
    view = staged.driver.open_library()
    staged.wait(lambda: len(staged.driver.library.found) == 2)
    view.choose("library_time_filter", 7)
    staged.wait(lambda: staged.driver.library.found == [("Rechnung.pdf", 1)])
    view.choose("library_time_filter", None)
    view.fill("library_name_filter", "BRIEF")
    staged.wait(lambda: staged.driver.library.found == [("brief.pdf", 1)])
