"""Runs programs without root's rights, which ignore the modes of files. The user stays the same."""

from __future__ import annotations

import os
import shutil

import pytest


def without_root(*command: str) -> list[str]:
    """Return a command that runs without capabilities. Skips the test if root cannot drop them here."""
    if os.geteuid() != 0:
        return list(command)
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed, and root ignores the modes of files")
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
