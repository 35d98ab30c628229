"""The text pane says why there is no text."""

from __future__ import annotations

from ocrdesk.contract.box import Box
from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.reviewed_jobs import open_review


def test_job_without_words_says_so(staged: Desktop, stage: FakeServer) -> None:
    stage.put(make_job("1", "blank.pdf", JobState.FINISHED, page_count=1, pages_done=1), [make_page(1, "")])
    stage.tell("1")
    staged.wait(lambda: staged.driver.message == "No text was found.")
    assert not staged.driver.action("copy_text").isEnabled()


def test_a_job_without_words_opens_the_review_if_areas_look_like_text(staged: Desktop, stage: FakeServer) -> None:
    page = make_page(1, "").model_copy(update={"unread": (Box(1, 1, 5, 5),)})
    pane = open_review(staged, stage, [page])
    staged.wait(lambda: pane.image_view.unread_regions and staged.driver.message == "")
    staged.wait(pane.image_view.isVisible)
    staged.driver.trigger("plain_text")
    staged.wait(lambda: staged.driver.message.startswith("No text was found, but there are areas that look like text."))
