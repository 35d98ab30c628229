"""The settings window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QStackedWidget, QWidget

from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Pane
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.settings.panes.appearance_pane import AppearancePane
from ocrdesk.desktop.settings.panes.keys_pane import KeysPane
from ocrdesk.desktop.settings.panes.languages_pane import LanguagesPane
from ocrdesk.desktop.settings.panes.privacy_pane import PrivacyPane
from ocrdesk.desktop.settings.panes.servers_pane import ServersPane
from ocrdesk.desktop.settings.panes.shortcuts_pane import ShortcutsPane
from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.palette_watcher import PaletteWatcher

_SIZE = QSize(860, 640)
_LIST_PX = 176


_PANES: dict[PaneName, Callable[[Context], Pane]] = {
    PaneName.SERVERS: ServersPane,
    PaneName.KEYS: KeysPane,
    PaneName.LANGUAGES: LanguagesPane,
    PaneName.APPEARANCE: AppearancePane,
    PaneName.SHORTCUTS: ShortcutsPane,
    PaneName.PRIVACY: PrivacyPane,
}


class SettingsWindow(QWidget):
    """A list of panes, and the chosen pane beside it. Panes are created when they are first shown. Not modal."""

    def __init__(self, context: Context, added: Mapping[PaneName, Callable[[], Pane]], parent: QWidget) -> None:
        """`added` are panes that other parts of the window provide."""
        super().__init__(parent, Qt.WindowType.Window)
        own = {name: partial(make, context) for name, make in _PANES.items()}
        self._factories: dict[PaneName, Callable[[], Pane]] = {**own, **added}
        self._names = [name for name in PaneName if name in self._factories]
        self._panes: dict[PaneName, Pane] = {}
        self.setWindowTitle(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self.resize(_SIZE)
        self.setMinimumSize(640, 420)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Sections"))
        self._list.setFixedWidth(_LIST_PX)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSpacing(2)
        titles = {
            PaneName.SERVERS: self.tr("Servers"),
            PaneName.KEYS: self.tr("Keys"),
            PaneName.LANGUAGES: self.tr("Languages"),
            PaneName.WATCHED_FOLDERS: self.tr("Watched folders"),
            PaneName.BEHAVIOUR: self.tr("Behaviour"),
            PaneName.APPEARANCE: self.tr("Appearance"),
            PaneName.SHORTCUTS: self.tr("Shortcuts"),
            PaneName.PRIVACY: self.tr("Privacy"),
        }
        self._list.addItems([titles[name] for name in self._names])
        for index in range(self._list.count()):
            self._list.item(index).setSizeHint(QSize(0, 34))
        for index, name in enumerate(self._names):
            self._list.item(index).setData(Qt.ItemDataRole.UserRole, str(name))
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(self.tr("Pane"))
        name_objects(settings_window=self, settings_list=self._list, settings_panes=self._stack)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addWidget(self._stack, 1)
        self._list.currentRowChanged.connect(self._on_row)
        PaletteWatcher(self, self._update_colours)

    def _update_colours(self) -> None:
        """Give the list another background than the panes have."""
        is_dark = colours.is_dark(self.palette())
        self._list.viewport().setBackgroundRole(QPalette.ColorRole.Base if is_dark else QPalette.ColorRole.Window)

    def open_at(self, name: PaneName | None = None) -> Pane:
        """Show the window at a pane, or at the last one, and return the pane."""
        row = self._names.index(name) if name else max(0, self._list.currentRow())
        is_shown_already = row == self._list.currentRow() and self.isVisible()
        self._list.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()
        if is_shown_already:
            self.pane(self._names[row]).shown()
        return self.pane(self._names[row])

    def pane(self, name: PaneName) -> Pane:
        """Return a pane, and create it if necessary."""
        if name not in self._panes:
            self._panes[name] = pane = self._factories[name]()
            pane.setObjectName(f"settings_{name.replace('-', '_')}")
            self._stack.addWidget(pane)
        return self._panes[name]

    def _on_row(self, row: int) -> None:
        pane = self.pane(self._names[row])
        self._stack.setCurrentWidget(pane)
        if self.isVisible():
            pane.shown()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._list.currentRow() >= 0:
            self.pane(self._names[self._list.currentRow()]).shown()
