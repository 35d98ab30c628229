"""Runs work on the library's database in the background, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from ocrdesk.desktop.library.store import LibraryStore


class StoreAccess:
    """Calls back on the main thread. Work on the database is done in the order in which it was requested."""

    def __init__(self, tasks: Tasks, path: Path) -> None:
        self._tasks, self._path = tasks, path

    def run(
        self,
        work: Callable[[LibraryStore], object],
        done: Callable[..., None],
        failed: Callable[[Exception], None],
        task: Task | None = None,
    ) -> None:
        """Pass the database to `work`, then its result to `done`, or its error to `failed`."""
        self._tasks.run(partial(_with_store, self._path, work), done, failed, lane=Lane.LIBRARY, task=task)


def _with_store(path: Path, work: Callable[[LibraryStore], object]) -> object:
    from ocrdesk.desktop.library.store import LibraryStore  # sqlite3 is loaded on the library's own thread

    return work(LibraryStore(path))
