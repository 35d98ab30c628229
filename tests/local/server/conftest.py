"""Parts of a test of the local server's processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server import state
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "data"


def are_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != "zombie" for process in processes)


def assert_nothing_stays(data_dir: Path, processes: list[psutil.Process]) -> None:
    wait_until(lambda: are_gone(processes), "the end of every process")
    assert state.read_state(data_dir) is None
    assert FileLock(data_dir / state.LOCK_FILE).acquire()
    assert list(run_dir(data_dir).iterdir()) == []
    run_dir(data_dir).rmdir()
