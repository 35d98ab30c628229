"""requirements.txt, which platforms look for: the service at the versions of the constraints."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.packaging.repository import PACKAGING, ROOT

_NO_REGISTRY = ("No matching distribution found", "Temporary failure in name resolution", "Connection refused")


def test_it_resolves() -> None:
    """pip finds a version of each package that fits the others; it installs nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-", "-r", "requirements.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    if done.returncode and any(reason in done.stderr for reason in _NO_REGISTRY):
        pytest.skip(f"pip finds no packages here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    assert re.search(r'"name":\s*"ocrdesk"', done.stdout)


def test_it_takes_the_pins_and_the_extras_of_the_service() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines == ["-c packaging/constraints.txt", ".[server,photo]"]
    assert (PACKAGING / "constraints.txt").is_file()
