"""Takes the window's screenshots into docs/screenshots, light and dark, on an X server of its own (needs Xvfb).

    python tests/desktop/take_screenshots.py [FOLDER]

Each picture is taken by a process of its own, because a scale factor is fixed when Qt starts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

_SETTLE_MS = 400
ROOT = Path(__file__).resolve().parents[2]
SCENES = ("empty", "starting", "failed", "lost", "working", "error", "drop", "library")
LETTER = """Dear Ms Hartmann,

thank you for sending the meter readings for the third quarter. We have
entered them as follows and found no deviation from the year before.

Please keep this letter with your records. Should a figure differ from your
own notes, let us know within fourteen days; after that the reading counts
as agreed.

Kind regards
Municipal Works, Customer Accounts"""
TABLE = """Meter 4410-77    12 840 kWh
Meter 4410-78     9 312 kWh
Meter 4410-79    21 007 kWh

All readings were taken on 30 September between nine and eleven in the
morning. The next reading is due in January."""


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    read_end, write_end = os.pipe()
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "2400x1700x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as display:
        number = display.readline().strip()
    failed = 0
    try:
        for scene in SCENES:
            for scheme in ("light", "dark"):
                for scale in (1, 2) if scene == "working" else (1,):
                    failed += _take_in_child(number, scene, scheme, scale, folder)
    finally:
        xvfb.terminate()
        xvfb.wait()
    return 1 if failed else 0


def _take_in_child(display: str, scene: str, scheme: str, scale: int, folder: Path) -> int:
    file = folder / f"{scene}-{scheme}{'@2x' if scale == 2 else ''}.png"
    with TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "DISPLAY": f":{display}",
            "QT_QPA_PLATFORM": "xcb",
            "QT_QPA_PLATFORMTHEME": "gnome",  # without a desktop, this one knows how to be dark
            "QT_SCALE_FACTOR": str(scale),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": f"{home}/.config",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, str(Path(__file__).resolve()), "--scene", scene, scheme, str(file)]
        done = subprocess.run(command, env=environment, timeout=60, capture_output=True, text=True)
    noise = [line for line in done.stderr.splitlines() if "dbus" not in line.lower()]
    print(file.name, "ok" if done.returncode == 0 else "FAILED", *noise, sep="\n  " if noise else " ")
    return done.returncode


def _take(scene: str, scheme: str, file: Path) -> int:
    """In the child: builds the scene, waits until it stands still, and saves it."""
    from PySide6.QtCore import QLocale, Qt

    from ocrdesk.desktop.application import make_application
    from ocrdesk.desktop.main_window import MainWindow
    from ocrdesk.desktop.session import Session
    from ocrdesk.desktop.tasks import Tasks
    from ocrdesk.desktop.window_memory import WindowMemory
    from tests.desktop.staged_server import StagedServer

    QLocale.setDefault(QLocale("en_GB"))
    app = make_application()
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
    stage = StagedServer()
    if scene not in ("empty", "starting", "failed"):
        _fill(stage)
    tasks = Tasks()
    session = Session(_Staged(scene, stage), tasks)
    window = MainWindow(session, tasks, WindowMemory())
    window.show()
    session.start()
    ready: Callable[[], bool] = {
        "starting": lambda: True,
        "failed": lambda: session.state.standing.value == "failed",
    }.get(scene, lambda: session.state.standing.value == "ready")
    assert _wait_for(ready, 10_000)
    _act(scene, window, stage, session)
    app.processEvents()
    _wait(_SETTLE_MS)
    window.screen().grabWindow(window.winId()).save(str(file))
    session.close()
    stage.close()
    window.close()
    return 0


def _wait(duration_ms: int) -> None:
    """Runs the event loop. Not QTest.qWait: that one keeps Python's lock, and no other thread gets on."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def _wait_for(condition: Callable[[], bool], timeout_ms: int) -> bool:
    until = time.monotonic() + timeout_ms / 1000
    while not condition() and time.monotonic() < until:
        _wait(20)
    return condition()


def _act(scene: str, window: object, stage: object, session: object) -> None:
    from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
    from PySide6.QtGui import QDragEnterEvent
    from PySide6.QtWidgets import QApplication

    if scene == "library":
        window.library_place.show()
        view = window.library_place.view
        assert _wait_for(lambda: len(view.model.hits()) == 3, 10_000)
        view.filters.text.setText("readings")
        assert _wait_for(lambda: bool(view.text.marked_words()), 10_000)
    wanted = {"working": "2", "lost": "3", "error": "6", "drop": "2"}.get(scene)
    if wanted is None:
        return
    window._list.select(wanted)
    window._list.setFocus()
    if scene == "lost":
        stage.break_off()
        assert _wait_for(lambda: session.state.standing.value == "away", 10_000)
    elif scene == "working":
        window._strip.show_note("4 files added, 2 of other types skipped.")
    elif scene == "drop":
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(__file__)])
        event = QDragEnterEvent(
            QPoint(90, 90),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(window, event)


class _Staged:
    """The staged server as the session sees it; made to hang or to fail where the scene asks for it."""

    is_local = True

    def __init__(self, scene: str, stage: object) -> None:
        self._scene, self._stage = scene, stage

    def connect(self, on_progress: Callable[[str], None]) -> object:
        from ocrdesk.desktop.servers import RemoteServer
        from ocrdesk.local.attach import LocalBackendError

        if self._scene == "starting":
            on_progress("Starting the local engine")
            threading.Event().wait()
        if self._scene == "failed":
            time.sleep(0.1)
            raise LocalBackendError(
                "The local engine could not start: there is no space left on the device that holds "
                "/home/kim/.local/share/ocrdesk (its log: /home/kim/.local/share/ocrdesk/backend.log)"
            )
        return RemoteServer(self._stage.url).connect(on_progress)


def _fill(stage: object) -> None:
    from ocrdesk.contract.states import JobState
    from tests.desktop.staged_server import make_job, make_page

    now = datetime.now(UTC)

    def job(number: int, name: str, state: JobState, minutes: float, **fields: object) -> object:
        return make_job(str(number), name, state, created_at=now - timedelta(minutes=minutes), **fields)

    texts = [make_page(1, LETTER), make_page(2, TABLE), make_page(3, "", "it took longer than 10 seconds.")]
    stage.put(job(1, "contract-annex.pdf", JobState.QUEUED, 0.2))
    running = job(
        2,
        "2026-09 meter readings and correspondence, municipal works, scanned.pdf",
        JobState.STARTED,
        1,
        page_count=12,
        pages_done=2,
        pages_failed=1,
        started_at=now,
    )
    stage.put(running, texts)
    done = job(3, "meter readings.pdf", JobState.FINISHED, 8, page_count=2, pages_done=2, ended_at=now)
    stage.put(done, texts[:2])
    stage.put(
        job(4, "receipt-0417.jpg", JobState.FINISHED, 9, page_count=1, pages_done=1, size_bytes=84_000),
        [make_page(1, "Total 14.80")],
    )
    stage.put(job(5, "wrong scan.tiff", JobState.CANCELLED, 55))
    failed = job(
        6,
        "bank statement.pdf",
        JobState.FAILED,
        60 * 26,
        error="The PDF is locked with a password. Remove the password and send it again.",
    )
    stage.put(failed)
    partly = job(
        7, "minutes 1987.pdf", JobState.FINISHED, 60 * 50, page_count=3, pages_done=2, pages_failed=1, error="Page 3"
    )
    stage.put(partly, texts)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--scene"]:
        code = _take(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
        sys.stdout.flush()
        os._exit(code)  # the scene "starting" has a thread that never ends
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"))
