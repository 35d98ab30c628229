"""An export replaces a file as a whole, also when the window is killed meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ocrdesk.contract.states import JobState
from tests.helpers.fake_server import FakeServer, make_job, make_page

EXPORT = """
import sys, threading
from pathlib import Path
from ocrdesk.client import Client
from ocrdesk.desktop.export.plan import Export, ExportJob
from ocrdesk.desktop.export.writer import write_all

left = int(sys.argv[3])

def stop_at_the_last(event, arguments):
    global left
    if event not in ("open", "os.link", "os.rename", "os.remove"):
        return
    if not any(str(argument).startswith(sys.argv[2]) or ".part" in str(argument) for argument in arguments):
        return
    left -= 1
    if left == 0:
        print(event, arguments[0], flush=True)
        sys.stdin.read()  # until this process is killed

export = Export(form="text", suffix=".txt", folder=Path(sys.argv[2]), pattern="{name}", replaces=True)
with Client(sys.argv[1]) as client:
    sys.addaudithook(stop_at_the_last)
    done = write_all(client, export, [ExportJob("1", "a.pdf")], lambda _: None, threading.Event())
    assert done.written, done
"""


def test_a_killed_export_leaves_the_former_file_or_the_new_one(stage: FakeServer, tmp_path: Path) -> None:
    """The export is killed before each of its steps in the folder, until one has no more steps."""
    text = "new " * 20_000
    page = make_page(1, text).model_copy(update={"has_structure": True})
    stage.put(make_job("1", "a.pdf", JobState.FINISHED, page_count=1, pages_done=1), [page])
    target = tmp_path / "a.txt"
    steps: list[str] = []
    while True:
        target.write_text("former")
        command = [sys.executable, "-c", EXPORT, stage.url, str(tmp_path), str(len(steps) + 1)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            step = process.stdout.readline().strip()  # empty: the export has ended
            process.kill()
        now = target.read_text()
        assert now == "former" or now.split() == text.split()
        if not step:
            break
        steps.append(step)
        for part in tmp_path.glob(".*.part"):
            part.unlink()
    assert {"open", "os.rename"} <= {step.split()[0] for step in steps}
    assert f"open {target}" not in steps, "the file itself was written to, so it can be left in part"
    assert now != "former"
