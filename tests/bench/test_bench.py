"""The benchmark command itself: its table comes out, and the sides read the same text. Never a time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

_COMMAND = Path(__file__).with_name("pipeline.py")


def _bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(_COMMAND), *arguments], capture_output=True, text=True, timeout=150, check=False
    )


def _rows(output: str) -> dict[str, str]:
    """The table's rows by their side."""
    _, table = output.split("\nside ", 1)
    return {line.split()[0]: line for line in table.split("\n\n")[0].splitlines()[1:]}


def test_table_compares_pipeline_and_bare_processes_that_read_the_same_text() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "2", "--repeat", "1", "--sides", "pipeline,bare")
    assert done.returncode == 0, done.stderr
    rows = _rows(done.stdout)
    assert list(rows) == ["pipeline", "bare"]
    assert re.search(r"\d\.\d\dx as fast \(\d+\.\d\d~?\) +>= 0\.9x +(yes|NO) ", rows["bare"])
    agreement = [float(row.split()[-1]) for row in rows.values()]
    assert min(agreement) > 0.95
    assert abs(agreement[0] - agreement[1]) < 0.02
    assert "Where" in done.stdout
    assert re.search(r"\d of \d workers had pages", done.stdout)


def test_unknown_side_is_a_usage_error() -> None:
    done = _bench("--sides", "pipeline,abacus")
    assert done.returncode == 2
    assert "abacus" in done.stderr
