"""The options for new jobs are stored, and unknown ones never reach the API."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from ocrdesk.contract.jobs import RecognitionMode
from ocrdesk.desktop.jobs.default_options import JobDefaults, read_defaults, write_defaults


def _settings(folder: Path) -> QSettings:
    return QSettings(str(folder / "desktop.ini"), QSettings.Format.IniFormat)


def test_stored_options_are_read_back(tmp_path: Path) -> None:
    chosen = JobDefaults(("deu", "eng"), "tesseract", "force")
    write_defaults(_settings(tmp_path), chosen)
    assert read_defaults(_settings(tmp_path)) == chosen


def test_without_stored_options_the_defaults_of_the_api_apply(tmp_path: Path) -> None:
    assert read_defaults(_settings(tmp_path)) == JobDefaults(("eng",), "auto", "auto")


def test_unknown_mode_and_invalid_engine_become_defaults() -> None:
    options = JobDefaults(("eng",), "no such engine!", "no such mode").options()
    assert options.mode is RecognitionMode.AUTO
    assert options.engine == "auto"
    assert options.languages == ("eng",)
