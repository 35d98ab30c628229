"""Opens the installed window as its menu entry does, drops a scan on it with the mouse, and waits for both texts.

Runs on an X display of its own, with the package's Python. The second file comes from another program: a window whose
label is dragged. Exits with 0 when the server has both texts.
"""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SCAN = Path(__file__).with_name("a scan.png")
ENTRY = Path("/usr/share/applications/ocrdesk.desktop")
WORDS = "Most mistakes in recognised text"
LIMIT_S = 180.0


def run_source() -> int:
    """Show a window from which its file can be dragged."""
    from PySide6.QtCore import QMimeData, Qt, QUrl
    from PySide6.QtGui import QDrag, QMouseEvent
    from PySide6.QtWidgets import QApplication, QLabel

    class Source(QLabel):
        def mouseMoveEvent(self, _event: QMouseEvent) -> None:
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(sys.argv[2])])
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)

    application = QApplication([])
    source = Source("Drag me")
    source.setWindowTitle("drag source")
    source.setGeometry(1100, 300, 200, 200)
    source.show()
    return application.exec()


def menu_command(*files: Path) -> list[str]:
    """Return the command line of the menu entry for these files."""
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(ENTRY)
    words = shlex.split(entry["Desktop Entry"]["Exec"])
    return [name for word in words for name in (map(str, files) if word == "%F" else [word])]


def xdotool(*words: str) -> str:
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=False).stdout.strip()


def wait_for(found: Any, what: str) -> Any:
    deadline = time.monotonic() + LIMIT_S
    while not (value := found()):
        if time.monotonic() > deadline:
            sys.exit(f"not seen within {LIMIT_S:g} s: {what}")
        time.sleep(0.2)
    return value


def texts() -> dict[str, str]:
    """Return the texts of the local server's finished jobs by file name."""
    from ocrdesk.client import ClientError
    from ocrdesk.contract.states import JobState
    from ocrdesk.local.server.attach import attach

    try:
        with attach() as server, server.client() as client:
            jobs = [job for job in client.iter_jobs() if job.status is JobState.FINISHED]
            return {job.file_name: client.result(job.job_id).text or "" for job in jobs}
    except ClientError:
        return {}


def drop(file: Path) -> None:
    """Drag the file from a program of its own to the middle of the window, by mouse."""
    with subprocess.Popen([sys.executable, __file__, "source", str(file)]) as source:
        wait_for(lambda: xdotool("search", "--onlyvisible", "--name", "^drag source$"), "the source of the drag")
        xdotool("mousemove", "1200", "400", "mousedown", "1")
        for x, y in ((1190, 400), (1150, 400), (900, 400), (600, 400), (500, 350), (490, 345)):
            xdotool("mousemove", str(x), str(y))
            time.sleep(0.3)  # a hand is slower than X
        xdotool("mouseup", "1")
        wait_for(lambda: WORDS in texts().get(file.name, ""), f"the text of the dropped file {file.name}")
        source.terminate()


def main() -> int:
    """Return the exit code."""
    if sys.argv[1:2] == ["source"]:
        return run_source()
    dropped = Path.home() / "dropped.png"
    shutil.copy(SCAN, dropped)
    window = subprocess.Popen(menu_command(SCAN))
    names = ("search", "--onlyvisible", "--class", "^ocrdesk$")
    number = wait_for(lambda: xdotool(*names).splitlines(), "the window")[0]
    xdotool("windowmove", number, "0", "0", "windowsize", number, "1000", "800")
    wait_for(lambda: WORDS in texts().get(SCAN.name, ""), f"the text of {SCAN.name}")
    sys.stdout.write("The file from the menu entry has its text.\n")
    drop(dropped)
    sys.stdout.write("The dropped file has its text.\n")
    subprocess.run(["import", "-window", "root", str(Path.home() / "window.png")], check=False)
    window.terminate()
    code = window.wait(60)
    sys.stdout.write(f"The window closed with {code}.\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
