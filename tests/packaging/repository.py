"""The repository's files, and the installer's scripts as a user runs them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
_NOT_OURS = {".git", ".venv", ".hypothesis", "__pycache__", "build", "dist"}


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Return the files of the repository; found without git, because a copy may lack it."""
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_OURS or path.name.endswith("_cache"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def run_sh(
    script: Path, *arguments: str, cwd: Path, env: dict[str, str], timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run `sh SCRIPT ARGUMENT…` to its end, with an empty stdin."""
    return subprocess.run(
        ["sh", str(script), *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
