"""Opens version 0.1's window in the given home folder, and brings it into a state in which it is killed.

Only for `old_data_desktop.py`, and only for commit 30f8b0e: it uses that version's own parts.
"""

from __future__ import annotations

import gc
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from ocrdesk.desktop.application import make_application
from ocrdesk.desktop.job_row import JobRow, RowState
from ocrdesk.desktop.main_window import MainWindow
from ocrdesk.desktop.manners_settings import MannersSettings
from ocrdesk.desktop.review.review_door import ReviewDoor
from ocrdesk.desktop.review.word_place import WordPlace
from ocrdesk.desktop.server_switch import ServerSwitch
from ocrdesk.desktop.settings_file import open_settings
from ocrdesk.desktop.ways_in import WaysIn
from ocrdesk.local.engine_settings import EngineSettings, write_engine_settings
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest

from ocrdesk.desktop.app import run
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.session import Session, Standing
from ocrdesk.local.paths import default_data_dir

T = TypeVar("T")
Step = Callable[[], object]
_TIMEOUT_S = 90.0


def the(kind: type[T]) -> T:
    """Return the only object of a class. Call it at the start: the window hides old objects from the collector."""
    found = [each for each in gc.get_objects() if type(each) is kind]
    if not found:
        raise LookupError(kind.__name__)
    return found[-1]


class Driver(QObject):
    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home, self._scans = home, home / "scans"
        self._steps = self._play()
        self._awaited: Step = lambda: True
        self._deadline = time.monotonic() + _TIMEOUT_S
        self._timer = QTimer(self, interval=30)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        try:
            if self._awaited():
                self._awaited = next(self._steps)
                self._deadline = time.monotonic() + _TIMEOUT_S
            elif time.monotonic() > self._deadline:
                line = self._steps.gi_frame.f_lineno if self._steps.gi_frame else 0  # type: ignore[attr-defined]
                raise TimeoutError(f"nothing came of the step at line {line}: {self._session.model.rows()}")
        except StopIteration:
            self._timer.stop()
            (self._home / "ready").touch()
        except BaseException:
            self._timer.stop()
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
            import os

            os._exit(1)

    def _row(self, name: str) -> JobRow | None:
        return next((row for row in reversed(self._session.model.rows()) if row.file_name == name), None)

    def _is(self, name: str, *states: RowState) -> bool:
        row = self._row(name)
        return row is not None and row.state in states

    def _play(self) -> Iterator[Step]:
        self._window, self._session, self._door = the(MainWindow), the(Session), the(ReviewDoor)
        window, session = self._window, self._session
        ways_in: list[WaysIn] = []
        yield lambda: ways_in or ways_in.extend(each for each in gc.get_objects() if type(each) is WaysIn) or ways_in
        the(LibrarySettings).set_enabled(True)
        the(ServerSwitch).use("local")
        yield lambda: session.state.standing is Standing.READY
        watched = ways_in[0].watched
        watched.add(self._home / "watched", with_present_files=False)
        watched.switch(True)
        memory = self._home / ".local" / "share" / "ocrdesk" / "watched-files.jsonl"
        yield lambda: memory.exists() and "old.png" in memory.read_text()
        shutil.copy(self._scans / "waiting.png", self._home / "watched" / "new.png")
        window.open_paths([self._scans / "letter.png", self._scans / "refused.png"])
        yield lambda: self._is("letter.png", RowState.FINISHED) and self._is("refused.png", RowState.REFUSED)
        yield lambda: self._is("new.png", RowState.FINISHED) and "new.png" in memory.read_text()
        window.open_paths([self._scans / "manual.tiff"])
        yield lambda: (row := self._row("manual.tiff")) and row.state is RowState.STARTED and row.pages_done
        manual = self._row("manual.tiff")
        session.control.pause([manual.key] if manual else [])
        yield lambda: self._is("manual.tiff", RowState.PAUSED)
        yield self._library_has("letter.png", "new.png")
        yield from self._correct()
        window.open_paths([self._scans / "waiting.png", self._scans / "paused.png"])
        yield lambda: self._row("paused.png")
        paused = self._row("paused.png")
        session.control.pause([paused.key] if paused else [])
        own = self._home / ".local" / "share" / "ocrdesk" / "desktop"
        yield lambda: any(
            all(name in file.read_text() for name in ("waiting.png", "paused.png", "refused.png", "true"))
            for file in own.rglob("unsent-*.json")
        )
        yield lambda: list(own.rglob("corrections/*.json"))

    def _library_has(self, *names: str) -> Step:
        path = self._home / ".local" / "share" / "ocrdesk" / "desktop" / "library.sqlite3"

        def has() -> bool:
            with sqlite3.connect(path) as db:
                found = {name for (name,) in db.execute("SELECT name FROM document WHERE is_whole")}
            return set(names) <= found

        return has

    def _correct(self) -> Iterator[Step]:
        """Correct a word while the server is unavailable."""
        window, session, door = self._window, self._session, self._door
        was_plain = door.do.plain_text.isChecked()
        door.do.plain_text.setChecked(False)
        row = self._row("letter.png")
        window._list.select(row.key if row else "")
        pane = door.open()
        yield lambda: "Alpha" in pane.parts.text.toPlainText()
        session.stop()
        yield lambda: session.state.standing is Standing.STOPPED
        pane.picture.go_to(WordPlace(1, 0, 0, 0))
        QTest.keyClicks(pane.parts.text, "G")
        QTest.keyClicks(pane.parts.editor.field, "amma")
        QTest.keyClick(pane.parts.editor.field, Qt.Key.Key_Return)
        door.do.plain_text.setChecked(was_plain)


def main() -> int:
    MannersSettings(open_settings()).language = "en"  # the choices of the settings' run are for that run only
    write_engine_settings(default_data_dir(), EngineSettings(workers=1))
    app = make_application()
    driver = Driver(Path(sys.argv[1]))
    code = run([])
    del app, driver
    return code


if __name__ == "__main__":
    sys.exit(main())
