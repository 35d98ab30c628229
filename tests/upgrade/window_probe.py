"""Opens the real window on the home of this process, says on stdout what it shows, and quits when stdin ends.

It finds things by their classes and by the user's own keys, never by ocrdesk's names, so it works with any version.
Arguments: the keys that open the settings, those that export, those that open the library, and a word to search there.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QListView,
    QListWidget,
    QMainWindow,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QTableWidget,
    QWidget,
)

Step = Callable[[], object]
T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
_TIMEOUT_S = 90.0
_TURN_MS = 30
_SERVER_JOBS = 6
"""How many jobs the local server of that home has; more than pending files."""
_SEARCH_S = 20.0
"""How long to wait for a search that finds nothing."""


class Probe(QObject):
    """Runs `_play`, whose steps yield what they wait for."""

    _told_to_quit = Signal()

    def __init__(self, settings_keys: str, export_keys: str, library_keys: str, word: str) -> None:
        super().__init__()
        self._settings_keys, self._export_keys, self._library_keys = settings_keys, export_keys, library_keys
        self._word = word
        self.shown: dict[str, object] = {}
        self.code = 1
        self._steps = self._play()
        self._awaited: Step = lambda: True
        self._deadline = time.monotonic() + _TIMEOUT_S
        self._timer = QTimer(self, interval=_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self._timer.start()
        self._told_to_quit.connect(self._quit)

    def _turn(self) -> None:
        try:
            if self._awaited():
                self._awaited = next(self._steps)
                self._deadline = time.monotonic() + _TIMEOUT_S
            elif time.monotonic() > self._deadline:
                line = self._steps.gi_frame.f_lineno if self._steps.gi_frame else 0  # type: ignore[attr-defined]
                raise TimeoutError(f"nothing came of the step at line {line}: {self.shown}")
        except StopIteration:
            self._timer.stop()
            self.code = 0
            print(json.dumps(self.shown), flush=True)
            threading.Thread(target=self._wait_for_the_end_of_stdin, daemon=True).start()
        except BaseException as error:
            self._timer.stop()
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            self._quit()

    def _wait_for_the_end_of_stdin(self) -> None:
        sys.stdin.read()
        self._told_to_quit.emit()

    def _quit(self) -> None:
        QApplication.closeAllWindows()
        QApplication.quit()

    def _play(self) -> Iterator[Step]:
        yield lambda: bool(_main_windows())
        window = _main_windows()[0]
        self.shown["size"] = [window.width(), window.height()]
        yield lambda: all(_action(window, keys) for keys in (self._settings_keys, self._library_keys))
        settings_action = _there(_action(window, self._settings_keys), "the action for the settings")
        yield from self._look_at_settings(window, settings_action)  # this starts reading data from other places
        yield from self._look_at_jobs(window)
        self.shown["checked"] = sorted(
            action.shortcut().toString() for action in window.findChildren(QAction) if action.isChecked()
        )
        yield from self._look_at_export(window)
        yield from self._search_library(window)
        yield from self._look_at_settings(window, settings_action)

    def _look_at_settings(self, window: QMainWindow, action: QAction) -> Iterator[Step]:
        action.trigger()
        yield lambda: _settings_window(window)
        settings = _there(_settings_window(window), "the settings window")
        names = _there(settings.findChild(QListWidget), "the list of panes")
        stack = _there(settings.findChild(QStackedWidget), "the panes")
        panes = []
        for row in range(names.count()):
            names.setCurrentRow(row)
            yield from _settle()
            panes.append(_controls_of(_there(stack.currentWidget(), "a pane")))
        self.shown["panes"] = panes
        settings.close()
        yield from _settle()

    def _look_at_jobs(self, window: QMainWindow) -> Iterator[Step]:
        """Report the list of jobs, once it includes the jobs of the server."""
        yield lambda: _longest_list(window).model().rowCount() >= _SERVER_JOBS
        yield from _settle(30)
        self.shown["jobs"] = _rows(_longest_list(window).model())

    def _look_at_export(self, window: QMainWindow) -> Iterator[Step]:
        """Report the export dialog for the first job that can be exported."""
        view = _longest_list(window)
        action = _there(_action(window, self._export_keys), "the action for exporting")
        rows = iter(range(view.model().rowCount()))

        def selects_a_result() -> bool:
            if not action.isEnabled() and (row := next(rows, None)) is not None:
                view.setCurrentIndex(view.model().index(row, 0))
            return action.isEnabled()

        yield selects_a_result
        action.trigger()
        yield lambda: _dialogs()
        self.shown["export"] = _controls_of(_dialogs()[0])
        _dialogs()[0].close()
        yield from _settle()

    def _search_library(self, window: QMainWindow) -> Iterator[Step]:
        before = set(_seen(window, QAbstractItemView))
        _there(_action(window, self._library_keys), "the action for the library").trigger()
        yield from _settle()
        field = _there(next(iter(_seen(window, QLineEdit)), None), "the search field")
        field.setText(self._word)

        def hits() -> list[list[str]]:
            fresh = (view for view in _seen(window, QAbstractItemView) if view not in before and view.model())
            return [row for view in fresh for row in _rows(view.model())]

        until = time.monotonic() + _SEARCH_S
        yield lambda: time.monotonic() > until or (hits() and all(self._word in " ".join(row) for row in hits()))
        self.shown["hits"] = hits()


def _main_windows() -> list[QMainWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()]


def _dialogs() -> list[QDialog]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def _longest_list(window: QMainWindow) -> QListView:
    return max(
        (view for view in _seen(window, QListView) if view.model()), key=lambda view: int(view.model().rowCount())
    )


def _settings_window(window: QMainWindow) -> QWidget | None:
    others = (w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window)
    return next((w for w in others if w.findChild(QListWidget) and w.findChild(QStackedWidget)), None)


def _controls_of(pane: QWidget) -> list[list[object]]:
    """Return the value of each control of a pane, in the order of creation."""
    found: list[list[object]] = []
    for control in pane.findChildren(QWidget):
        if not control.isVisible():
            continue
        match control:
            case QTableWidget():
                rows = range(control.rowCount())
                found.append(["table", [[_cell(control, row, 0), _cell(control, row, 1)] for row in rows]])
            case QListWidget():
                items = [control.item(row) for row in range(control.count())]
                checkable = Qt.ItemFlag.ItemIsUserCheckable
                found.append(
                    [
                        "list",
                        [[i.text(), i.flags() & checkable and i.checkState() == Qt.CheckState.Checked] for i in items],
                    ]
                )
            case QComboBox():
                found.append(["choice", control.currentData()])
            case QCheckBox() | QRadioButton():
                found.append(["switch", control.isChecked()])
            case QSpinBox():
                found.append(["number", control.value()])
            case QLineEdit() if not isinstance(control.parent(), QSpinBox | QComboBox):
                found.append(["text", control.text()])
    return json.loads(json.dumps(found, default=bool))


def _cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text() if item else ""


def _rows(model: QAbstractItemModel) -> list[list[str]]:
    """Return each row as shown and as read aloud."""
    roles = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole
    indexes = (model.index(row, 0) for row in range(model.rowCount()))
    return [[str(model.data(index, role) or "") for role in roles] for index in indexes]


def _action(window: QMainWindow, keys: str) -> QAction | None:
    wanted = QKeySequence(keys)
    return next((action for action in window.findChildren(QAction) if wanted in action.shortcuts()), None)


def _seen(parent: QWidget, kind: type[W]) -> list[W]:
    return [child for child in parent.findChildren(kind) if child.isVisible()]


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise LookupError(f"{what} is missing")
    return found


def _settle(turns: int = 10) -> Iterator[Step]:
    """Let the window finish what it has started."""
    for _ in range(turns):
        yield lambda: True


def main() -> int:
    app = QApplication(sys.argv[:1])
    app.setApplicationName("ocrdesk")
    app.setApplicationDisplayName("ocrdesk")
    from ocrdesk.desktop.app import run

    probe = Probe(*sys.argv[1:5])
    run([])
    return probe.code


if __name__ == "__main__":
    sys.exit(main())
