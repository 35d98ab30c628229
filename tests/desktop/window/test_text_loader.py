"""The text of the selected job arrives page by page, and never that of another."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page


def test_running_jobs_pages_appear_as_they_are_read(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=3, pages_done=1), [make_page(2, "second page")])
    stage.tell("1")
    staged.wait(lambda: staged.row("a.pdf"))
    staged.driver.select("a.pdf")
    staged.wait(lambda: "second page" in staged.driver.shown_text)
    assert "first" not in staged.driver.shown_text
    stage.put(make_job("1", "a.pdf", JobState.STARTED, page_count=3, pages_done=2), [make_page(1, "first page")])
    stage.tell("1", page=1)
    staged.wait(lambda: "first page" in staged.driver.shown_text)
    assert staged.driver.shown_text.index("first page") < staged.driver.shown_text.index("second page")
    stage.put(
        make_job("1", "a.pdf", JobState.FINISHED, page_count=3, pages_done=2, pages_failed=1),
        [make_page(3, "", "It took too long.")],
    )
    stage.tell("1")
    staged.wait(lambda: "This page could not be read: It took too long." in staged.driver.shown_text)
    assert staged.row("a.pdf").state is RowState.FINISHED
    staged.driver.trigger("copy_text")
    assert QGuiApplication.clipboard().text() == "first page\n\nsecond page"


def test_text_of_another_row_never_arrives(staged: Desktop, stage: FakeServer) -> None:
    for number in range(1, 6):
        job = make_job(str(number), f"{number}.pdf", JobState.FINISHED, page_count=1, pages_done=1)
        stage.put(job, [make_page(1, f"text of {number}")])
        stage.tell(str(number))
    staged.wait(lambda: staged.model.rowCount() == 5)
    for number in range(1, 6):
        staged.driver.select(f"{number}.pdf")
    staged.wait(lambda: staged.driver.shown_text == "text of 5")
