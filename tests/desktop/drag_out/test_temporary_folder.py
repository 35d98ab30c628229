"""Temporary files are deleted in time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ocrdesk.desktop.drag_out import drag_and_copy
from ocrdesk.desktop.drag_out.drag_and_copy import DragAndCopy
from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder, delete_leftovers
from tests.desktop.conftest import Desktop
from tests.desktop.drag_out.conftest import Drops, add_finished_jobs
from tests.helpers.fake_server import FakeServer
from tests.helpers.folders import files_below

ROOT = Path(__file__).resolve().parents[3]


def test_temporary_files_outlive_the_window_but_not_the_program(
    staged: Desktop, stage: FakeServer, drops: Drops
) -> None:
    add_finished_jobs(staged, stage, "words")
    staged.driver.trigger("copy_files")
    staged.wait(lambda: "copied" in staged.driver.note)
    shared = drag_and_copy.shared_folder()
    assert len(files_below(shared, "*.txt")) == 1
    staged.window.close()
    assert len(files_below(shared, "*.txt")) == 1
    staged.window.findChild(DragAndCopy).close()
    assert list(shared.iterdir()) == []


def test_only_the_files_of_crashed_windows_are_deleted(tmp_path: Path) -> None:
    ours = TemporaryFolder(tmp_path)
    kept = ours.new() / "kept.txt"
    kept.write_text("kept")
    crashed = (
        "from pathlib import Path; from ocrdesk.desktop.drag_out.temporary_folder import TemporaryFolder; import os\n"
    )
    crashed += f"(TemporaryFolder(Path({str(tmp_path)!r})).new() / 'left.txt').write_text('left'); os._exit(9)"
    subprocess.run(
        [sys.executable, "-c", crashed], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False
    )
    assert len(files_below(tmp_path, "*.txt")) == 2
    delete_leftovers(tmp_path)
    assert files_below(tmp_path, "*.txt") == [kept]
    ours.close()
    assert list(tmp_path.iterdir()) == []
