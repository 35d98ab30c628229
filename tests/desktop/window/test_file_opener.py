"""Opened folders without files are reported."""

from __future__ import annotations

from pathlib import Path

from tests.desktop.conftest import Desktop


def test_empty_folder_is_reported(staged: Desktop, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    staged.driver.drop(tmp_path / "nothing")
    staged.wait(lambda: staged.driver.note == "The folder is empty.")
