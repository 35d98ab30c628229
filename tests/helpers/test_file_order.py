"""Every second process of a run takes the test files that wait for programs, and no file is left out."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.file_order import WAITING, next_file

ROOT = Path(__file__).resolve().parents[2]
FILES = ["tests/layout/test_rows.py", "tests/cli/test_app.py", "tests/chaos/test_a.py", "tests/chaos/test_b.py"]


def _taken(*, waiting: bool) -> list[str]:
    left, taken = list(FILES), []
    while left:
        taken.append(next_file(left, waiting=waiting))
        left.remove(taken[-1])
    return taken


def test_a_process_begins_with_files_that_wait_slowest_first_and_takes_the_others_then() -> None:
    assert _taken(waiting=True) == [FILES[2], FILES[3], FILES[1], FILES[0]]


def test_another_begins_with_files_that_compute_and_helps_with_the_slowest_then() -> None:
    assert _taken(waiting=False) == [FILES[0], FILES[2], FILES[3], FILES[1]]


def test_each_place_that_waits_exists() -> None:
    assert [place for place in WAITING if not (ROOT / place).exists()] == []
