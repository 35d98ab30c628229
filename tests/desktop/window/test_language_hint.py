"""The window says that a text looks like another language, and recognises the file again in it."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.contract.states import JobState
from tests.desktop.conftest import Desktop
from tests.desktop.text.test_language_guess import ENGLISH, FRENCH
from tests.helpers.fake_server import FakeServer, make_page


def _finish(desktop: Desktop, stage: FakeServer, text: str) -> None:
    """Finish the newest job of the list with this text."""
    job_id = f"{len(stage.submitted):032x}"
    desktop.wait(lambda: desktop.model.row_of_job(job_id))
    ended = stage.jobs[job_id].model_copy(update={"status": JobState.FINISHED, "page_count": 1, "pages_done": 1})
    stage.put(ended, [make_page(1, text)])
    stage.tell(job_id)


def test_wrong_language_is_noticed_and_the_file_is_recognised_again(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    driver = staged.driver
    (tmp_path / "lettre.png").write_bytes(b"picture")
    driver.drop(tmp_path / "lettre.png")
    staged.wait(lambda: stage.submitted)
    _finish(staged, stage, FRENCH)
    staged.wait(lambda: driver.is_shown("language_notice"))
    assert driver.text("language_notice_text") == "This looks like French."
    driver.press("language_notice_again")
    staged.wait(lambda: len(stage.submitted) == 2)
    assert b"fra" in stage.forms[-1]
    assert b"fra" not in stage.forms[0]
    assert not driver.is_shown("language_notice")


def test_right_language_is_not_mentioned_and_a_dismissed_notice_stays_away(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    driver = staged.driver
    for name, text in (("letter.png", ENGLISH), ("lettre.png", FRENCH)):
        (tmp_path / name).write_bytes(b"picture")
        driver.drop(tmp_path / name)
        staged.wait(lambda name=name: name in stage.submitted)
        _finish(staged, stage, text)
    staged.wait(lambda: driver.is_shown("language_notice"))  # for the last one, which is selected
    driver.select("letter.png")
    staged.wait(lambda: "kitchen" in driver.shown_text)
    assert not driver.is_shown("language_notice")
    driver.select("lettre.png")
    staged.wait(lambda: driver.is_shown("language_notice"))
    driver.press("language_notice_dismiss")
    driver.select("letter.png")
    driver.select("lettre.png")
    staged.wait(lambda: "cuisine" in driver.shown_text)
    assert not driver.is_shown("language_notice")
