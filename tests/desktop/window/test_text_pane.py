"""The text pane says why there is no text."""

from __future__ import annotations

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page


def test_job_without_words_says_so(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "blank.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "")])
    stage.tell("1")
    staged.wait(lambda: staged.driver.message == "No text was found.")
    assert not staged.driver.action("copy_text").isEnabled()
