"""Recognises a capture and copies its text."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.capture.screen_capture import RegionCapture
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.row import JobRow, RowState
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.system.clipboard import ClipboardWriter
from ocrdesk.desktop.system.notifications import Notifications

if TYPE_CHECKING:
    from ocrdesk.contract.jobs import JobResult


class RegionReader(QObject):
    """A capture becomes a job like any other; it stays in the list, so its text is not lost with the clipboard."""

    added = Signal(str)
    """The key of the new row."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        capture: RegionCapture,
        clipboard: ClipboardWriter,
        notifications: Notifications,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks = session, tasks
        self._clipboard, self._notifications = clipboard, notifications
        self._keys: set[str] = set()
        """Rows whose text is to be copied."""
        capture.captured.connect(self._on_captured)
        capture.cancelled.connect(lambda: notifications.show(self.tr("No part of the screen was chosen.")))
        capture.failed.connect(notifications.show)
        clipboard.was_set.connect(lambda: notifications.show(self.tr("The text is on the clipboard now.")))
        session.model.dataChanged.connect(self._on_rows_changed)
        session.model.rowsRemoved.connect(self._on_rows_removed)

    def _on_captured(self, path: Path) -> None:
        (key,) = self._session.open_files([path])
        self._keys.add(key)
        self.added.emit(key)
        self._notifications.show(self.tr("Reading the part of the screen…"))

    def _on_rows_changed(self) -> None:
        for key in list(self._keys):
            row = self._session.model.row(key)
            if row is not None and row.state.is_over:
                self._keys.discard(key)
                self._on_over(row)

    def _on_rows_removed(self) -> None:
        self._keys = {key for key in self._keys if self._session.model.row(key) is not None}

    def _on_over(self, row: JobRow) -> None:
        client = self._session.client
        if row.state is RowState.CANCELLED:
            return
        if row.state is not RowState.FINISHED or row.job_id is None or client is None:
            self._on_failed(row.error or self.tr("the connection was lost; the text will be in the list later"))
            return
        self._tasks.run(
            partial(client.result, row.job_id), self._on_result, lambda error: self._on_failed(short_reason(error))
        )

    def _on_result(self, result: JobResult) -> None:
        text = (result.text or "").strip()
        if not text:
            self._notifications.show(self.tr("No text was found in that part of the screen."))
        elif self._clipboard.put(text):
            self._notifications.show(self.tr("The text is on the clipboard."))
        else:
            self._notifications.show(
                self.tr("The text is ready. Switch to the ocrdesk window to put it on the clipboard.")
            )

    def _on_failed(self, reason: str) -> None:
        self._notifications.show(self.tr("The part of the screen could not be read: {reason}").format(reason=reason))
