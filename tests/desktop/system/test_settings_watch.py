"""The window says when its settings were damaged or cannot be saved, and opens with whatever is in them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ocrdesk.desktop.system import settings_watch
from ocrdesk.desktop.system.settings_file import open_settings
from ocrdesk.desktop.system.settings_repair import keep_copy
from tests.desktop.conftest import OpenDesktop
from tests.helpers.damaged_files import garbage
from tests.upgrade.old_data import DATA

_OLD_INI = DATA / "desktop/home/.config/ocrdesk/desktop.ini"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_watch, "_FIRST_MS", 50)
    monkeypatch.setattr(settings_watch, "_EVERY_MS", 100)


def test_damaged_settings_are_reported_and_the_copy_is_used(open_desktop: OpenDesktop, tmp_path: Path) -> None:
    ini = tmp_path / "desktop.ini"
    kept = open_settings(ini)
    kept.setValue("export/form", "docx")
    kept.sync()
    keep_copy(ini)
    del kept
    garbage(ini)
    desktop = open_desktop(start=False)
    desktop.wait(lambda: desktop.driver.note.startswith("The settings file was damaged. The settings of an earlier"))
    assert str(tmp_path / "desktop.ini.unreadable") in desktop.driver.note
    assert desktop.settings.value("export/form") == "docx"


def test_settings_that_cannot_be_saved_are_reported_and_saved_once_they_can(
    open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    desktop = open_desktop(start=False)
    ini = tmp_path / "desktop.ini"
    desktop.settings.sync()
    ini.unlink()
    ini.mkdir()  # as good as a folder that cannot be written to, which root could
    desktop.settings.setValue("export/form", "docx")
    desktop.wait(lambda: desktop.driver.note.startswith(f"The settings cannot be saved in {ini}."))
    ini.rmdir()
    desktop.wait(lambda: ini.is_file() and "form=docx" in ini.read_text())


_VALUES = (
    "",
    "garbage",
    "-1",
    "999999999999999999999",
    "@Variant(\\0\\0\\0)",
    "@ByteArray(\\xff\\0garbage)",
    "@Invalid()",
    "@Point(1 2)",
    "a, b, c",
    "2026-13-99T99",
    "2026-01-01T00:00:00",
    "http://[",
    "\\x202e\\x0",
)


@pytest.mark.parametrize("seed", range(3))
def test_the_window_opens_whatever_its_settings_say(open_desktop: OpenDesktop, tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)
    keys = {
        *QSettings(str(_OLD_INI), QSettings.Format.IniFormat).allKeys(),
        *open_settings(_old_copy(tmp_path)).allKeys(),
    }
    keys |= {"servers/size", "servers/1/url", "servers/1/id", "active_server", "interface/scheme", "new_jobs/languages"}
    groups: dict[str, list[str]] = {}
    for key in sorted(keys):
        group, _, name = key.rpartition("/") if not key.startswith("servers/") else ("servers", "", key[8:])
        groups.setdefault(group, []).append(f"{name.replace('/', chr(92))}={chosen.choice(_VALUES)}")
    lines = [line for group, names in groups.items() for line in (f"[{group.replace('/', chr(92))}]", *names)]
    (tmp_path / "desktop.ini").write_text("\n".join(lines) + "\n")
    desktop = open_desktop(start=False)
    settings = desktop.driver.open_settings()
    assert settings
    desktop.driver.open_library()


def _old_copy(folder: Path) -> Path:
    path = folder / "old.ini"
    path.write_bytes(_OLD_INI.read_bytes())
    return path
