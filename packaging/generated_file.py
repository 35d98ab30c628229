"""Writes a generated file, or checks that it is current, for the scripts that generate one."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def write_or_check(file: Path, text: str, script: str) -> int:
    """Write the file; with --check on the command line, compare it. Return the exit code: 1 when it is out of date."""
    if "--check" not in sys.argv:
        file.write_text(text, encoding="utf-8")
        return 0
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{file.relative_to(_ROOT)} is out of date: run python packaging/{script}\n")
    return 1
