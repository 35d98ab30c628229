"""Drives the main window as its user does: drops files, selects jobs, reads what is shown, opens its other parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from ocrdesk.desktop.export.dialog import ExportDialog
from ocrdesk.desktop.job_list.filter import StateFilter
from ocrdesk.desktop.job_list.view import JobsView
from ocrdesk.desktop.window.main_window import MainWindow
from tests.helpers.export_driver import ExportDriver
from tests.helpers.library_driver import LibraryDriver
from tests.helpers.parts import Part
from tests.helpers.review_driver import ReviewDriver
from tests.helpers.settings_driver import SettingsDriver


class WindowDriver(Part):
    """Finds everything by object name; it knows no private attribute of the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window

    # ── the status bar ───────────────────────────────────────────────────────────────────────────

    @property
    def status(self) -> str:
        """The state of the server and the reason for it, in one line."""
        return f"{self.text('status_title')} {self.text('status_reason')}".strip()

    @property
    def note(self) -> str:
        """The last message."""
        return self.text("status_note")

    def undo(self) -> None:
        """Press the button that offers to undo what was removed."""
        assert self.text("status_fix_button") == "Undo"
        self.press("status_fix_button")

    def let_undo_pass(self) -> None:
        """End the time in which a removal can be undone."""
        self.find("undo_timer", QTimer).timeout.emit()

    def use_server(self, name: str) -> None:
        """Choose a server in the menu of the status bar."""
        menu = self.find("server_menu", QPushButton).menu()
        menu.aboutToShow.emit()  # fills it
        next(entry for entry in menu.actions() if entry.text() == name).trigger()

    # ── the list of jobs ─────────────────────────────────────────────────────────────────────────

    @property
    def job_list(self) -> JobsView:
        return self.find("job_list", JobsView)

    @property
    def listed(self) -> list[str]:
        """The file names in the list as it is filtered, from the top down."""
        model = self.job_list.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def select(self, file_name: str) -> None:
        """Select a file alone; of several with this name the newest."""
        jobs = self.job_list
        jobs.select(jobs.shown_keys()[self.listed.index(file_name)])

    def select_rows(self, *rows: int) -> None:
        """Select these rows, counted from the top, and no others."""
        jobs = self.job_list
        jobs.clearSelection()
        choice = jobs.selectionModel()
        for row in rows:
            choice.select(jobs.model().index(row, 0), choice.SelectionFlag.Select)

    @property
    def name_filter(self) -> QLineEdit:
        return self.find("job_name_filter", QLineEdit)

    def filter_by_state(self, shown: StateFilter) -> None:
        choices = self.find("job_state_filter", QComboBox)
        choices.setCurrentIndex(choices.findData(shown))

    # ── the text ─────────────────────────────────────────────────────────────────────────────────

    @property
    def shown_text(self) -> str:
        """The selected job's text, all of its pages."""
        return self.text("plain_text")

    @property
    def message(self) -> str:
        """The message that is shown instead of a text."""
        return self.text("text_pane_message")

    @property
    def drag_button(self) -> QToolButton:
        return self.find("drag_button", QToolButton)

    # ── the window's pages ───────────────────────────────────────────────────────────────────────

    @property
    def shown_page(self) -> str:
        """The name of what fills the window: `empty_state`, `list_splitter` or `library`."""
        page = self.find("main_stack", QStackedWidget).currentWidget()
        return page.objectName() if page is not None else ""

    @property
    def splitter(self) -> QSplitter:
        return self.find("list_splitter", QSplitter)

    # ── files ────────────────────────────────────────────────────────────────────────────────────

    def open_files(self, *paths: Path) -> None:
        """Open files and folders as the dialog for files does once they are chosen."""
        self.window.open_paths(paths)

    def drop(self, *paths: Path) -> None:
        """Drag files over the window and drop them."""
        self.drop_data(_files([QUrl.fromLocalFile(str(path)) for path in paths]))

    def drop_data(self, data: QMimeData) -> None:
        self.drag_over(data)  # otherwise the drop has no target
        QApplication.sendEvent(self.window, QDropEvent(QPointF(50, 50), *_how(data)))

    def drag_over(self, data: QMimeData | QUrl) -> bool:
        """Drag this over the window; return whether the window shows that it can be dropped."""
        data = _files([data]) if isinstance(data, QUrl) else data
        QApplication.sendEvent(self.window, QDragEnterEvent(QPoint(50, 50), *_how(data)))
        return self.is_shown("drop_overlay")

    def drag_away(self) -> None:
        QApplication.sendEvent(self.window, QDragLeaveEvent())

    # ── other parts ──────────────────────────────────────────────────────────────────────────────

    def open_review(self) -> ReviewDriver:
        """Return the review, which the window makes once a server answers or soon after it has appeared."""
        return ReviewDriver(self.window)

    def open_settings(self, pane: str | None = None) -> SettingsDriver:
        """Open the settings at a pane, or as they were left."""
        self.trigger("settings")
        settings = self.settings
        if pane is not None:
            settings.show(pane)
        return settings

    @property
    def settings(self) -> SettingsDriver:
        """The open settings window, however it was opened."""
        return SettingsDriver(self.widget("settings_window"))

    def open_library(self) -> LibraryDriver:
        self.trigger("library")
        return self.library

    @property
    def library(self) -> LibraryDriver:
        """The library, after it was opened."""
        return LibraryDriver(self.widget("library"))

    def open_export(self) -> ExportDriver:
        """Open the dialog that exports the selected jobs."""
        self.trigger("export")
        return ExportDriver(self.find("export_dialog", ExportDialog))


def screens() -> list[QWidget]:
    """Return the windows that cover the screens while a part of them is chosen, from left to right."""
    found = [widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "screen_region"]
    return sorted((widget for widget in found if widget.isVisible()), key=lambda widget: widget.x())


def _files(urls: Sequence[QUrl]) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def _how(data: QMimeData) -> tuple[Qt.DropAction, QMimeData, Qt.MouseButton, Qt.KeyboardModifier]:
    return Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
