"""The window and the local server are killed at any moment of a batch: every file is recognised, and once."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ocrdesk.client import Client, ClientError
from ocrdesk.contract.states import JobState
from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.servers.data_folders import server_folder
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.local.server import state
from tests.desktop.conftest import Desktop, OpenDesktop
from tests.helpers.folders import contents_below
from tests.helpers.library_jobs import library_file
from tests.helpers.long_form import IN_LONG_FORM, LONG_TESTS
from tests.helpers.processes import clean_env, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


class Batch:
    """A folder of images, and a real window that is told to read it."""

    def __init__(self, folder: Path, count: int, seed: int) -> None:
        self.data_dir = folder / "data"
        self.images = folder / "images"
        self.images.mkdir()
        self.names = [f"{number:03}.png" for number in range(count)]
        for name in self.names:
            (self.images / name).write_bytes(text_png(f"Word {name[:3]}"))
        self._random = random.Random(seed)
        self._window: subprocess.Popen[bytes] | None = None
        self.log = (folder / "window.log").open("ab")

    def open_window(self, *files: Path) -> None:
        command = [sys.executable, "-m", "ocrdesk", "desktop", "--data-dir", str(self.data_dir), *map(str, files)]
        env = clean_env(QT_QPA_PLATFORM="offscreen")
        self._window = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def kill_window(self) -> None:
        assert self._window is not None
        assert self._window.poll() is None, "the window ended by itself"
        self._window.send_signal(signal.SIGKILL)
        self._window.wait()

    def kill_something(self) -> None:
        """Kill the window, and sometimes the supervisor, one of its parts, or all of them before it."""
        if self._random.random() < 0.7:
            self._kill_server()
        self.kill_window()

    def _kill_server(self) -> None:
        processes = server_of(self.data_dir)
        if len(processes) > 1:
            chosen = self._random.choice([processes, processes[:1], [self._random.choice(processes[1:])]])
            for process in chosen:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)

    def close(self) -> None:
        if self._window is not None and self._window.poll() is None:
            self._window.kill()
            self._window.wait()
        self.log.close()
        wait_until(lambda: not server_of(self.data_dir), "the end of the server without users")

    # ── what is reached ──────────────────────────────────────────────────────────────────────────

    def is_listed(self) -> bool:
        lists = contents_below(server_folder(LocalServer(self.data_dir)), "unsent-*.json").values()
        return any(b'"collecting": [[' in content or b".png" in content for content in lists)

    def jobs(self) -> list[JobState]:
        running, token = state.read_state(self.data_dir), state.read_token(self.data_dir)
        if running is None or token is None:
            return []
        try:
            with Client(running.url, token, retry_policy=0) as client:
                return [job.status for job in client.iter_jobs()]
        except ClientError:
            return []

    def is_uploading(self) -> bool:
        return bool(self.jobs())

    def is_recognising(self) -> bool:
        return JobState.FINISHED in self.jobs()

    def is_in_library(self) -> bool:
        return library_file().exists() and library_file().stat().st_size > 0


def server_of(data_dir: Path) -> list[psutil.Process]:
    """Return the supervisor of a data folder and its descendants."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "ocrdesk.local.server.daemon" in words and str(data_dir) in words:
            with contextlib.suppress(psutil.NoSuchProcess):
                return [process, *process.children(recursive=True)]
    return []


@pytest.fixture
def batch(request: pytest.FixtureRequest) -> Iterator[Batch]:
    count, seed = request.param
    with short_folder() as folder:
        batch = Batch(folder, count, seed)
        yield batch
        batch.close()


def assert_all_is_there_once(batch: Batch, desktop: Desktop) -> None:
    def is_complete() -> bool:
        rows = desktop.model.rows()
        return len(rows) >= len(batch.names) and all(row.state is RowState.FINISHED for row in rows)

    desktop.wait(is_complete, 120)
    assert Counter(row.file_name for row in desktop.model.rows()) == Counter(batch.names)
    library = desktop.driver.open_library()
    assert library

    def stored() -> list[tuple[str, str]]:
        if not library_file().exists():  # the first text comes a moment later
            return []
        with contextlib.closing(sqlite3.connect(f"file:{library_file()}?mode=ro", uri=True, timeout=30)) as db:
            pages = "SELECT document.name, page.text FROM document JOIN page ON page.document = document.id"
            return [(name, text.strip()) for name, text in db.execute(pages)]

    desktop.wait(lambda: len(stored()) >= len(batch.names), 60)
    assert sorted(stored()) == [(name, f"Word {name[:3]}") for name in batch.names]
    with contextlib.closing(sqlite3.connect(library_file())) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


BATCHES = [(6, 13), *(pytest.param((40, seed), marks=IN_LONG_FORM) for seed in range(5))]
"""The number of files, and the seed of what is killed."""


@pytest.mark.parametrize("batch", BATCHES, indirect=True)
def test_a_batch_survives_kills_of_the_window_and_the_server(batch: Batch, open_desktop: OpenDesktop) -> None:
    """In the long form in every phase, in the short form once."""
    phases: list[Callable[[], bool]] = [batch.is_listed, batch.is_uploading, batch.is_recognising, batch.is_in_library]
    batch.open_window(batch.images)
    for phase in phases if LONG_TESTS else [batch.is_recognising]:
        wait_until(phase, phase.__name__, 120)
        batch.kill_something()
        if LONG_TESTS:
            batch.open_window()
    if LONG_TESTS:
        batch.kill_window()
    desktop = open_desktop(LocalServer(batch.data_dir))
    assert_all_is_there_once(batch, desktop)
    desktop.close()
