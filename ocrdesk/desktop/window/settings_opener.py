"""Opens the settings window at the right pane.

The settings window is built when it is first opened, so that the main window appears sooner.
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
from ocrdesk.desktop.servers.client_import import import_client
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
    """Owns the menu entry, the server menu and the shortcuts; opens panes for messages that ask for it."""

    def __init__(
        self,
        window: QWidget,
        status_bar: StatusBar,
        session: Session,
        tasks: Tasks,
        state: WindowState,
        servers: ServerList,
        library: LibrarySettings,
    ) -> None:
        super().__init__(window)
        self._owner, self._status_bar, self._session, self._tasks = window, status_bar, session, tasks
        self._store, self._servers, self._library = state.settings, servers, library
        self._window: SettingsWindow | None = None
        self._added: dict[PaneName, Callable[[], Pane]] = {}
        session.defaults = read_defaults(state.settings)
        self.switch = ServerSwitch(session, servers, self)
        self.server_menu = ServerMenuButton(session, servers, self.switch)
        self.shortcuts = Shortcuts(state.settings, self)
        self.settings = QAction(self.tr("S&ettings…"), self)
        self.settings.setShortcut(QKeySequence("Ctrl+,"))
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.settings.triggered.connect(lambda _checked=False: self.open())
        name_objects(action_settings=self.settings, server_menu=self.server_menu)
        self.server_menu.settings_wanted.connect(self.open_servers)
        self.switch.message.connect(status_bar.show_note)
        status_bar.settings_wanted.connect(self.open_servers)
        status_bar.add_widget(self.server_menu)
        session.language_missing.connect(self._on_language_missing)
        self.shortcuts.adopt(self)

    def add_pane(self, name: PaneName, make: Callable[[], Pane]) -> None:
        """Add a pane of another part, before the settings are first opened."""
        self._added[name] = make

    def open(self, pane: PaneName | None = None) -> Pane:
        """Show the settings and return the pane that is shown."""
        if self._window is None:
            import_client()
            from ocrdesk.desktop.session.local_server import LocalServerControl
            from ocrdesk.desktop.settings.context import Context
            from ocrdesk.desktop.settings.window import SettingsWindow

            local_server = LocalServerControl(self._session, self._tasks, self._servers.local.data_dir, self)
            context = Context(
                self._session,
                self._tasks,
                self._store,
                self._servers,
                self.switch,
                local_server,
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

    def _on_language_missing(self, message: str) -> None:
        self._status_bar.show_note(self.tr("A language is missing."))
        self._status_bar.offer(self.tr("Languages…"), lambda: self._open_languages(message))

    def _open_languages(self, message: str) -> None:
        from ocrdesk.desktop.settings.panes.languages_pane import LanguagesPane

        pane = self.open(PaneName.LANGUAGES)
        if isinstance(pane, LanguagesPane):
            pane.say_missing(message)
