"""What the panes work with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.session.local_server import LocalServerControl
from ocrdesk.desktop.session.server_switch import ServerSwitch
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.ui.shortcuts import Shortcuts


@dataclass(frozen=True, slots=True)
class Context:
    """Created once for the window. Each pane uses what it needs."""

    session: Session
    tasks: Tasks
    store: QSettings
    book: ServerList
    switch: ServerSwitch
    engine: LocalServerControl
    shortcuts: Shortcuts
    library: LibrarySettings
