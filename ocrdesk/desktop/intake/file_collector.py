"""Collects the readable files in dropped or chosen folders."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.local.file_tree import is_supported, walk

_BATCH = 200


@dataclass(frozen=True, slots=True)
class CollectedFiles:
    """How many files were found, how many in folders have other types, and how many folders could not be opened."""

    found: int
    skipped: int
    unreadable: int


class FileCollector(QObject):
    """Walks through folders off the main thread and reports files as it finds them."""

    found = Signal(object, str)
    """A list of paths, and the request's id."""
    done = Signal(object, str)
    """The CollectedFiles, after the last of them was reported, and the request's id."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._reports: deque[tuple[list[Path] | CollectedFiles, str]] = deque()
        self._next_turn = QTimer(self, interval=0)
        self._next_turn.timeout.connect(self._emit_one)

    def collect(self, paths: Sequence[Path], request_id: str = "") -> None:
        """Report the files among `paths`, and those in its folders, by signal."""
        task = Task()
        report = self._tasks.later(task, lambda found: self._add_report(found, request_id))
        self._tasks.run(
            lambda: collect(paths, report, task.stopped),
            lambda collected: self._add_report(collected, request_id),
            lambda _: self._add_report(CollectedFiles(0, 0, len(paths)), request_id),
            lane=Lane.FILES,
            task=task,
        )

    def _add_report(self, report: list[Path] | CollectedFiles, request_id: str) -> None:
        self._reports.append((report, request_id))
        self._next_turn.start()

    def _emit_one(self) -> None:
        """Emit one batch per event-loop turn: fifty at once would block the window."""
        report, request_id = self._reports.popleft()
        if not self._reports:
            self._next_turn.stop()
        if isinstance(report, CollectedFiles):
            self.done.emit(report, request_id)
        else:
            self.found.emit(report, request_id)


def collect(paths: Sequence[Path], report: Callable[[list[Path]], None], stopped: threading.Event) -> CollectedFiles:
    """Report the files of `paths` in batches. A file that is named itself is always included: its content decides."""
    batch: list[Path] = []
    included = skipped = unreadable = 0
    for path, is_readable in _walk_all(paths):
        if stopped.is_set():
            break
        if is_readable is None:
            unreadable += 1
        elif not is_readable:
            skipped += 1
        else:
            included += 1
            batch.append(path)
            if len(batch) == _BATCH:
                report(batch)
                batch = []
    if batch:
        report(batch)
    return CollectedFiles(included, skipped, unreadable)


def _walk_all(paths: Sequence[Path]) -> Iterator[tuple[Path, bool | None]]:
    """Yield each file, and whether it is supported; None for a folder that cannot be opened."""
    for path in paths:
        if path.is_dir():
            for found, is_readable in walk(path):
                yield found, is_supported(found) if is_readable else None
        else:
            yield path, True
