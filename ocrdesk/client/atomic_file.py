"""Writes a file completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ocrdesk.contract.file_names import shortened_name


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that gets the name `path` when the block succeeds, and is deleted when it fails.

    A link stays a link: its target is replaced. A device or a pipe is written to directly. On Linux the file has no
    name until it is complete, so that a program that is killed leaves none. Raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as special:
            yield special
        return
    part = target.with_name(f".{shortened_name(target.name, 200)}.{secrets.token_hex(4)}.part")
    try:
        with _unnamed(target.parent) or part.open("xb") as file:
            yield file
            if isinstance(file.name, int):
                file.flush()
                _give_name(file.name, part)
            if target.exists():
                part.chmod(target.stat().st_mode & 0o777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _unnamed(folder: Path) -> IO[bytes] | None:
    """Open a new file without a name in the folder; None where the system has no such files."""
    if sys.platform != "linux" or not os.access("/proc/self/fd", os.R_OK):
        return None
    try:
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666), "wb")
    except OSError:  # the file system does not have them, or whatever is wrong is told by the next attempt
        return None


def _give_name(descriptor: int, path: Path) -> None:
    if sys.platform != "linux":  # only there are files without a name
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # with a folder's descriptor, Python follows the link in /proc to the file
        os.link(f"/proc/self/fd/{descriptor}", path.name, dst_dir_fd=folder)
    finally:
        os.close(folder)
