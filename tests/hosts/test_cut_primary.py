"""The host of a primary is cut off with callers on both sides: too long for every run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.network_hosts import why_impossible
from tests.helpers.processes import end

ROOT = Path(__file__).resolve().parents[2]


@IN_LONG_FORM
@pytest.mark.timeout(900)
@pytest.mark.parametrize("setup", ["sentinel", "cluster"])
def test_a_primary_that_is_cut_off_loses_no_accepted_job(setup: str, tmp_path: Path) -> None:
    if why := why_impossible():
        pytest.skip(why)
    said = tmp_path / "said.txt"
    command = [sys.executable, "-m", "tests.hosts.cut_primary", "--setup", setup]
    with said.open("wb") as text:
        program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=text, stderr=text)
    try:
        program.wait()
    finally:
        end(program, 60)  # if the test's time is up
    assert program.returncode == 0, said.read_text()
