"""A small disk that a test fills: a tmpfs where mounting is allowed, otherwise a plain folder that cannot be filled."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = b"\0" * (1 << 20)


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder; `is_small` tells whether it is a disk of its own that can be filled."""

    path: Path
    is_small: bool

    @classmethod
    @contextlib.contextmanager
    def made(cls, path: Path, size_mb: int) -> Iterator[Disk]:
        """Make the folder, as a disk of this size where that is allowed; 0: as a plain folder."""
        path.mkdir()
        mounted = size_mb > 0 and _mount(path, size_mb)
        try:
            yield cls(path, mounted)
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", str(path)], check=False, capture_output=True)

    def fill(self) -> None:
        """Write a file until the disk is full."""
        with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as file:
            while True:
                if file.write(_BLOCK) < len(_BLOCK):
                    return

    def free(self) -> None:
        """Remove that file."""
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.path / "filler"


def _mount(path: Path, size_mb: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=0700", "tmpfs", str(path)]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
