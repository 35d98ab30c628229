"""An export replaces a file as a whole, also when the window is killed meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from ocrdesk.contract.states import JobState
from tests.helpers.fake_server import FakeServer, make_job, make_page
from tests.helpers.wait import wait_until

EXPORT = """
import sys, threading
from pathlib import Path
from ocrdesk.client import Client
from ocrdesk.desktop.export.plan import Export, ExportJob
from ocrdesk.desktop.export.writer import write_all

export = Export(form="text", suffix=".txt", folder=Path(sys.argv[2]), pattern="{name}", replaces=True)
jobs = [ExportJob("1", "a.pdf")]
with Client(sys.argv[1]) as client:
    while True:
        done = write_all(client, export, jobs, lambda _: None, threading.Event())
        assert done.written, done
"""


def test_a_killed_export_leaves_the_former_file_or_the_new_one(stage: FakeServer, tmp_path: Path) -> None:
    page = make_page(1, "new " * 200_000).model_copy(update={"has_structure": True})
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [page])
    target = tmp_path / "a.txt"
    target.write_text("former")
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", EXPORT, stage.url, str(tmp_path)])
        wait_until(lambda: list(tmp_path.glob(".*.part")), "a file in progress")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert target.read_text() == "former" or target.read_text().startswith("new new")
        for part in tmp_path.glob(".*.part"):
            part.unlink()
        target.write_text("former")
