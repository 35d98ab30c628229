"""Starts, stops and configures the local server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.session.session import ConnectionState, Session, SessionState

if TYPE_CHECKING:
    from ocrdesk.local.server.attach import Attachment
    from ocrdesk.local.server.control import ServerStatus
    from ocrdesk.local.server.settings import LocalServerSettings


@dataclass(frozen=True, slots=True)
class LocalServerStatus:
    """The local server's state and settings, and its addresses while it is shared."""

    status: ServerStatus
    settings: LocalServerSettings
    addresses: tuple[str, ...]
    data_dir: Path


class LocalServerControl(QObject):
    """Does everything in the background, and emits `changed` afterwards."""

    changed = Signal(object)
    """The LocalServerStatus."""
    failed = Signal(str)
    """Why something could not be done."""

    def __init__(self, session: Session, tasks: Tasks, data_dir: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._data_dir = session, tasks, data_dir
        self._attachment: Attachment | None = None
        """Keeps the local server running while the session uses another server."""
        session.state_changed.connect(self._on_state)

    def refresh(self) -> None:
        self._run(partial(_view, self._data_dir))

    def start(self) -> None:
        """Start the local server; it runs at least as long as this program."""
        if self._session.state.is_local:
            self._session.start()  # the session's state reports the result
        else:
            self._tasks.run(partial(_attach, self._data_dir), self._on_attached, self._on_failed, lane=Lane.SETTINGS)

    def stop(self) -> None:
        """Stop the local server with all its workers; jobs continue when it runs again."""
        self._disconnect()
        self._run(partial(_stop, self._data_dir))

    def apply(self, settings: LocalServerSettings) -> None:
        """Store the settings; restart the local server if it runs."""
        was_held = self._attachment is not None
        is_used = self._session.state.is_local
        self._disconnect()

        def restart(view: LocalServerStatus) -> None:
            self.changed.emit(view)
            if is_used or was_held:
                self.start()

        def report_failure(error: Exception) -> None:
            self._on_failed(error)
            if is_used:
                self._session.start()

        self._tasks.run(partial(_apply, self._data_dir, settings), restart, report_failure, lane=Lane.SETTINGS)

    def _disconnect(self) -> None:
        if self._session.state.is_local:
            self._session.stop()
        if self._attachment is not None:
            self._attachment.close()
            self._attachment = None

    def _on_state(self, state: SessionState) -> None:
        if state.is_local and state.connection in (ConnectionState.READY, ConnectionState.FAILED):
            self.refresh()

    def _on_attached(self, attachment: Attachment) -> None:
        if self._attachment is not None:
            self._attachment.close()
        self._attachment = attachment
        self.refresh()

    def _run(self, work: partial[LocalServerStatus]) -> None:
        self._tasks.run(work, self.changed.emit, self._on_failed, lane=Lane.SETTINGS)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(short_reason(error))
        self.refresh()


def _view(data_dir: Path | None) -> LocalServerStatus:
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server.control import addresses, server_status
    from ocrdesk.local.server.settings import read_settings

    folder = data_dir or default_data_dir()
    settings = read_settings(folder)
    reachable = tuple(addresses(settings.port)) if settings.is_shared else ()
    return LocalServerStatus(server_status(folder), settings, reachable, folder)


def _attach(data_dir: Path | None) -> Attachment:
    from ocrdesk.local.server.attach import attach

    return attach(data_dir)


def _stop(data_dir: Path | None) -> LocalServerStatus:
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server.control import stop_server

    stop_server(data_dir or default_data_dir())
    return _view(data_dir)


def _apply(data_dir: Path | None, settings: LocalServerSettings) -> LocalServerStatus:
    from ocrdesk.local.paths import default_data_dir
    from ocrdesk.local.server.control import stop_server
    from ocrdesk.local.server.settings import write_settings

    folder = data_dir or default_data_dir()
    write_settings(folder, settings)
    stop_server(folder)
    return _view(data_dir)
