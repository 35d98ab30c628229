"""A task may fill its scratch folder up to a limit, whatever it fills it with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk_worker.processes import scratch_limit
from ocrdesk_worker.processes.scratch_limit import ScratchLimit

MIB = 1 << 20


@pytest.fixture(autouse=True)
def look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch_limit, "_LOOK_EVERY_S", 0)
    monkeypatch.setattr(scratch_limit, "_MOST_ENTRIES", 300)


def is_over(folder: Path, largest: int | None = MIB) -> bool:
    return ScratchLimit(folder, os.getpid(), lambda: largest).is_over()


def few(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_bytes(b"x" * 100_000)
    (folder / "a" / "link").symlink_to("/")
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 30)


def many_bytes(folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}").write_bytes(b"x" * (MIB // 2))


def many_files(folder: Path) -> None:
    for number in range(400):
        (folder / f"{number}").touch()


def many_levels(folder: Path) -> None:
    for _ in range(60):
        folder /= "d"
        folder.mkdir()


def long_names(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 255, dir_fd=here)
        inner = os.open("d" * 255, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


@pytest.mark.parametrize(
    ("fill", "expected"),
    [(few, False), (many_bytes, True), (many_files, True), (many_levels, True), (long_names, True)],
)
def test_a_folder_has_a_limit(tmp_path: Path, fill: Callable[[Path], None], expected: bool) -> None:
    fill(tmp_path)
    assert is_over(tmp_path) is expected
    if fill is many_bytes:
        assert not is_over(tmp_path, largest=None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the descriptors of a process")
def test_deleted_files_count_while_they_are_open(tmp_path: Path) -> None:
    ready, told = os.pipe()
    stay, end = os.pipe()
    pid = os.fork()
    if pid == 0:
        with (tmp_path / "deleted").open("wb") as file:
            file.write(b"x" * (2 * MIB))
            file.flush()
            (tmp_path / "deleted").unlink()
            os.write(told, b".")
            os.close(end)
            os.read(stay, 1)
        os._exit(0)
    os.read(ready, 1)
    assert is_over(tmp_path)
    for descriptor in (ready, told, stay, end):
        os.close(descriptor)
    os.waitpid(pid, 0)
    assert not is_over(tmp_path)
