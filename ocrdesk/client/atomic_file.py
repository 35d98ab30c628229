"""Writes a file completely or not at all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ocrdesk.contract.file_names import shortened_name


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that gets the name `path` when the block succeeds, and is deleted when it fails.

    A link stays a link: its target is replaced. A device or a pipe is written to directly. Raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as special:
            yield special
        return
    part = target.with_name(f".{shortened_name(target.name, 200)}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            if target.exists():
                part.chmod(target.stat().st_mode & 0o777)
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
