"""Opens files and folders: asks for them, collects what is readable, and says how many were added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ocrdesk.desktop.background.tasks import Tasks
from ocrdesk.desktop.intake.file_collector import CollectedFiles, FileCollector
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.window.saved_state import WindowState


class FileOpener(QObject):
    """Opens files from dialogs, drops, the clipboard and the command line."""

    files_added = Signal(object)
    """The keys of the new rows, once for each `open_paths` that finds files: those of the first batch."""
    message = Signal(str)
    """A sentence about what was added."""

    def __init__(self, window: QWidget, session: Session, tasks: Tasks, state: WindowState) -> None:
        super().__init__(window)
        self._window, self._session, self._state = window, session, state
        self._is_first_batch = False
        self._collector = FileCollector(tasks, self)
        self._collector.found.connect(self._on_found)
        self._collector.done.connect(self._on_done)
        session.folder_requests.restored.connect(lambda request_id, paths: self._collector.collect(paths, request_id))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add files, and the readable files in folders, to the list."""
        if paths:
            self._is_first_batch = True
            self._collector.collect(paths, self._session.folder_requests.begin(paths))

    def ask_files(self) -> None:
        from ocrdesk.desktop.intake import file_dialogs  # imported when it is first needed

        file_dialogs.ask_files(self._window, self._state.last_folder, self._on_chosen)

    def ask_folder(self) -> None:
        from ocrdesk.desktop.intake import file_dialogs

        file_dialogs.ask_folder(self._window, self._state.last_folder, self._on_chosen)

    def _on_chosen(self, paths: Sequence[Path]) -> None:
        if paths:
            self._state.last_folder = str(paths[0].parent)
        self.open_paths(paths)

    def _on_done(self, collected: CollectedFiles, request_id: str) -> None:
        self._session.folder_requests.end(request_id)
        self.message.emit(_summary(self._window, collected))

    def _on_found(self, paths: Sequence[Path], request_id: str) -> None:
        keys = self._session.open_files(paths, request_id=request_id)
        if self._is_first_batch and keys:
            self._is_first_batch = False
            self.files_added.emit(keys)


def _summary(window: QWidget, collected: CollectedFiles) -> str:
    """Return one sentence about what was added and what was not."""
    tr = window.tr
    if not collected.found and not collected.skipped and not collected.unreadable:
        return tr("The folder is empty.")
    parts = [tr("1 file added") if collected.found == 1 else tr("{count} files added").format(count=collected.found)]
    if collected.skipped:
        parts.append(tr("{count} of other types skipped").format(count=collected.skipped))
    if collected.unreadable:
        parts.append(tr("{count} folders could not be opened").format(count=collected.unreadable))
    return ", ".join(parts) + "."
