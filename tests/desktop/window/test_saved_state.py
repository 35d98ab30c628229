"""The window opens where it was closed, if that screen still exists."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCREENS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QSplitter
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.window.saved_state import WindowState
app = QApplication([])
tasks = Tasks()
window = MainWindow(Session(LocalServer(), tasks), tasks, WindowState(Path(sys.argv[1])))
window.show()
app.processEvents()
if sys.argv[2] == "move":
    window.setGeometry(1400, 100, 700, 500)
    app.processEvents()
inside = [screen.name() for screen in app.screens() if screen.geometry().contains(window.geometry().center())]
print(window.width(), window.height(), inside)
window.close()
"""


def run_on_screens(tmp_path: Path, screens: list[dict[str, object]], act: str) -> str:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": screens}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
    }
    command = [sys.executable, "-c", SCREENS, str(tmp_path / "memory.ini"), act]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_window_opens_on_its_screen_or_on_another_if_that_one_is_missing(tmp_path: Path) -> None:
    def screen(name: str, x: int) -> dict[str, object]:
        size = {"width": 1280, "height": 800, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        return {"name": name, "x": x, "y": 0, **size}

    both = [screen("one", 0), screen("two", 1280)]
    assert run_on_screens(tmp_path, both, "move") == "700 500 ['two']"
    assert run_on_screens(tmp_path, both, "stay") == "700 500 ['two']"
    assert run_on_screens(tmp_path, both[:1], "stay").endswith("['one']")
