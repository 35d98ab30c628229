"""The stored text beside the hits."""

from __future__ import annotations

from ocrdesk.desktop.library.hits import HIT
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job


def test_text_opened_before_all_pages_are_stored_is_completed(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "first page", "second page")
    stage.tell("1")
    view = staged.driver.open_library()
    staged.wait(lambda: "second page" in view.stored_text.toPlainText())
    hit = view.hits.currentIndex().data(HIT)
    # as the library answers between a document's beginning and its pages
    staged.window.library.opened.emit(hit.document, [])
    assert view.stored_text.toPlainText() == ""
    staged.window.library.changed.emit()
    staged.wait(lambda: "second page" in view.stored_text.toPlainText())
