"""The window's actions for menus, toolbar and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette

from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.ui.icons import Icon, icon
from ocrdesk.desktop.ui.object_names import name_objects


class WindowActions(QObject):
    """The actions; the window connects them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icons: dict[QAction, Icon] = {}
        self.open_files = self._action(
            Icon.OPEN_FILES, self.tr("&Open files…"), "Ctrl+O", self.tr("Choose files to read")
        )
        self.open_folder = self._action(
            Icon.OPEN_FOLDER, self.tr("Open &folder…"), "Ctrl+Shift+O", self.tr("Read all files in a folder")
        )
        self.copy = self._action(
            Icon.COPY, self.tr("&Copy text"), "Ctrl+Shift+C", self.tr("Copy the selected text, or all of it")
        )
        self.cancel = self._action(
            Icon.CANCEL, self.tr("C&ancel"), "Ctrl+.", self.tr("Stop reading the selected files")
        )
        self.remove = self._action(
            Icon.REMOVE,
            self.tr("&Remove from list"),
            "Del",
            self.tr("Remove the selected entries from the list and the server; files and library stay"),
        )
        self.remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # elsewhere Del does not mean the list's rows
        self.quit = QAction(self.tr("&Quit"), self)
        self.quit.setShortcut(QKeySequence.StandardKey.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        name_objects(
            action_open_files=self.open_files,
            action_open_folder=self.open_folder,
            action_copy_text=self.copy,
            action_cancel=self.cancel,
            action_remove=self.remove,
            action_quit=self.quit,
        )

    def connect_to(self, slots: dict[QAction, Callable[[], object]]) -> None:
        for action, slot in slots.items():
            action.triggered.connect(lambda _checked=False, slot=slot: slot())

    def update_icons(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        for action, name in self._icons.items():
            action.setIcon(icon(name, palette))

    def enable_for(self, rows: Iterable[JobRow], *, can_copy: bool) -> None:
        """Enable what can be done with the selected rows."""
        over = [row.state.is_over for row in rows]
        self.cancel.setEnabled(not all(over))
        self.remove.setEnabled(any(over))
        self.copy.setEnabled(can_copy)

    def _action(self, name: Icon, text: str, shortcut: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})")
        action.setStatusTip(tip)
        self._icons[action] = name
        return action
