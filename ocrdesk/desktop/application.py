"""The Qt application: makes the parts, shows the window, and only then starts to look for the server."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from ocrdesk import __version__
from ocrdesk.desktop.appearance import apply_scheme, read_scheme
from ocrdesk.desktop.garbage_collector import GarbageCollector
from ocrdesk.desktop.icons import Icon, drawing
from ocrdesk.desktop.interrupts import Interrupts
from ocrdesk.desktop.key_vault import KeyVault
from ocrdesk.desktop.main_window import MainWindow
from ocrdesk.desktop.server_book import AddressError, ServerBook
from ocrdesk.desktop.servers import RemoteServer, Server
from ocrdesk.desktop.session import Session
from ocrdesk.desktop.tasks import Tasks
from ocrdesk.desktop.window_memory import WindowMemory

_UNSEEN_MS = 1_000


def run_application(files: list[Path], data_dir: Path | None, server: tuple[str, str | None] | None) -> int:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = make_application()
    collector = GarbageCollector()
    tasks = Tasks()
    memory = WindowMemory()
    apply_scheme(read_scheme(memory.store))
    book = ServerBook(memory.store, KeyVault(), data_dir)
    session = Session(_named_server(book, *server) if server else book.active_server(), tasks)
    window = MainWindow(session, tasks, memory, book)
    interrupts = Interrupts(window.close)

    def start() -> None:
        if not session.was_started:
            session.start()

    window.appeared.connect(start)
    QTimer.singleShot(_UNSEEN_MS, start)  # a window that opens minimised is not painted
    window.show()
    window.open_paths(files)
    code = app.exec()
    window.hide()
    session.close()
    interrupts.close()
    collector.stop()
    return code


def _named_server(book: ServerBook, url: str, key: str | None) -> Server:
    """The server of the command line: in the list for this run only, as its key is."""
    try:
        entry = book.add("", url if "://" in url else f"http://{url}", passing=True)
    except AddressError:
        return RemoteServer(url, key)  # whose failure is said in the window
    if key:
        book.vault.keep_for_this_run(entry.server_id, key)
    return book.server(entry.server_id)


def make_application() -> QApplication:
    """The QApplication with our name and icon."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("ocrdesk")
    app.setApplicationDisplayName("ocrdesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ocrdesk")
    mark = QIcon()
    for size_px in (16, 24, 32, 48, 64, 128, 256):
        mark.addPixmap(drawing(Icon.APP, size_px, QColor("black")))
    app.setWindowIcon(mark)
    return app
