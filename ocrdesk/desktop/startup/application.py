"""The Qt application: makes the parts, shows the window, and only then starts to look for the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from ocrdesk import __version__
from ocrdesk.desktop.background.garbage_collector import GarbageCollector
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.i18n import interface_language
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import AddressError, ServerList
from ocrdesk.desktop.servers.servers import RemoteServer, Server
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.startup.unix_signals import Interrupts
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.single_instance import SingleInstance, address, errand
from ocrdesk.desktop.ui.colour_scheme import apply_scheme, read_scheme
from ocrdesk.desktop.ui.icons import Icon, drawing
from ocrdesk.desktop.window.background_mode import BackgroundMode
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.saved_state import WindowState
from ocrdesk.local.paths import default_data_dir

if TYPE_CHECKING:
    from ocrdesk.desktop.window.input_sources import InputSources

_UNSEEN_MS = 1_000


def run_application(
    files: list[Path], data_dir: Path | None, server: tuple[str, str | None] | None, *, region: bool = False
) -> int:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = make_application()
    wanted = errand(files, region=region)
    where_to = address(data_dir, server[0] if server else None)
    instance = SingleInstance(where_to, app) if where_to else None
    if instance is not None and not instance.claim(wanted):
        return 0
    memory = WindowState()
    settings = memory.settings
    manners_settings = BackgroundSettings(settings)
    interface_language.install(app, manners_settings.language)
    apply_scheme(read_scheme(settings))
    collector = GarbageCollector()
    tasks = Tasks()
    book = ServerList(settings, KeyringStore(), data_dir)
    session = Session(_named_server(book, *server) if server else book.active_server(), tasks)
    window = MainWindow(session, tasks, memory, book)
    manners = BackgroundMode(window, session, manners_settings)
    furnished: list[InputSources] = []

    def ways_in() -> InputSources:
        """Made when it is first asked for: the window is there sooner without."""
        if not furnished:
            from ocrdesk.desktop.window.input_sources import InputSources

            furnished.append(InputSources(window, session, tasks, manners, settings, data_dir or default_data_dir()))
        return furnished[0]

    window.quit_wanted.connect(manners.quit)
    interrupts = Interrupts(manners.quit)
    if instance is not None:
        instance.received.connect(lambda later: ways_in().run_later_start(later))

    def start() -> None:
        ways_in()
        if not session.was_started:
            session.start()

    window.appeared.connect(ways_in)
    # Not before: the threads that connect import much, and the window would wait for them
    window.complete.connect(start)
    QTimer.singleShot(_UNSEEN_MS, start)  # a window that opens minimised is not painted
    window.show()
    if wanted.files or wanted.region:
        ways_in().run(wanted)
    code = app.exec()
    if instance is not None:
        instance.close()  # at once: who starts now is to have a window of his own
    manners.close()
    window.hide()
    session.close()
    interrupts.close()
    collector.stop()
    return code


def _named_server(book: ServerList, url: str, key: str | None) -> Server:
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
