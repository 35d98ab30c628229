"""Real recognised files in the library of a real window."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.contract.events import EventType
from ocrdesk.desktop.jobs.row import RowState
from tests.desktop.conftest import Desktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.library_jobs import add_finished_job
from tests.helpers.sample_files import multipage_tiff


def test_corrected_text_is_found_and_the_text_before_it_is_not(staged: Desktop, stage: FakeServer) -> None:
    add_finished_job(stage, "1", "a wrung word")
    stage.tell("1")
    staged.driver.open_library()
    staged.wait(lambda: staged.driver.library.found)
    add_finished_job(stage, "1", "a right word", revision=1)
    stage.tell("1", kind=EventType.REVISED)
    staged.driver.library.search("right")
    staged.wait(lambda: staged.driver.library.found)
    staged.driver.library.search("wrung")
    staged.wait(lambda: not staged.driver.library.found)
    add_finished_job(stage, "1", "a third word", revision=2)
    staged.window.library.refresh("1")
    staged.driver.library.search("third")
    staged.wait(lambda: staged.driver.library.found)


def test_recognised_file_is_found_with_the_boxes_of_its_words(local: Desktop, tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    (tmp_path / "kept-pages.tiff").write_bytes(multipage_tiff(["Alpha meadow", "Bravo windmill"]))
    local.driver.drop(tmp_path / "kept-pages.tiff")
    local.wait(lambda: (row := local.row("kept-pages.tiff")) and row.state is RowState.FINISHED, 60)
    view = local.driver.open_library()
    local.driver.library.search("windm")
    local.wait(lambda: local.driver.library.found == [("kept-pages.tiff", 2)])
    local.wait(lambda: view.stored_text.marked_words() == ["windmill"])
    opened: list[tuple[str, int, list[tuple[int, ...]]]] = []
    local.window.library_page.open_requested.connect(lambda *what: opened.append(what))
    view.press("library_show_job_button")
    (_, page, boxes), *_ = opened
    assert page == 2
    assert len(boxes) == 1
    left, top, right, bottom = boxes[0]
    assert 0 < left < right
    assert 0 < top < bottom
    review = local.driver.open_review()
    local.wait(lambda: review.pages.number == 2 and review.review_pane.selected_text() == "windmill")
