"""The line that ends a run."""

from __future__ import annotations

import re

import pytest

from ocrdesk.cli.batch.summary import Summary


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (Summary(total=1, done=1, pages=1), "ocrdesk: 1 file done; 1 page in S s."),
        (Summary(total=3, done=2, failed=1, pages=14), "ocrdesk: 2 files done, 1 failed; 14 pages in S s."),
        (Summary(total=2, done=2, skipped=5, pages=2), "ocrdesk: 2 files done, 5 skipped; 2 pages in S s."),
        (Summary(), "ocrdesk: 0 files done; 0 pages in S s."),
    ],
)
def test_it_counts_files_pages_and_seconds(summary: Summary, line: str) -> None:
    assert re.sub(r"[\d.]+ s\.$", "S s.", summary.line()) == line


def test_an_interrupted_run_says_what_is_left() -> None:
    line = Summary(total=10, done=3, failed=1, pages=4).line("interrupted: ")
    assert line.startswith("ocrdesk: interrupted: 3 files done, 1 failed, 6 not done; 4 pages in ")
