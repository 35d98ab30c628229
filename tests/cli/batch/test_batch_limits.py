"""`ocrdesk ocr` on a server that limits submits: it waits as long as the server says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.client import Client
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import Backend, run_ocrdesk, running_backend, short_folder
from tests.helpers.sample_files import text_png


@pytest.fixture(scope="module")
def limited() -> Iterator[Backend]:
    """A server that accepts one submit in eight seconds from callers without the machine's own key."""
    limits = {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_REQUESTS": "1", "RATE_LIMIT_WINDOW": "8 seconds"}
    with short_folder() as folder, running_backend(folder / "data", workers=1, **limits) as served:
        yield served


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.png", tmp_path / "two.png"]
    for path, text in zip(paths, ("First file", "Second file"), strict=True):
        path.write_bytes(text_png(text))
    return paths


def test_a_rate_limited_file_is_submitted_later_and_the_wait_is_reported(
    limited: Backend, pictures: list[Path]
) -> None:
    with Client(limited.url) as other:
        other.submit(pictures[0])
    done = run_ocrdesk("ocr", "--server", limited.url, *pictures)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"==> {pictures[0]} <==\nFirst file\n\n==> {pictures[1]} <==\nSecond file\n\n"
    *lines, summary = done.stderr.splitlines()
    assert summary.startswith("ocrdesk: 2 files done; 2 pages in ")
    assert lines, "no wait was said"
    said = r"ocrdesk: Too many requests\. Limit: 1 per 8 seconds?\.? Waiting \d+ s\."
    assert [line for line in lines if not re.fullmatch(said, line)] == []


@IN_LONG_FORM
def test_quiet_reports_no_waits(limited: Backend, pictures: list[Path]) -> None:
    with Client(limited.url) as other:
        other.submit(pictures[0])
    done = run_ocrdesk("ocr", "-q", "--server", limited.url, pictures[1])
    assert (done.returncode, done.stdout, done.stderr) == (0, "Second file\n", "")
