"""Watched folders are stored and restored, one folder or several."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocrdesk.desktop.system.settings_file import open_settings
from ocrdesk.desktop.watch.watch_settings import Watch, WatchSettings


@pytest.mark.parametrize(
    "watch",
    [
        Watch(),
        Watch(folders=(Path("/a"),), only_new_files=(Path("/a"),)),
        Watch(folders=(Path("/a"), Path("/b, c")), is_enabled=False),
        Watch(folders=(Path(os.fsdecode(b"/d\xe9p\xf4t")), Path("/two\nlines"), Path("/50%E9"))),
    ],
)
def test_stored_folders_are_read_back(tmp_path: Path, watch: Watch) -> None:
    settings = open_settings(tmp_path / "desktop.ini")
    WatchSettings(settings).save(watch)
    settings.sync()
    assert WatchSettings(open_settings(tmp_path / "desktop.ini")).load() == watch
