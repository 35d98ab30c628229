"""The program in a separate process, from its first paint to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.helpers.fake_server import FakeServer
from tests.helpers.folders import everything_below
from tests.helpers.processes import short_folder
from tests.helpers.wait import wait_until

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ocrdesk.desktop.startup import application
from ocrdesk.desktop.window import main_window
from ocrdesk.desktop.app import run

class Window(main_window.MainWindow):
    def __init__(self, session, *rest):
        super().__init__(session, *rest)
        self.appeared.connect(lambda: print("APPEARED", "httpx2" in sys.modules, flush=True))
        session.state_changed.connect(lambda state: print(state.connection.name, flush=True))

application.MainWindow = Window
sys.exit(run([], None, (sys.argv[1], None)))
"""


def test_window_module_loads_neither_http_nor_pydantic_nor_the_review() -> None:
    """The window is shown before these are imported: they take longer than Qt does to draw it."""
    later = {
        "httpx2",
        "pydantic",
        "PIL",
        "uuid",
        "ocrdesk.local.diagnostics.doctor",
        "ocrdesk.desktop.review.review_pane",
    }
    code = f"import sys, ocrdesk.desktop.startup.application; print(*{later} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == ""


def test_second_start_gives_its_files_to_the_first_window_and_ends(stage: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "late.png").write_bytes(b"picture")
    with short_folder() as folder:
        environment = _environment() | {"OCRDESK_DATA_DIR": str(folder / "data"), "XDG_RUNTIME_DIR": str(folder)}
        first = subprocess.Popen([sys.executable, "-c", RUN, stage.url], stdout=subprocess.PIPE, env=environment)
        try:
            assert first.stdout is not None
            assert first.stdout.readline().strip() == b"APPEARED False"
            assert first.stdout.readline().strip() == b"READY"
            second = [sys.executable, "-m", "ocrdesk", "desktop", "--server", stage.url, "late.png"]
            done = subprocess.run(second, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            wait_until(lambda: stage.submitted == ["late.png"], "the file's arrival")
            first.send_signal(signal.SIGTERM)
            assert first.wait(30) == 0
        finally:
            first.kill()
            first.wait()
        assert not [path for path in everything_below(folder) if path.suffix == ".sock"]


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": root, "LC_ALL": "C.UTF-8"}
