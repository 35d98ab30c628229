"""The parts of a merged PDF are in a folder that no run leaves behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ocrdesk.cli.batch.parts_folder import parts_folder

_RUN = """
import sys
from ocrdesk.cli.batch.parts_folder import parts_folder
with parts_folder() as folder:
    (folder / "0.pdf").write_text("part")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_the_folder_is_private_and_removed(temporary: Path) -> None:
    with parts_folder() as folder:
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o077 == 0
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_killed_run_is_removed_by_the_next_and_that_of_a_running_one_stays(temporary: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", _RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in "ab"]
    killed, running = (Path(run.stdout.readline().decode().strip()) for run in runs if run.stdout)
    os.kill(runs[0].pid, signal.SIGKILL)
    runs[0].wait()
    (temporary / "ocrdesk-merge-link").symlink_to(running)
    with parts_folder() as own:
        assert sorted(temporary.iterdir()) == sorted([own, running, temporary / "ocrdesk-merge-link"])
        assert (running / "0.pdf").exists()
        assert not killed.exists()
    runs[1].communicate(timeout=30)
    assert not running.exists()
