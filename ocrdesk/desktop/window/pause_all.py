"""Pauses and resumes jobs and watched folders together, as the tray asks for it, and keeps its two entries true."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ocrdesk.desktop.jobs.row import RowState
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.watch.watched_folders import WatchedFolders
from ocrdesk.desktop.window.background_mode import BackgroundMode

_SOON_MS = 300
"""A thousand pages that are read in a row are looked at once."""


class PauseAll(QObject):
    """Lasts for what there is when it is asked for: a file that is added later is read."""

    def __init__(self, session: Session, watched: WatchedFolders, manners: BackgroundMode, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._watched, self._tray = session, watched, manners.tray
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._tell)
        manners.pause_wanted.connect(self._pause)
        watched.changed.connect(self._tell)
        for changed in (session.model.rowsInserted, session.model.rowsRemoved, session.model.dataChanged):
            changed.connect(self._tell_soon)
        self._tray.menu.aboutToShow.connect(self._tell)
        self._tell()

    def _pause(self, is_wanted: bool) -> None:
        rows, control = self._session.model.rows(), self._session.control
        self._watched.pause(is_wanted)
        (control.pause if is_wanted else control.resume)([row.key for row in rows])

    def _tell_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _tell(self) -> None:
        rows, watched = self._session.model.rows(), self._watched
        self._tray.pause.setEnabled(watched.is_active or any(row.can_pause for row in rows))
        self._tray.resume.setEnabled(watched.is_paused or any(row.state is RowState.PAUSED for row in rows))
