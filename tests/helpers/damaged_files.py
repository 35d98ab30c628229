"""What may be found in place of a small file: nothing, half of it, garbage, a folder, a link, a pipe, another mode."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def empty(path: Path) -> None:
    _write(path, b"")


def truncated(path: Path) -> None:
    content = path.read_bytes() if path.is_file() else b'{"pid": 1, "url'
    _write(path, content[: len(content) // 2])


def garbage(path: Path) -> None:
    _write(path, b"\xff\x00" + random.Random(13).randbytes(200))


def zeros(path: Path) -> None:
    """What a power cut leaves on some file systems."""
    _write(path, bytes(64))


def other_type(path: Path) -> None:
    _write(path, b'[{"pid": {}}, null, 7]')


def nested(path: Path) -> None:
    _write(path, b"[" * 100_000)


def folder(path: Path) -> None:
    _remove(path)
    path.mkdir()


def full_folder(path: Path) -> None:
    folder(path)
    (path / "file").write_text("content")


def dangling_link(path: Path) -> None:
    _remove(path)
    path.symlink_to(path.parent / "no" / "where")


def looped_link(path: Path) -> None:
    _remove(path)
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    _remove(path)
    os.mkfifo(path)


def unreadable(path: Path) -> None:
    """Only for processes without the rights of root, see `without_root`."""
    if not path.exists():
        path.write_bytes(b"")
    path.chmod(0)


DAMAGES: tuple[Callable[[Path], None], ...] = (
    empty,
    truncated,
    garbage,
    zeros,
    other_type,
    nested,
    folder,
    full_folder,
    dangling_link,
    looped_link,
    pipe,
)

each_damage = pytest.mark.parametrize("damage", DAMAGES, ids=[damage.__name__ for damage in DAMAGES])


def _write(path: Path, content: bytes) -> None:
    _remove(path)
    path.write_bytes(content)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
