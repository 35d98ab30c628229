"""Finished jobs to review in a window with the fake server."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, Box, Line, Page, Source, Word
from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer, make_job
from tests.helpers.review_driver import ReviewDriver

JOB = "0f8fad5bd9cb469fa16570867728950e"


SURE, UNSURE = 0.97, 0.5


def page_with_lines(number: int, lines: Sequence[str], doubtful: Sequence[str] = ()) -> Page:
    """Return a page of 1000 x 1400 pixels; each word is 90 pixels wide."""
    made = []
    for row, text in enumerate(lines):
        top = 100 + row * 60
        words = tuple(
            Word(
                text=word,
                box=Box(100 + column * 100, top, 190 + column * 100, top + 40),
                confidence=UNSURE if word in doubtful else SURE,
                source=Source.TESSERACT,
            )
            for column, word in enumerate(text.split())
        )
        made.append(Line(box=Box(100, top, 100 + len(words) * 100, top + 40), words=words))
    return Page(number=number, width=1000, height=1400, dpi=150, blocks=(Block(box=made[0].box, lines=tuple(made)),))


def open_review(desktop: Desktop, stage: FakeServer, pages: Sequence[Page], job_id: str = JOB) -> ReviewDriver:
    """Return the review of a finished job of these pages."""
    count = len(pages)
    job = make_job(job_id, "a.pdf", JobState.FINISHED, page_count=count, file_pages=count, pages_done=count)
    stage.put(job, list(pages))
    stage.tell(job_id)
    desktop.window.resize(1300, 800)
    desktop.wait(lambda: desktop.model.row_of_job(job_id))
    desktop.driver.job_list.select(desktop.model.row_of_job(job_id).key)
    pane = desktop.driver.open_review()
    desktop.wait(lambda: pane.pages.shown is not None and pane.document.job_id == job_id)
    return pane


def server_line(stage: FakeServer, page: int, number: int = 0) -> str:
    """Return a line as the server has it."""
    return stage.pages[JOB][page].blocks[0].lines[number].text
