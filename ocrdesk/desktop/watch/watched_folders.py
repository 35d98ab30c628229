"""Watches folders for new files: told by the system where it tells, and by a slow look of its own everywhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.session.session import Session
from ocrdesk.desktop.watch import seen_files
from ocrdesk.desktop.watch.folder_scan import Scan, Stamp, scan
from ocrdesk.desktop.watch.watch_settings import Watch, WatchSettings

MEMORY = "watched-files.jsonl"
"""In the data folder: what was taken."""
_SLOW_MS = 30_000
"""Network folders tell of nothing, so all are looked through so often."""
_SOON_MS = 1_000
"""After news, and while some file has not settled."""
_REST = 10
"""A look that takes long, in a large folder far away, is followed by a rest so many times as long."""


class WatchedFolders(QObject):
    """A file counts as taken once the server has it or has refused it: what a crash cut short comes again."""

    changed = Signal()
    """The folders, the switch, the pause or the problems."""
    taken = Signal(object)
    """The keys of new rows."""

    def __init__(
        self, session: Session, tasks: Tasks, settings: WatchSettings, memory: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._settings, self._memory = session, tasks, settings, memory
        self.watch = settings.load()
        self.problems: dict[Path, str] = {}
        self.is_paused = False
        self._taken: dict[Path, Stamp] | None = None
        self._unsettled: dict[Path, tuple[Stamp, float]] = {}
        self._offered: dict[str, tuple[Path, Stamp]] = {}
        """Rows that are not with the server yet, by key."""
        self._is_looking = False
        self._system = QFileSystemWatcher(self)
        self._system.directoryChanged.connect(lambda _: self._look_in(_SOON_MS))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)
        session.model.dataChanged.connect(self._on_rows_changed)
        session.model.rowsRemoved.connect(self._on_rows_changed)
        self._restart()

    # ── what is asked of it ──────────────────────────────────────────────────────────────────────

    def add(self, folder: Path, *, with_present_files: bool = False) -> None:
        """Watches another folder: for later files only, unless `with_present_files`."""
        if folder not in self.watch.folders:
            only_new_files = self.watch.only_new_files if with_present_files else (*self.watch.only_new_files, folder)
            self._change(replace(self.watch, folders=(*self.watch.folders, folder), only_new_files=only_new_files))

    def remove(self, folder: Path) -> None:
        others = tuple(other for other in self.watch.folders if other != folder)
        only_new_files = tuple(other for other in self.watch.only_new_files if other != folder)
        self._change(replace(self.watch, folders=others, only_new_files=only_new_files))

    def switch(self, is_enabled: bool) -> None:
        if is_enabled != self.watch.is_enabled:
            self._change(replace(self.watch, is_enabled=is_enabled))

    def pause(self, is_paused: bool) -> None:
        """Until it is said otherwise or the program ends."""
        self.is_paused = is_paused
        self._restart()
        self.changed.emit()

    @property
    def is_active(self) -> bool:
        """Whether there are folders that are watched just now."""
        return self.watch.is_enabled and not self.is_paused and bool(self.watch.folders)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def _change(self, watch: Watch) -> None:
        self.watch = watch
        self._settings.save(watch)
        self._restart()
        self.changed.emit()

    def _restart(self) -> None:
        self._timer.stop()
        if known := self._system.directories():
            self._system.removePaths(known)
        self.problems = {}
        if self.is_active:
            self._look_in(0)

    def _look_in(self, pause_ms: int) -> None:
        if self.is_active and not (self._timer.isActive() and self._timer.remainingTime() <= pause_ms):
            self._timer.start(pause_ms)

    def _look(self) -> None:
        if self._is_looking:
            self._look_in(_SOON_MS)
            return
        self._is_looking = True
        work = partial(_look, self.watch, self._memory, self._taken, self._known(), dict(self._unsettled))
        self._tasks.run(work, self._on_looked, self._on_look_failed, lane=Lane.WATCH)

    def _known(self) -> dict[Path, Stamp]:
        """Those that are under way to the server: not to be taken twice."""
        return dict(self._offered.values())

    def _on_looked(self, look: _Look) -> None:
        watch, taken, found, took_ms = look.watch, look.taken, look.found, look.took_ms
        self._is_looking = False
        self._taken = taken | (self._taken or {})
        if watch.only_new_files:
            self.watch = replace(
                self.watch,
                only_new_files=tuple(
                    folder for folder in self.watch.only_new_files if folder not in watch.only_new_files
                ),
            )
            self._settings.save(self.watch)
        if not self.is_active or watch.folders != self.watch.folders:
            self._look_in(0)
            return
        self._unsettled = found.unsettled
        self._offer(found.ready)
        if found.problems != self.problems:
            self.problems = found.problems
            self.changed.emit()
        missing = {str(folder) for folder in self.watch.folders} - set(self._system.directories())
        if readable := sorted(missing - {str(path) for path in found.problems}):
            self._system.addPaths(readable)
        waiting = found.unsettled.keys() - found.problems.keys()
        self._look_in(min(_SLOW_MS, max(_SOON_MS, _REST * took_ms)) if waiting else _SLOW_MS)

    def _on_look_failed(self, error: Exception) -> None:
        self._is_looking = False
        self.problems = {self._memory: short_reason(error)}
        self.changed.emit()
        self._look_in(_SLOW_MS)

    # ── taking ───────────────────────────────────────────────────────────────────────────────────

    def _offer(self, ready: dict[Path, Stamp]) -> None:
        if ready:
            keys = self._session.open_files(list(ready))
            self._offered |= dict(zip(keys, ready.items(), strict=True))
            self.taken.emit(keys)

    def _on_rows_changed(self) -> None:
        """Remembers files for good once they are with the server, were refused, or were taken back by the user."""
        if not self._offered:
            return
        settled = {}
        for key in list(self._offered):
            row = self._session.model.row(key)
            if row is None or row.job_id is not None or row.state.is_over:
                path, stamp = self._offered.pop(key)
                settled[path] = stamp
        if settled:
            self._taken = {**(self._taken or {}), **settled}
            self._tasks.run(
                partial(seen_files.add, self._memory, settled),
                lambda _: None,
                self._on_look_failed,
                lane=Lane.WATCH,
            )


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look came to: what was asked, everything that was ever taken, and what was found."""

    watch: Watch
    taken: dict[Path, Stamp]
    found: Scan
    took_ms: int


def _look(
    watch: Watch,
    memory: Path,
    taken: dict[Path, Stamp] | None,
    known: dict[Path, Stamp],
    unsettled: dict[Path, tuple[Stamp, float]],
) -> _Look:
    """Off the main thread. Raises OSError for the memory."""
    start_s = time.monotonic()
    taken = seen_files.load(memory) if taken is None else taken
    if watch.only_new_files:
        present = _present(watch.only_new_files, taken)
        seen_files.add(memory, present)
        taken = taken | present
    found = scan(watch.folders, taken | known, unsettled, start_s)
    return _Look(watch, taken, found, int((time.monotonic() - start_s) * 1000))


def _present(folders: Sequence[Path], taken: dict[Path, Stamp]) -> dict[Path, Stamp]:
    """All files that are there now, as if they had been taken."""
    first = scan(folders, taken, {}, 0.0, settled_s=1.0)
    return {path: stamp for path, (stamp, _) in first.unsettled.items()}
