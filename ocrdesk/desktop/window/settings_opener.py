"""The way from the main window into the settings: the menu entry, the badge, and what is told with a way out.

The settings window itself is made when it is first asked for, so that the main one is there sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.jobs.default_options import read_defaults
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.server_switch import ServerSwitch
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.settings.pane_names import PaneName
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.desktop.ui.shortcuts import Shortcuts
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.desktop.window.server_menu import ServerMenuButton
from ocrdesk.desktop.window.status_bar import StatusBar

if TYPE_CHECKING:
    from ocrdesk.desktop.settings.pane import Pane
    from ocrdesk.desktop.settings.window import SettingsWindow


class SettingsOpener(QObject):
    def __init__(
        self,
        window: QWidget,
        strip: StatusBar,
        session: Session,
        tasks: Tasks,
        memory: WindowState,
        book: ServerList,
        library: LibrarySettings,
    ) -> None:
        super().__init__(window)
        self._owner, self._strip, self._session, self._tasks = window, strip, session, tasks
        self._store, self._book, self._library = memory.settings, book, library
        self._window: SettingsWindow | None = None
        self._added: dict[PaneName, Callable[[], Pane]] = {}
        session.defaults = read_defaults(memory.settings)
        self.switch = ServerSwitch(session, book, self)
        self.badge = ServerMenuButton(session, book, self.switch)
        self.shortcuts = Shortcuts(memory.settings, self)
        self.settings = QAction(self.tr("S&ettings…"), self)
        self.settings.setShortcut(QKeySequence("Ctrl+,"))
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.settings.triggered.connect(lambda _checked=False: self.open())
        name_objects(action_settings=self.settings, server_menu=self.badge)
        self.badge.settings_wanted.connect(self.open_servers)
        self.switch.said.connect(strip.show_note)
        strip.settings_wanted.connect(self.open_servers)
        strip.add_widget(self.badge)
        session.language_missing.connect(self._on_language_missing)
        self.shortcuts.adopt(self)

    def add_pane(self, name: PaneName, make: Callable[[], Pane]) -> None:
        """A pane of a part that is not the settings' own; before they are opened."""
        self._added[name] = make

    def open(self, pane: PaneName | None = None) -> Pane:
        """Shows the settings; the pane that is shown."""
        if self._window is None:
            from ocrdesk.desktop.session.local_server import LocalServerControl
            from ocrdesk.desktop.settings.context import Context
            from ocrdesk.desktop.settings.window import SettingsWindow

            engine = LocalServerControl(self._session, self._tasks, self._book.local.data_dir, self)
            context = Context(
                self._session,
                self._tasks,
                self._store,
                self._book,
                self.switch,
                engine,
                self.shortcuts,
                self._library,
            )
            self._window = SettingsWindow(context, self._added, self._owner)
        return self._window.open_at(pane)

    def open_servers(self) -> None:
        from ocrdesk.desktop.settings.panes.servers_pane import ServersPane

        pane = self.open(PaneName.SERVERS)
        if isinstance(pane, ServersPane):
            pane.select(self.switch.current_id)

    def _on_language_missing(self, words: str) -> None:
        self._strip.show_note(self.tr("A language is missing."))
        self._strip.offer(self.tr("Languages…"), lambda: self._open_languages(words))

    def _open_languages(self, words: str) -> None:
        from ocrdesk.desktop.settings.panes.languages_pane import LanguagesPane

        pane = self.open(PaneName.LANGUAGES)
        if isinstance(pane, LanguagesPane):
            pane.say_missing(words)
