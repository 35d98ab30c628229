"""From what was dropped or chosen to the files to read: folders with all that is in them, by their names' endings."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.contract.media_types import SUFFIXES
from ocrdesk.desktop.background.tasks import Lane, Task, Tasks

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of one drop: how many files were found, and how many in folders were left out."""

    taken: int
    skipped: int
    unreadable: int


class FileIntake(QObject):
    """Looks through folders off the main thread and tells of files as it finds them."""

    found = Signal(object)
    """A list of paths."""
    done = Signal(object)
    """The Intake, after its last files."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._came: deque[list[Path] | Intake] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._tell_one)

    def take(self, paths: Sequence[Path]) -> None:
        task = Task()
        report = self._tasks.later(task, self._take_up)
        self._tasks.run(
            lambda: collect(paths, report, task.stopped),
            self._take_up,
            lambda _: self._take_up(Intake(0, 0, len(paths))),
            lane=Lane.FILES,
            task=task,
        )

    def _take_up(self, what: list[Path] | Intake) -> None:
        self._came.append(what)
        self._turn.start()

    def _tell_one(self) -> None:
        """One lot a turn: fifty lots that come at once would hold the window up."""
        what = self._came.popleft()
        if not self._came:
            self._turn.stop()
        if isinstance(what, Intake):
            self.done.emit(what)
        else:
            self.found.emit(what)


def collect(paths: Sequence[Path], report: Callable[[list[Path]], None], stopped: threading.Event) -> Intake:
    """Reports the files of `paths` in batches. A file that was named itself is always taken: its content decides."""
    batch: list[Path] = []
    taken = skipped = unreadable = 0
    for path, kind in _walk_all(paths):
        if stopped.is_set():
            break
        if kind is None:
            unreadable += 1
        elif not kind:
            skipped += 1
        else:
            taken += 1
            batch.append(path)
            if len(batch) == _BATCH:
                report(batch)
                batch = []
    if batch:
        report(batch)
    return Intake(taken, skipped, unreadable)


def _walk_all(paths: Sequence[Path]) -> Iterator[tuple[Path, bool | None]]:
    for path in paths:
        if path.is_dir():
            yield from walk(path)
        else:
            yield path, True


def walk(folder: Path) -> Iterator[tuple[Path, bool | None]]:
    """Each file below `folder` by name, and whether it is one to read; None for a folder that cannot be opened.

    Hidden files and folders are passed over, and links to folders, which may go round in circles, or to themselves.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name.casefold())
    except OSError:
        yield folder, None
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path))
        elif _is_file(entry):
            yield Path(entry.path), Path(entry.name).suffix.lower() in SUFFIXES


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False
