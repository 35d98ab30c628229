"""Takes screenshots of the window and its panes into docs/screenshots, light and dark, at 1x and 2x (needs Xvfb).

    python tests/desktop/take_screenshots.py [FOLDER [SCENE…]]

The scenes of review and keys are real: a local server reads a page, a real api gives a key.

A separate process takes each screenshot, because the scale factor is fixed when Qt starts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from ocrdesk.desktop.background.tasks import Tasks
    from ocrdesk.desktop.session.session import Session
    from ocrdesk.desktop.window.main_window import MainWindow
    from tests.helpers.fake_server import FakeServer
    from tests.helpers.window import WindowDriver

_SETTLE_MS = 400
ROOT = Path(__file__).resolve().parents[2]
SCENES = (
    "empty",
    "starting",
    "failed",
    "lost",
    "working",
    "error",
    "drop",
    "library",
    "review",
    "export",
    "settings-servers",
    "settings-keys",
    "settings-languages",
    "settings-watched-folders",
    "settings-behaviour",
    "settings-appearance",
    "settings-shortcuts",
    "settings-privacy",
)
_COLOURS = 255
"""The number of colours of a screenshot: enough for a window, at a quarter of the file size."""
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


def main(folder: Path, scenes: Sequence[str] = SCENES) -> int:
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
        for scene in scenes:
            for scheme in ("light", "dark"):
                for scale in (1, 2):
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
            "QT_SCALE_FACTOR": str(scale),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "HOME": home,
            "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": f"{home}/.config",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, str(Path(__file__).resolve()), "--scene", scene, scheme, str(file)]
        done = subprocess.run(command, env=environment, timeout=120, capture_output=True, text=True)
    if done.returncode == 0:
        _reduce(file)
    noise = [line for line in done.stderr.splitlines() if "dbus" not in line.lower()]
    print(file.name, "ok" if done.returncode == 0 else "FAILED", *noise, sep="\n  " if noise else " ")
    return done.returncode


def _reduce(file: Path) -> None:
    from PIL import Image

    with Image.open(file) as picture:
        reduced = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    reduced.save(file, optimize=True)


def _take(scene: str, scheme: str, file: Path) -> int:
    """Build the scene in the child process, wait until it no longer changes, and save it."""
    with ExitStack() as stack:
        return _built(scene, scheme, file, stack)


def _built(scene: str, scheme: str, file: Path, stack: ExitStack) -> int:
    from PySide6.QtCore import QLocale

    from ocrdesk.desktop.background.tasks import Tasks
    from ocrdesk.desktop.servers.keyring_store import KeyringStore
    from ocrdesk.desktop.servers.server_list import ServerList
    from ocrdesk.desktop.session.session import Session
    from ocrdesk.desktop.startup.application import make_application
    from ocrdesk.desktop.ui.colour_scheme import Scheme, apply_scheme
    from ocrdesk.desktop.window.main_window import MainWindow
    from ocrdesk.desktop.window.saved_state import WindowState
    from tests.helpers.fake_server import FakeServer
    from tests.helpers.window import WindowDriver

    QLocale.setDefault(QLocale("en_GB"))
    app = make_application()
    apply_scheme(Scheme(scheme))
    stage = FakeServer()
    if scene not in ("empty", "starting", "failed"):
        _fill(stage)
    tasks = Tasks()
    memory = WindowState()
    book = ServerList(memory.settings, KeyringStore(lambda: None))
    session = Session(_server(scene, stage, book, stack), tasks)
    window = MainWindow(session, tasks, memory, book)
    kept = _add_input_sources(window, session, tasks, memory.settings)
    window.show()
    session.start()
    ready: Callable[[], bool] = {
        "starting": lambda: True,
        "failed": lambda: session.state.connection.value == "failed",
    }.get(scene, lambda: session.state.connection.value == "ready")
    assert _wait_for(ready, 60_000)
    shown = _act(scene, WindowDriver(window), stage, session) or window
    app.processEvents()
    _wait(_SETTLE_MS)
    window.screen().grabWindow(shown.window().winId()).save(str(file))
    session.close()
    stage.close()
    window.close()
    del kept
    return 0


def _wait(duration_ms: int) -> None:
    """Run the event loop. Not QTest.qWait, which keeps Python's lock, so that no other thread can continue."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def _wait_for(condition: Callable[[], bool], timeout_ms: int) -> bool:
    until = time.monotonic() + timeout_ms / 1000
    while not condition() and time.monotonic() < until:
        _wait(20)
    return condition()


def _server(scene: str, stage: object, book: object, stack: ExitStack) -> object:
    """Return the server that a scene uses."""
    from tests.helpers.processes import run_valkey, running_api, short_folder

    if scene == "review":
        from ocrdesk.desktop.servers.servers import LocalServer

        return LocalServer(stack.enter_context(short_folder()) / "data")
    if scene != "settings-keys":
        return _Staged(scene, stage)
    from ocrdesk.client import Client

    folder = stack.enter_context(short_folder())
    redis_url = stack.enter_context(run_valkey(folder))
    url = stack.enter_context(running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true")).removesuffix("/api/v1")
    with Client(url) as client:
        key = client.register("kim@example.org", "Kim").api_key
    entry = book.add("Office", url)
    book.keyring.keep_for_this_run(entry.server_id, key)
    book.note_active(entry.server_id)
    return book.active_server()


def _act(scene: str, driver: WindowDriver, stage: FakeServer, session: Session) -> QWidget | None:
    """Play the scene, and return a widget of the window to capture if it is not the main window."""
    if scene.startswith("settings-"):
        from ocrdesk.desktop.settings.pane_names import PaneName

        settings = driver.open_settings(PaneName(scene.removeprefix("settings-")))
        _wait(4 * _SETTLE_MS)
        return settings.root
    match scene:
        case "review":
            _review(driver, session)
            return None
        case "export":
            driver.job_list.select("3")
            return driver.open_export().dialog
    _act_in_window(scene, driver, stage, session)
    return None


def _review(driver: WindowDriver, session: Session) -> None:
    """Show a letter that a real server has read, with a word to check."""
    from ocrdesk.desktop.jobs.row import RowState

    with TemporaryDirectory() as folder:
        letter = Path(folder) / "meter readings.png"
        _letter().save(letter)
        driver.open_files(letter)
        assert _wait_for(lambda: any(row.state is RowState.FINISHED for row in session.model.rows()), 60_000)
        review = driver.open_review()
        assert _wait_for(lambda: review.pages.number == 1 and bool(review.text_view.words()), 20_000)
        assert _wait_for(lambda: review.image_view.image is not None, 20_000)
        assert review.text_view.doubtful()
        review.next_word()


def _letter() -> object:
    """Return a sharp letter with a faint and coarse second paragraph, as from a fax, of which the engine is unsure."""
    from PIL import Image, ImageFilter

    page, faint = _printed(40), _printed(130)
    worn = faint.crop((0, 374, page.width, 536))
    coarse = worn.resize((int(worn.width * 0.28), int(worn.height * 0.28))).resize(worn.size, Image.Resampling.BICUBIC)
    worn = coarse.filter(ImageFilter.GaussianBlur(0.8))
    noise, pixels = Random(5), worn.load()
    for y in range(worn.height):
        for x in range(worn.width):
            pixels[x, y] = max(0, min(255, pixels[x, y] + noise.randint(-30, 30)))
    page.paste(worn, (0, 374))
    return page


def _printed(grey: int) -> object:
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (1240, 1100), 250)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(32)
    for number, line in enumerate(LETTER.splitlines()):
        pen.text((120, 110 + 54 * number), line, font=font, fill=grey)
    return page


def _add_input_sources(window: MainWindow, session: Session, tasks: Tasks, settings: QSettings) -> object:
    """Add the two settings panes that the application adds to its window. The caller must keep the returned object."""
    from ocrdesk.desktop.system.background_settings import BackgroundSettings
    from ocrdesk.desktop.window.background_mode import BackgroundMode
    from ocrdesk.desktop.window.input_sources import InputSources

    background_mode = BackgroundMode(window, session, BackgroundSettings(settings))
    folder = Path(settings.fileName()).parent
    return background_mode, InputSources(window, session, tasks, background_mode, settings, folder)


def _act_in_window(scene: str, driver: WindowDriver, stage: FakeServer, session: Session) -> None:
    from PySide6.QtCore import QUrl

    if scene == "library":
        library = driver.open_library()
        assert _wait_for(lambda: len(library.found) == 3, 10_000)
        library.search("readings")
        assert _wait_for(lambda: bool(library.stored_text.marked_words()), 10_000)
    wanted = {"working": "2", "lost": "3", "error": "6", "drop": "2"}.get(scene)
    if wanted is None:
        return
    driver.job_list.select(wanted)
    driver.job_list.setFocus()
    if scene == "lost":
        stage.break_off()
        assert _wait_for(lambda: session.state.connection.value == "unreachable", 10_000)
    elif scene == "working":
        driver.window.show_note("4 files added, 2 of other types skipped.")
    elif scene == "drop":
        driver.drag_over(QUrl.fromLocalFile(__file__))


class _Staged:
    """The fake server as the session sees it; it hangs or fails if the scene needs that."""

    is_local = True

    def __init__(self, scene: str, stage: object) -> None:
        self._scene, self._stage = scene, stage

    def connect(self, on_progress: Callable[[str], None]) -> object:
        from ocrdesk.desktop.servers.servers import RemoteServer
        from ocrdesk.local.server.attach import LocalServerError

        if self._scene == "starting":
            on_progress("Starting the local server")
            threading.Event().wait()
        if self._scene == "failed":
            time.sleep(0.1)
            raise LocalServerError(
                "The local server could not start: there is no space left on the device that holds "
                "/home/kim/.local/share/ocrdesk (its log: /home/kim/.local/share/ocrdesk/backend.log)"
            )
        return RemoteServer(self._stage.url).connect(on_progress)


def _fill(stage: object) -> None:
    from ocrdesk.contract.states import JobState
    from tests.helpers.fake_server import make_job, make_page

    now = datetime.now(UTC)

    def job(number: int, name: str, state: JobState, minutes: float, **fields: object) -> object:
        return make_job(str(number), name, state, created_at=now - timedelta(minutes=minutes), **fields)

    texts = [make_page(1, LETTER), make_page(2, TABLE), make_page(3, "", "it needed more than 10 s of processing.")]
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
        error="This PDF is protected with a password. Enter its password and try again.",
        error_code="encrypted_pdf",
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
    sys.exit(
        main(
            Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots",
            sys.argv[2:] or SCENES,
        )
    )
