"""Corrections whose result no longer exists."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from ocrdesk.desktop.review.controllers.orphaned_corrections import OrphanedDialog
from ocrdesk.desktop.review.document.job_corrections import SaveState
from ocrdesk.desktop.review.document.journal_writer import journal_folder
from ocrdesk.desktop.review.document.word_position import WordPosition
from ocrdesk.desktop.servers.servers import RemoteServer
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.fake_server import FakeServer
from tests.helpers.reviewed_jobs import JOB, open_review, page_with_lines


def test_corrections_of_a_deleted_job_are_kept_and_offered(
    staged: Desktop, stage: FakeServer, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    pane = open_review(staged, stage, [page_with_lines(1, ["one tvo"]), page_with_lines(2, ["free", "four"])])
    kept = journal_folder(staged.session.server) / f"{JOB}.json"
    pane.go_to(WordPosition(1, 0, 0, 1))
    pane.correct("two")
    del stage.jobs[JOB]
    stage.pages.pop(JOB)
    staged.wait(lambda: "no longer has a.pdf" in staged.driver.note)
    assert pane.corrections.state(JOB) is SaveState.ORPHANED
    assert pane.save_status == "Not saved: no longer on the server"
    assert staged.driver.is_shown("status_fix_button")
    staged.close()
    assert kept.exists()

    again = open_desktop(RemoteServer(stage.url))
    again.wait(lambda: again.driver.is_shown("status_fix_button"))
    again.driver.press("status_fix_button")
    dialog = again.driver.find("orphaned_corrections_dialog", OrphanedDialog)
    assert again.driver.text("orphaned_corrections_text") == "a.pdf\n\nPage 1\none two"
    again.driver.press("orphaned_corrections_copy")
    assert QGuiApplication.clipboard().text() == "a.pdf\n\nPage 1\none two"
    dialog.save_wanted.emit(tmp_path / "kept.txt")
    again.wait((tmp_path / "kept.txt").exists)
    assert (tmp_path / "kept.txt").read_text() == "a.pdf\n\nPage 1\none two\n"
    assert again.driver.action("orphaned_corrections").isVisible()
    again.driver.press("orphaned_corrections_discard")
    again.wait(lambda: not kept.exists())
    assert not again.driver.action("orphaned_corrections").isVisible()
