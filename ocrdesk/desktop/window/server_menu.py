"""The status bar button that shows and switches the server."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ocrdesk.desktop.servers.server_list import LOCAL_ID, ServerList
from ocrdesk.desktop.servers.servers import host_of
from ocrdesk.desktop.session.server_switch import ServerSwitch
from ocrdesk.desktop.session.session import Session

_MAX_PX = 280
"""A longer name is shortened, to leave room for messages."""


class ServerMenuButton(QPushButton):
    """Shows the server in use and whether files leave this computer; its menu switches the server."""

    settings_wanted = Signal()

    def __init__(
        self, session: Session, servers: ServerList, switch: ServerSwitch, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._servers, self._switch = session, servers, switch
        self.setFlat(True)
        self.setMinimumHeight(32)
        self._menu = QMenu(self.tr("Servers"), self)
        self._menu.setAccessibleName(self.tr("Servers"))
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        switch.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        host = host_of(self._session.server)
        name = self._switch.current_name
        if not host:
            where = self.tr("On this computer")
            tip = self.tr("Files are read on this computer and do not leave it. Click to use a server.")
            text = where
        else:
            where = self.tr("Sent to {host}").format(host=host)
            tip = self.tr("Files are sent to {host} and read there. Click to use another server.").format(host=host)
            text = where if name == host else f"{name}  ·  {where}"
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _MAX_PX)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(self.tr("Server: {text}").format(text=text))
        self.setAccessibleDescription(tip)

    def _fill(self) -> None:
        self._menu.clear()
        choices = QActionGroup(self._menu)
        for server_id in (LOCAL_ID, *(entry.server_id for entry in self._servers.entries)):
            action = QAction(self._switch.name_of(server_id).replace("&", "&&"), self._menu, checkable=True)
            action.setChecked(server_id == self._switch.current_id)
            action.triggered.connect(lambda _checked=False, chosen=server_id: self._switch.use(chosen))
            choices.addAction(action)
            self._menu.addAction(action)
        self._menu.addSeparator()
        manage = self._menu.addAction(self.tr("Manage servers…"))
        manage.triggered.connect(lambda _checked=False: self.settings_wanted.emit())
