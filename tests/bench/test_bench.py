"""The benchmark commands themselves: their tables come out, and the work that they measure is done. Never a time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def _bench(*arguments: str, command: str = "pipeline.py") -> subprocess.CompletedProcess[str]:
    path = Path(__file__).with_name(command)
    return subprocess.run(
        [sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=150, check=False
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


def test_uploads_are_taken_and_what_they_add_to_the_memory_is_told_for_each_storage() -> None:
    done = _bench("--mb", "1", "--at-once", "4", "--repeat", "1", command="uploads.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for storage in ("folder", "redis"):
        for what, aim in (("1 of 1 MB", 4), ("4 of 1 MB", 64)):
            assert re.search(
                rf"^{storage} +{what}( +\d+\.\d MB){{4}} +< {aim} MB +(yes|NO)$", done.stdout, re.MULTILINE
            )


def test_all_followers_get_every_event_while_health_is_asked_for() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--followers", "30", "--pages", "5", "--processes", "2", command="followers.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(
        r"^30 of 30 followers got every event, once and in order \(\d+ events, ", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^30 follow, events come +\d+( +\d+\.\dms){3} +p99 < 100 ms +(yes|NO)$", done.stdout, re.MULTILINE
    )


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("uploads.py", ["--storage", "attic"]),
        ("followers.py", ["--followers", "0"]),
        ("upright.py", ["--only", "upside down"]),
        ("upright.py", ["/nowhere"]),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(command: str, arguments: list[str]) -> None:
    assert _bench(*arguments, command=command).returncode == 2


def test_pages_that_are_not_right_are_read_better_with_the_steps_than_without() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "1", "--only", "turned by 270,askew by -7", command="upright.py")
    assert done.returncode == 0, done.stderr
    for pages in ("turned by 270", "askew by -7"):
        row = re.search(rf"^{pages} +(\d\.\d{{3}}) +(\d\.\d{{3}}) +\d+\.\d\dx$", done.stdout, re.MULTILINE)
        assert row
        assert float(row[1]) < float(row[2]) > 0.95
    assert re.search(r"^Tests on clean pages: \d+\.\d\d% of the engine's time, aim < 2%: (yes|NO)$", done.stdout, re.M)
