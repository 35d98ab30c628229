"""Builds and connects the parts, shows the window."""

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
from ocrdesk.desktop.startup.unix_signals import UnixSignals
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.single_instance import SingleInstance, StartRequest, instance_name, start_request
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
    """Run the window until it is closed and return the exit code, or pass the files to a window that is open."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = make_application()
    request = start_request(files, region=region)
    name = instance_name(data_dir, server[0] if server else None)
    instance = SingleInstance(name, app) if name else None
    if instance is not None and not instance.claim(request):
        return 0
    desktop = Desktop(app, data_dir, server)
    if instance is not None:
        instance.received.connect(lambda later: desktop.input_sources.run_later_start(later))
    desktop.show(request)
    code = app.exec()
    if instance is not None:
        instance.close()  # before all else: the next start is to open a window of its own
    desktop.close()
    return code


class Desktop:
    """The parts of the running application, connected with each other."""

    def __init__(self, app: QApplication, data_dir: Path | None, server: tuple[str, str | None] | None) -> None:
        self._data_dir = data_dir or default_data_dir()
        state = WindowState()
        self._settings = state.settings
        background_settings = BackgroundSettings(self._settings)
        interface_language.install(app, background_settings.language)
        apply_scheme(read_scheme(self._settings))
        self._collector = GarbageCollector()
        self._tasks = Tasks()
        servers = ServerList(self._settings, KeyringStore(), data_dir)
        self._session = Session(_named_server(servers, *server) if server else servers.active_server(), self._tasks)
        self._window = MainWindow(self._session, self._tasks, state, servers)
        self._background_mode = BackgroundMode(self._window, self._session, background_settings)
        self._input_sources: InputSources | None = None
        self._window.quit_wanted.connect(self._background_mode.quit)
        self._signals = UnixSignals(self._background_mode.quit)

    @property
    def input_sources(self) -> InputSources:
        """Built when they are first needed: the window appears sooner without them."""
        if self._input_sources is None:
            from ocrdesk.desktop.window.input_sources import InputSources

            self._input_sources = InputSources(
                self._window, self._session, self._tasks, self._background_mode, self._settings, self._data_dir
            )
        return self._input_sources

    def show(self, request: StartRequest) -> None:
        """Show the window, connect as soon as it is complete, and do what the start asks for."""
        self._window.appeared.connect(lambda: self.input_sources)
        # not earlier: the threads that connect import much, and the window would wait for them
        self._window.complete.connect(self._connect)
        QTimer.singleShot(_UNSEEN_MS, self._connect)  # a window that opens minimised is not painted
        self._window.show()
        if request.files or request.region:
            self.input_sources.run(request)

    def close(self) -> None:
        self._background_mode.close()
        self._window.hide()
        self._session.close()
        self._signals.close()
        self._collector.stop()

    def _connect(self) -> None:
        self.input_sources  # noqa: B018  # builds them
        if not self._session.was_started:
            self._session.start()


def _named_server(servers: ServerList, url: str, key: str | None) -> Server:
    """Return the command line's server; it and its key are in the list for this run only."""
    try:
        entry = servers.add("", url if "://" in url else f"http://{url}", is_temporary=True)
    except AddressError:
        return RemoteServer(url, key)  # the window shows why it fails
    if key:
        servers.keyring.keep_for_this_run(entry.server_id, key)
    return servers.server(entry.server_id)


def make_application() -> QApplication:
    """Make the QApplication, with our name and icon."""
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
