"""Pauses and resumes everything."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.watch.watched_folders import WatchedFolders
from ocrdesk.desktop.window.background_mode import BackgroundMode

_SOON_MS = 300
"""Many changes in a row cause one update."""


class PauseAll(QObject):
    """Connects the tray's two entries with jobs and watched folders. A file that is added later is not paused."""

    def __init__(
        self, session: Session, watched: WatchedFolders, background_mode: BackgroundMode, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._watched, self._tray = session, watched, background_mode.tray
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._update)
        background_mode.pause_wanted.connect(self._pause)
        watched.changed.connect(self._update)
        for changed in (session.model.rowsInserted, session.model.rowsRemoved, session.model.dataChanged):
            changed.connect(self._update_soon)
        self._tray.menu.aboutToShow.connect(self._update)
        self._update()

    def _pause(self, is_wanted: bool) -> None:
        rows, control = self._session.model.rows(), self._session.control
        self._watched.pause(is_wanted)
        (control.pause if is_wanted else control.resume)([row.key for row in rows])

    def _update_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _update(self) -> None:
        rows, watched = self._session.model.rows(), self._watched
        self._tray.pause.setEnabled(watched.is_active or any(row.can_pause for row in rows))
        self._tray.resume.setEnabled(watched.is_paused or any(row.state is RowState.PAUSED for row in rows))
