"""What the panes work with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings

from ocrdesk.desktop.engine import Engine
from ocrdesk.desktop.library.settings import LibrarySettings
from ocrdesk.desktop.server_book import ServerBook
from ocrdesk.desktop.server_switch import ServerSwitch
from ocrdesk.desktop.session import Session
from ocrdesk.desktop.shortcuts import Shortcuts
from ocrdesk.desktop.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Context:
    """Made once for the window; a pane takes what it needs."""

    session: Session
    tasks: Tasks
    store: QSettings
    book: ServerBook
    switch: ServerSwitch
    engine: Engine
    shortcuts: Shortcuts
    library: LibrarySettings
