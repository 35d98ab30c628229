"""The real window in a process: executes commands from stdin, answers each with its state. See desktop_session.py."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.servers.keyring_store import KeyringStore
from ocrdesk.desktop.servers.server_list import ServerList
from ocrdesk.desktop.servers.servers import LocalServer
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.startup.application import make_application
from ocrdesk.desktop.system.background_settings import BackgroundSettings
from ocrdesk.desktop.ui.colour_scheme import Scheme, apply_scheme
from ocrdesk.desktop.window.background_mode import BackgroundMode
from ocrdesk.desktop.window.input_sources import InputSources
from ocrdesk.desktop.window.main_window import MainWindow
from ocrdesk.desktop.window.saved_state import WindowState
from tests.helpers.window import WindowDriver, screens


class Driver(QObject):
    """Executes commands on a window whose session is not started, so files wait in the list."""

    told = Signal(str)

    def __init__(self, ini: Path) -> None:
        super().__init__()
        memory = WindowState(ini)
        self.settings = BackgroundSettings(memory.settings)
        self.tasks = Tasks()
        self.session = Session(LocalServer(ini.parent / "data"), self.tasks)
        book = ServerList(memory.settings, KeyringStore(lambda: None))
        self.window = MainWindow(self.session, self.tasks, memory, book)
        self.driver = WindowDriver(self.window)
        self.background_mode = BackgroundMode(self.window, self.session, self.settings)
        self.input_sources = InputSources(
            self.window, self.session, self.tasks, self.background_mode, memory.settings, ini.parent / "pictures"
        )
        self.window.quit_wanted.connect(self.background_mode.quit)
        self.told.connect(self.obey)

    def obey(self, line: str) -> None:
        command, _, argument = line.strip().partition(" ")
        commands: dict[str, Callable[[], object]] = {
            "close": self.window.close,
            "stay": self.stay,
            "say": lambda: self.background_mode.notifications.show(argument),
            "region": self.input_sources.capture.start,
            "copy": lambda: QGuiApplication.clipboard().setText(argument),
            "scheme": lambda: apply_scheme(Scheme(argument)),
            "settings": lambda: self.driver.open_settings(argument),
            "grab": lambda: self.window.screen().grabWindow(0).save(argument),
            "move": lambda: self.window.setGeometry(*map(int, argument.split())),
            "quit": self.background_mode.quit,
            "state": lambda: None,
        }
        commands[command]()
        if command != "quit":
            print(json.dumps(self.state()), flush=True)

    def stay(self) -> None:
        self.settings.closes_to_tray = True
        self.background_mode.apply()

    def state(self) -> dict[str, object]:
        handle = self.window.windowHandle()
        return {
            "visible": self.window.isVisible(),
            "active": self.window.isActiveWindow(),
            "tray": self.background_mode.tray.is_shown,
            "note": self.driver.note,
            "choosing": bool(screens()),
            "paths": [str(row.path) for row in self.session.model.rows()],
            "files": [row.file_name for row in self.session.model.rows()],
            "platform": QGuiApplication.platformName(),
            "scale": handle.devicePixelRatio() if handle else 0,
            "geometry": [*self.window.geometry().getRect()],
            "screen": self.window.screen().name(),
        }

    def close(self) -> None:
        self.background_mode.close()
        self.window.hide()
        self.session.close()


def main() -> int:
    app = make_application()
    driver = Driver(Path(sys.argv[1]))
    driver.window.show()

    def listen() -> None:
        for line in sys.stdin:
            driver.told.emit(line)

    threading.Thread(target=listen, daemon=True).start()
    code = QApplication.exec()
    driver.close()
    del app
    return code


if __name__ == "__main__":
    sys.exit(main())
