"""Installs the latest OCRmyPDF from the package index, in an environment of the benchmarks' own.

Distributions have versions that are years old. The environment is made at the first use and updated once a day.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import platformdirs

_UPDATE_AFTER_S = 24 * 3600
_LONGEST_INSTALL_S = 900


@cache
def find_ocrmypdf() -> str | None:
    """Return the program's path; None if it cannot be installed, which standard error explains."""
    folder = Path(platformdirs.user_cache_dir("ocrdesk-bench")) / "ocrmypdf"
    program, updated = folder / "bin" / "ocrmypdf", folder / "updated"
    if not updated.is_file() or time.time() - updated.stat().st_mtime > _UPDATE_AFTER_S:
        commands = [
            [sys.executable, "-m", "venv", str(folder)],
            [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--upgrade", "ocrmypdf"],
        ]
        try:
            for command in commands:
                subprocess.run(command, check=True, timeout=_LONGEST_INSTALL_S, stdout=sys.stderr)
            updated.touch()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"ocrmypdf cannot be installed or updated: {error}", file=sys.stderr)
    return str(program) if os.access(program, os.X_OK) else None
