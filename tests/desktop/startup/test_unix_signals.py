"""Ctrl-C and SIGTERM close the window cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.fake_server import FakeServer

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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_in_order_and_without_a_word(stage: FakeServer, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, stage.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "APPEARED False"
        assert process.stdout.readline().strip() == "READY"
        process.send_signal(number)
        _, complaints = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert complaints == ""


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[3])
    return {**os.environ, "PYTHONPATH": root, "LC_ALL": "C.UTF-8"}
