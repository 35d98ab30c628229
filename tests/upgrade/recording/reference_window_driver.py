"""Opens the real window offscreen, changes every setting once as a user would, exports a result, and quits.

Runs in a separate process of the checkout: python reference_window_driver.py FILE FOLDER. It finds things by
their kinds and keys (Ctrl+comma opens the settings, Ctrl+E exports), never by the names of ocrdesk's classes.
"""

from __future__ import annotations

import string
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QKeySequenceEdit,
    QLineEdit,
    QListView,
    QListWidget,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QStackedWidget,
    QTableWidget,
    QWidget,
)

Step = Callable[[], object]
T = TypeVar("T")
W = TypeVar("W", bound=QObject)
D = TypeVar("D", bound=QDialog)
_TIMEOUT_S = 120.0
_TURN_MS = 30
_SETTLED_TURNS = 10


class Driver(QObject):
    """Runs the steps of `play`, each of which yields what it waits for."""

    def __init__(self, file: Path, folder: Path) -> None:
        super().__init__()
        self._file, self._folder = file, folder
        self._steps = self._play()
        self._awaited: Step = lambda: True
        self._deadline = time.monotonic() + _TIMEOUT_S
        self._timer = QTimer(self, interval=_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self._timer.start()
        self.error: BaseException | None = None
        self.done = False

    def _turn(self) -> None:
        try:
            if self._awaited():
                self._awaited = next(self._steps)
                self._deadline = time.monotonic() + _TIMEOUT_S
            elif time.monotonic() > self._deadline:
                line = self._steps.gi_frame.f_lineno if self._steps.gi_frame else 0  # type: ignore[attr-defined]
                raise TimeoutError(f"nothing came of the step at line {line}")
        except StopIteration:
            self.done = True
            self._end()
        except BaseException as error:
            self.error = error
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        QApplication.closeAllWindows()
        QApplication.quit()

    def _play(self) -> Iterator[Step]:
        yield lambda: bool(_main_windows())
        window = _main_windows()[0]
        settings_action = _action(window, "Ctrl+,")  # its keys are changed meanwhile
        export = _action(window, "Ctrl+E")
        yield lambda: _select_job(window) and export.isEnabled()
        yield from self._open_file(window)
        yield from self._change_panes(window)
        yield from self._export(window, export)
        yield from self._toggle_actions(window)
        window.resize(1111, 777)
        for splitter in _seen(window, QSplitter):
            splitter.setSizes([300, 500, 300])
            splitter.splitterMoved.emit(300, 1)
        yield from self._use_other_server(window, settings_action)

    # ── the settings window ──────────────────────────────────────────────────────────────────────

    def _open_file(self, window: QMainWindow) -> Iterator[Step]:
        """Open the file again, by the dialog."""
        _action(window, "Ctrl+O").trigger()
        yield lambda: _dialog(QFileDialog) is not None
        dialog = _there(_dialog(QFileDialog), "the file dialog")
        dialog.setDirectory(str(self._file.parent))
        name = dialog.findChildren(QLineEdit)[0]
        yield from _settle()
        name.setText(self._file.name)
        yield from _settle()
        dialog.accept()
        yield lambda: _dialog(QFileDialog) is None

    def _use_other_server(self, window: QMainWindow, settings_action: QAction) -> Iterator[Step]:
        """Choose the server that was added, which does not answer."""
        settings_action.trigger()
        yield lambda: self._settings_window(window) is not None
        settings = _there(self._settings_window(window), "the settings window")
        _there(settings.findChild(QListWidget), "the list of panes").setCurrentRow(0)
        yield from _settle()
        pane = _there(_there(settings.findChild(QStackedWidget), "the panes").currentWidget(), "a pane")
        _seen(pane, QListWidget)[0].setCurrentRow(1)
        yield from _settle()
        next(button for button in _seen(pane, QPushButton) if button.text().startswith("Use")).click()
        yield from _settle()

    def _change_panes(self, window: QMainWindow) -> Iterator[Step]:
        _action(window, "Ctrl+,").trigger()
        yield lambda: self._settings_window(window) is not None
        settings = _there(self._settings_window(window), "the settings window")
        names = _there(settings.findChild(QListWidget), "the list of panes")
        stack = _there(settings.findChild(QStackedWidget), "the panes")
        for row in range(names.count()):
            names.setCurrentRow(row)
            yield from _settle()
            yield from self._change_pane(_there(stack.currentWidget(), "a pane"))
        settings.close()
        yield from _settle()

    @staticmethod
    def _settings_window(window: QMainWindow) -> QWidget | None:
        others = (w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window)
        return next((w for w in others if w.findChild(QListWidget) and w.findChild(QStackedWidget)), None)

    def _change_pane(self, pane: QWidget) -> Iterator[Step]:
        if keys := pane.findChild(QKeySequenceEdit):
            yield from self._change_shortcuts(pane, keys)
            return
        for add in [button for button in _seen(pane, QPushButton) if button.text().replace("&", "").startswith("Add")]:
            add.click()
            yield from _settle()
            yield from self._answer_addition(pane)
        for view in _seen(pane, QListWidget):
            item = view.item(0)
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                item.setCheckState(Qt.CheckState.Checked)
                yield from _settle()
        for field in _seen(pane, QLineEdit):
            if "://" in field.placeholderText() and not field.text():
                field.setText("http://127.0.0.1:9/languages")
                QTest.keyClick(field, Qt.Key.Key_Return)
                yield from _settle()
        for box in _seen(pane, QComboBox):
            box.setCurrentIndex((box.currentIndex() + 1) % box.count())
            yield from _settle()
        for choice in _seen(pane, QRadioButton)[-1:]:
            choice.click()
            yield from _settle()
        for switch in reversed(_seen(pane, QCheckBox)):  # the first ones disable the others
            if switch.isEnabled():
                switch.click()
                yield from _settle()

    def _answer_addition(self, pane: QWidget) -> Iterator[Step]:
        """Fill in a folder in a file dialog, or a name and an address in a form."""
        if dialog := _dialog(QFileDialog):
            if dialog.fileMode() is QFileDialog.FileMode.Directory:
                watched = self._folder / "watched"
                watched.mkdir(exist_ok=True)
                dialog.setDirectory(str(watched))
                dialog.accept()
            else:
                dialog.reject()
            yield from _settle()
            return
        fields = [f for f in _seen(pane, QLineEdit) if not isinstance(f.parent(), QAbstractSpinBox | QComboBox)]
        if len(fields) >= 2 and "://" in fields[1].placeholderText():
            fields[0].setText("Office")
            fields[1].setText("http://127.0.0.1:9/ocr")
            QTest.keyClick(fields[1], Qt.Key.Key_Return)
            yield from _settle()

    def _change_shortcuts(self, pane: QWidget, keys: QKeySequenceEdit) -> Iterator[Step]:
        """Give every action keys that no other has, by its place in the order of titles."""
        table = _there(pane.findChild(QTableWidget), "the table of shortcuts")
        letters = [f"{modifiers}+{key}" for modifiers, key in product(_MODIFIERS, string.ascii_uppercase)]
        for row in range(table.rowCount()):
            table.selectRow(row)
            keys.setKeySequence(QKeySequence(letters[row]))
            yield from _settle(2)
            next(button for button in _seen(pane, QPushButton) if button.isEnabled()).click()
            yield from _settle(2)

    # ── the main window ──────────────────────────────────────────────────────────────────────────

    def _export(self, window: QMainWindow, action: QAction) -> Iterator[Step]:
        yield lambda: _select_job(window) and action.isEnabled()
        action.trigger()
        yield lambda: _dialog(QDialog) is not None
        dialog = _there(_dialog(QDialog), "the export dialog")
        form = _seen(dialog, QComboBox)[0]
        form.setCurrentIndex(next(i for i in range(form.count()) if form.itemText(i).endswith("(.txt)")))
        fields = _seen(dialog, QLineEdit)
        fields[0].setText(str(self._folder / "exported"))
        fields[1].setText("{name}-{number}")
        for box in _seen(dialog, QCheckBox):
            box.setChecked(not box.isChecked())
        buttons = _there(dialog.findChild(QDialogButtonBox), "the dialog's buttons")
        button = next(b for b in buttons.buttons() if b.isVisible() and b.text().replace("&", "").startswith("Export"))
        button.click()
        yield lambda: list((self._folder / "exported").glob("*.txt"))
        dialog.close()
        yield from _settle()

    def _toggle_actions(self, window: QMainWindow) -> Iterator[Step]:
        """Trigger every checkable action, in alphabetical order; twice if it opens another view."""
        found = {a.text().replace("&", ""): a for a in window.findChildren(QAction) if a.isCheckable() and a.text()}
        for words in sorted(found):
            action = found[words]
            if not action.isEnabled():
                continue
            before = _seen(window, QPlainTextEdit)
            action.trigger()
            yield from _settle()
            if before and not any(view.isVisible() for view in before):
                action.trigger()
                yield from _settle()


_MODIFIERS = ("Ctrl+Alt+Shift", "Meta+Alt+Shift", "Meta+Ctrl+Alt+Shift")


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise LookupError(f"{what} is not there")
    return found


def _main_windows() -> list[QMainWindow]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()]


def _select_job(window: QMainWindow) -> bool:
    """Select the first row of the list of jobs; True once there is one."""
    for view in _seen(window, QListView):
        model = view.model()
        if (
            model is not None
            and model.rowCount()
            and view.selectionMode() is not QAbstractItemView.SelectionMode.NoSelection
        ):
            if not view.selectionModel().hasSelection():
                view.setCurrentIndex(model.index(0, 0))
            return True
    return False


def _seen(parent: QWidget, kind: type[W]) -> list[W]:
    """Return the visible children of a class, in the order of creation."""
    return [child for child in parent.findChildren(kind) if child.isVisible()]  # type: ignore[attr-defined]


def _dialog(kind: type[D]) -> D | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def _action(window: QMainWindow, keys: str) -> QAction:
    wanted = QKeySequence(keys)
    found = (action for action in window.findChildren(QAction) if wanted in action.shortcuts())
    return _there(next(found, None), f"an action with the keys {keys}")


def _settle(turns: int = _SETTLED_TURNS) -> Iterator[Step]:
    """Let the window finish what it has started."""
    for _ in range(turns):
        yield lambda: True


def main() -> int:
    file, folder = (Path(argument) for argument in sys.argv[1:3])
    app = QApplication(sys.argv[:1])
    app.setApplicationName("ocrdesk")
    app.setApplicationDisplayName("ocrdesk")
    from ocrdesk.desktop.app import run

    driver = Driver(file, folder)
    run([file])
    if driver.error is not None:
        raise driver.error
    return 0 if driver.done else 3


if __name__ == "__main__":
    sys.exit(main())
