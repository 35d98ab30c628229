"""A window to test: offscreen, with separate settings, with a fake server or the real local server."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.background.garbage_collector import GarbageCollector
from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer, RemoteServer, Server
from ocrdesk.desktop.session.session import ConnectionState, Session
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.system.settings_file import open_settings
from ocrdesk.desktop.window.background_mode import BackgroundMode
from ocrdesk.desktop.window.input_sources import InputSources
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.saved_state import WindowState
from tests.helpers.fake_server import FakeServer
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.window import WindowDriver


@dataclass
class Desktop:
    """A window and its session, tasks and settings."""

    window: MainWindow
    session: Session
    tasks: Tasks
    qtbot: QtBot
    input_sources: InputSources
    background_mode: BackgroundMode
    settings: QSettings
    driver: WindowDriver

    @property
    def model(self) -> JobsModel:
        return self.session.model

    def row(self, file_name: str) -> JobRow | None:
        """Return the newest row of a file."""
        return next((row for row in reversed(self.model.rows()) if row.file_name == file_name), None)

    def wait(self, condition: Callable[[], bool], timeout_s: float = 30) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=int(timeout_s * 1000))

    def wait_for(self, wanted: ConnectionState, timeout_s: float = 30) -> None:
        self.wait(lambda: self.session.state.connection is wanted, timeout_s)

    def close(self) -> None:
        self.background_mode.close()  # otherwise its tray looks for the window after the window has ended
        self.window.close()
        self.session.close()


OpenDesktop = Callable[..., Desktop]


@pytest.fixture(scope="session", autouse=True)
def _collect_on_this_thread(qapp: QApplication) -> Iterator[None]:
    collector = GarbageCollector()
    yield
    gc.collect()  # permanently: pytest and Python end next, without an event loop in which to collect
    del collector


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the keys of the user who runs the tests out of the tests."""
    monkeypatch.setattr("ocrdesk.desktop.servers.keyring_store.system_keyring", lambda: None)


@pytest.fixture
def open_desktop(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesktop]:
    """Return a function that opens a window on a server and starts its session; all of them are closed at the end."""
    opened: list[Desktop] = []

    def open_one(server: Server | None = None, *, start: bool = True, book: ServerList | None = None) -> Desktop:
        tasks = Tasks()
        memory = WindowState(tmp_path / "desktop.ini")
        book = book or ServerList(memory.settings, KeyringStore())
        session = Session(server or book.active_server(), tasks)
        window = MainWindow(session, tasks, memory, book)
        qtbot.addWidget(window)
        settings = open_settings(tmp_path / "desktop.ini")
        background_mode = BackgroundMode(window, session, BackgroundSettings(settings))
        input_sources = InputSources(window, session, tasks, background_mode, settings, tmp_path / "data")
        window.show()
        qtbot.waitExposed(window)
        if start:
            session.start()
        desktop = Desktop(
            window, session, tasks, qtbot, input_sources, background_mode, memory.settings, WindowDriver(window)
        )
        opened.append(desktop)
        return desktop

    yield open_one
    for desktop in opened:
        desktop.close()
    opened.clear()


@pytest.fixture
def stage() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()


@pytest.fixture
def staged(open_desktop: OpenDesktop, stage: FakeServer) -> Desktop:
    """A window that is connected to the fake server."""
    desktop = open_desktop(RemoteServer(stage.url))
    desktop.wait_for(ConnectionState.READY)
    return desktop


@dataclass(frozen=True)
class KeyedApi:
    """A real api that requires keys, without workers. `token` is its operator's token."""

    url: str
    redis_url: str
    token: str = "the-operators-token"


@pytest.fixture(scope="session")
def keyed() -> Iterator[KeyedApi]:
    with (
        short_folder() as folder,
        run_valkey(folder) as redis_url,
        running_api(REDIS_URL=redis_url, API_KEY_ENABLED="true", LOCAL_TOKEN=KeyedApi.token) as api,
    ):
        yield KeyedApi(api.removesuffix("/api/v1"), redis_url)


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """The data folder of the local server that all end-to-end tests use one after the other."""
    from ocrdesk.local.server.attach import attach

    with short_folder() as folder, attach(folder / "data"):  # kept in use, so that it does not stop between two tests
        yield folder / "data"


@pytest.fixture
def local(open_desktop: OpenDesktop, data_dir: Path) -> Desktop:
    """A window on the real local server."""
    desktop = open_desktop(LocalServer(data_dir))
    desktop.wait_for(ConnectionState.READY, 60)
    return desktop
