"""Settings of older versions are found under their new keys, and stay where an older version looks for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.settings_file import RENAMED_KEYS, RENAMED_SHORTCUTS, open_settings
from ocrdesk.desktop.ui.shortcut_ids import SHORTCUT_IDS
from ocrdesk.desktop.watch.watch_settings import WatchSettings
from tests.upgrade.old_data import DATA

_OLD_INI = DATA / "desktop/home/.config/ocrdesk/desktop.ini"


@pytest.fixture
def old_ini(tmp_path: Path) -> Path:
    """A copy of the settings of a user of version 0.1."""
    return Path(shutil.copy(_OLD_INI, tmp_path / "desktop.ini"))


def _plain(path: Path) -> QSettings:
    """Open the file unchanged, without a migration."""
    return QSettings(str(path), QSettings.Format.IniFormat)


def test_every_old_key_is_found_under_its_new_name(old_ini: Path) -> None:
    old = _plain(_OLD_INI)
    settings = open_settings(old_ini)
    for before, after in RENAMED_KEYS.items():
        assert old.contains(before), before
        assert settings.value(after) == old.value(before)
    for before, after in RENAMED_SHORTCUTS.items():
        assert old.contains(f"shortcuts/{before}"), before
        assert settings.value(f"shortcuts/{after}") == old.value(f"shortcuts/{before}")


def test_the_settings_of_version_0_1_have_their_meaning(old_ini: Path) -> None:
    settings = open_settings(old_ini)
    background = BackgroundSettings(settings)
    assert (background.has_tray, background.closes_to_tray, background.notifies) == (False, True, False)
    assert background.language == "en"
    watch = WatchSettings(settings).load()
    assert (len(watch.folders), watch.only_new_files, watch.is_enabled) == (1, (), True)


def test_an_older_version_still_finds_its_keys(old_ini: Path) -> None:
    old = _plain(_OLD_INI)
    open_settings(old_ini).sync()
    kept = _plain(old_ini)
    assert {key: kept.value(key) for key in old.allKeys()} == {key: old.value(key) for key in old.allKeys()}


def test_a_new_key_is_never_overwritten(tmp_path: Path) -> None:
    written = _plain(tmp_path / "desktop.ini")
    written.setValue("manners/tray", False)
    written.setValue("background/tray", True)
    written.setValue("shortcuts/WindowActions.quit", "Ctrl+1")
    written.setValue("shortcuts/window.quit", "Ctrl+2")
    written.sync()
    settings = open_settings(tmp_path / "desktop.ini")
    assert BackgroundSettings(settings).has_tray
    assert settings.value("shortcuts/window.quit") == "Ctrl+2"


def test_settings_reset_after_the_migration_stay_reset(old_ini: Path) -> None:
    settings = open_settings(old_ini)
    settings.remove("shortcuts/window.quit")  # as when the action gets its default keys
    settings.sync()
    assert not open_settings(old_ini).contains("shortcuts/window.quit")


def test_a_new_settings_file_has_no_old_keys(tmp_path: Path) -> None:
    settings = open_settings(tmp_path / "desktop.ini")
    assert settings.allKeys() == ["settings/version"]


def test_every_shortcut_of_version_0_1_has_an_id() -> None:
    assert set(RENAMED_SHORTCUTS.values()) <= set(SHORTCUT_IDS.values())
    assert len(set(RENAMED_SHORTCUTS.values())) == len(RENAMED_SHORTCUTS)
