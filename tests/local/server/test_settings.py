"""The user's settings for the local server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.local.server.settings import LocalServerSettings, read_settings, set_aside_damaged, write_settings
from tests.helpers.damaged_files import each_damage


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"workers": -1, "port": "x", "is_shared": "yes"}'])
def test_invalid_settings_become_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / "engine.json").write_text(text)
    assert read_settings(tmp_path) == LocalServerSettings()


def test_an_unshared_server_listens_on_this_machine_only() -> None:
    settings = LocalServerSettings(port=8000)
    assert (settings.host, settings.listen_port) == ("127.0.0.1", 0)


@each_damage
def test_damaged_settings_are_moved_aside_and_the_defaults_used(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    write_settings(tmp_path, LocalServerSettings(workers=3, is_shared=True))
    assert set_aside_damaged(tmp_path) is None
    damage(tmp_path / "engine.json")
    assert read_settings(tmp_path) == LocalServerSettings()
    set_aside_damaged(tmp_path)
    assert set_aside_damaged(tmp_path) is None
    write_settings(tmp_path, LocalServerSettings(workers=4))
    assert read_settings(tmp_path).workers == 4
