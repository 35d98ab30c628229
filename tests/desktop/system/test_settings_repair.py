"""A damaged settings file is moved aside, and the copy of an earlier start is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ocrdesk.desktop.system.settings_repair import keep_copy, repair
from tests.helpers.damaged_files import DAMAGES, each_damage


def settings(path: Path) -> QSettings:
    return QSettings(str(path), QSettings.Format.IniFormat)


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    """A settings file as Qt writes it."""
    path = tmp_path / "desktop.ini"
    stored = settings(path)
    for key, value in {
        "a/text": "Zürich, 1; x=y",
        "a/bytes": b"\x00\xff\n",
        "b/list": ["x y", "z"],
        "plain": True,
    }.items():
        stored.setValue(key, value)
    stored.sync()
    return path


def test_a_sound_file_is_left_alone(ini: Path) -> None:
    before = ini.read_bytes()
    assert repair(ini) is None
    keep_copy(ini)
    assert repair(ini) is None
    assert ini.read_bytes() == before
    assert repair(ini.with_name("missing.ini")) is None


def test_settings_that_are_removed_stay_removed(ini: Path) -> None:
    keep_copy(ini)
    stored = settings(ini)
    for key in ("b/list", "plain", "a/text", "a/bytes"):
        stored.remove(key)
        stored.setValue("other/key", 1)
        stored.sync()
        assert repair(ini) is None


@each_damage
def test_a_damaged_file_is_replaced_by_its_copy(ini: Path, damage: Callable[[Path], None]) -> None:
    keep_copy(ini)
    before = ini.read_bytes()
    damage(ini)
    found = repair(ini)
    assert found is not None
    assert found.is_restored
    assert found.aside is not None
    assert ini.read_bytes() == before
    assert repair(ini) is None


def test_a_file_cut_off_anywhere_is_replaced_or_a_valid_beginning(ini: Path) -> None:
    keep_copy(ini)
    whole = ini.read_bytes()
    for length in range(len(whole)):
        ini.write_bytes(whole[:length])
        assert repair(ini) is not None or whole[:length].endswith(b"\n"), whole[:length]
        assert ini.read_bytes() == whole or whole[:length].endswith(b"\n")


def test_without_a_copy_a_damaged_file_is_moved_aside(ini: Path) -> None:
    for damage in DAMAGES[2:]:
        damage(ini)
        found = repair(ini)
        assert found is not None, damage
        assert not found.is_restored
        assert not ini.exists()


def test_a_damaged_copy_does_no_harm(ini: Path) -> None:
    for damage in DAMAGES:
        damage(ini.with_name("desktop.ini.copy"))
        assert repair(ini) is None
        keep_copy(ini)
        assert ini.with_name("desktop.ini.copy").read_bytes() == ini.read_bytes()
