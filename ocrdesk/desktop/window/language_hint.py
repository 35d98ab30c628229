"""Notices a text that was recognised with the wrong language, and has it recognised again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.jobs.row import JobRow
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.text.language_notice import LanguageNotice

if TYPE_CHECKING:
    from ocrdesk.client import Client


class LanguageHint(QObject):
    """Judges each finished text that is shown; a job whose notice was dismissed is not judged again."""

    def __init__(self, session: Session, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._tasks, self._window = session, tasks, window
        self.notice = LanguageNotice()
        self._row: JobRow | None = None
        self._language = ""
        self._answered: set[str] = set()
        self._task = Task()
        self.notice.again_wanted.connect(self._on_again)
        self.notice.dismissed.connect(self._on_answered)

    def forget(self) -> None:
        """Hide the notice: another text is shown."""
        self._task.cancel()
        self._row = None
        self.notice.hide()

    def judge(self, row: JobRow, text: str) -> None:
        """Show the notice if the job's text looks like a language that the job did not have."""
        self.forget()
        client = self._session.client
        if client is None or row.job_id is None or row.job_id in self._answered:
            return
        self._row, self._task = row, Task()
        self._tasks.run(
            partial(_guess, client, row.job_id, text), self._on_guess, lambda _: None, lane=Lane.PAGES, task=self._task
        )

    def _on_guess(self, language: str | None) -> None:
        if language is not None:
            self._language = language
            self.notice.show_language(language)

    def _on_again(self) -> None:
        row = self._row
        if row is None:
            return
        if row.path is not None and row.path.exists():
            self._send(str(row.path))
            return
        dialog = QFileDialog(self._window, self.tr("Open {name} again").format(name=row.file_name))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._send)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _send(self, path: str) -> None:
        from pathlib import Path

        self._session.open_files([Path(path)], languages=(self._language,))
        self._on_answered()

    def _on_answered(self) -> None:
        if self._row is not None and self._row.job_id is not None:
            self._answered.add(self._row.job_id)
        self.notice.hide()


def _guess(client: Client, job_id: str, text: str) -> str | None:
    from ocrdesk.desktop.text.language_guess import guess_other_language

    return guess_other_language(text, client.job(job_id).options.languages)
