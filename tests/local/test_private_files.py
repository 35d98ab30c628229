"""Private files are written as a whole, and replace whatever has their name."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.local.private_files import read_private, remove_parts, remove_private, set_aside, write_private
from tests.helpers.damaged_files import each_damage
from tests.helpers.wait import wait_until


@each_damage
def test_a_file_is_written_over_whatever_has_its_name(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "small"
    damage(path)
    write_private(path, "wörds")
    assert read_private(path) == "wörds"
    assert stat.S_IMODE(path.lstat().st_mode) == 0o600
    assert stat.S_ISREG(path.lstat().st_mode)


@each_damage
def test_reading_ends_with_a_text_or_an_error(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "small"
    damage(path)
    try:
        read_private(path)
    except OSError:
        return
    assert path.is_file()


@each_damage
def test_whatever_has_the_name_is_removed_or_moved_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "small"
    damage(path)
    remove_private(path)
    assert not os.path.lexists(path)
    remove_private(path)


def test_what_is_set_aside_replaces_nothing(tmp_path: Path) -> None:
    for content in ("one", "two", "three"):
        (tmp_path / "small").write_text(content)
        set_aside(tmp_path / "small")
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["one", "three", "two"]


def test_a_killed_writer_leaves_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "small"
    write_private(path, "old")
    code = "import sys; from pathlib import Path; from ocrdesk.local.private_files import write_private\n"
    code += "while True: write_private(Path(sys.argv[1]), 'new' * 100_000)"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", code, str(path)])
        wait_until(lambda: read_private(path) != "old" and list(tmp_path.glob(".small.*.part")), "a file in progress")
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        assert read_private(path) == "new" * 100_000
        write_private(path, "old")
    remove_parts(tmp_path, ("small",))
    assert [file.name for file in tmp_path.iterdir()] == ["small"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "small"
    path.write_text("theirs")
    os.chown(path, 65534, 65534)
    write_private(path, "ours")
    assert path.stat().st_uid == os.getuid()
