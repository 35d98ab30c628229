"""Text is copied unchanged or with joined lines."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.export.actions import join_paragraph_lines
from ocrdesk.desktop.export.saved_choices import ExportChoices
from tests.desktop.conftest import Desktop
from tests.helpers.export_jobs import add_finished_jobs
from tests.helpers.fake_server import FakeServer


def test_joined_text_has_a_paragraph_on_each_line() -> None:
    assert join_paragraph_lines("One line\nand an-\nother.\n\nNext\f\nPage") == "One line and another.\n\nNext\n\nPage"
    assert join_paragraph_lines("") == ""


def test_copied_lines_are_joined_and_the_choice_is_remembered(
    staged: Desktop, stage: FakeServer, tmp_path: Path
) -> None:
    add_finished_jobs(staged, stage, "One line\nand another.\n\nNext")
    staged.wait(lambda: "another" in staged.driver.shown_text)
    staged.driver.trigger("copy_text")
    assert "One line\nand another." in QApplication.clipboard().text()
    staged.driver.trigger("join_lines")
    staged.driver.trigger("copy_text")
    assert "One line and another." in QApplication.clipboard().text()
    assert ExportChoices(QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)).joins_copied_lines
