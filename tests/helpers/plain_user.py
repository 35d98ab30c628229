"""Runs programs as a user without rights, because root ignores limits and file modes."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

NOBODY = 65_534


def as_plain_user() -> list[str]:
    """Return what goes before a command so that root runs it without rights; empty if this user is not root."""
    if os.geteuid() != 0:
        return []
    found = shutil.which("setpriv")
    assert found, "setpriv is missing: apt-get install util-linux"
    kept = ["-all"] if _can_everybody_run_python() else ["-all", "+dac_read_search"]
    sets = [f"--{name}={','.join(kept)}" for name in ("bounding-set", "inh-caps", "ambient-caps")]
    return [found, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *sets]


def _can_everybody_run_python() -> bool:
    """Return whether other users reach this interpreter; otherwise the user must be let through folders of root."""
    program = Path(sys.executable).resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in program.parents)


def give_to_plain_user(*folders: Path) -> None:
    """Let that user own the folders and what is in them."""
    if os.geteuid() == 0:
        for folder in folders:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
