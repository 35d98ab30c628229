"""The settings for tray, closing and notifications have their defaults, and are stored."""

from __future__ import annotations

from pathlib import Path

from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.settings_file import open_settings


def test_a_new_installation_shows_the_tray_icon_and_quits_when_closed(tmp_path: Path) -> None:
    settings = BackgroundSettings(open_settings(tmp_path / "desktop.ini"))
    assert settings.has_tray
    assert settings.notifies
    assert not settings.closes_to_tray
    assert settings.language == ""


def test_changes_are_read_back(tmp_path: Path) -> None:
    store = open_settings(tmp_path / "desktop.ini")
    settings = BackgroundSettings(store)
    settings.has_tray, settings.notifies, settings.closes_to_tray, settings.language = False, False, True, "de"
    store.sync()
    again = BackgroundSettings(open_settings(tmp_path / "desktop.ini"))
    assert (again.has_tray, again.notifies, again.closes_to_tray, again.language) == (False, False, True, "de")
