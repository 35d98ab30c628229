"""Watches folders for new files: by the system's notifications where there are any, and by slow scans everywhere."""

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

SEEN_FILES = "watched-files.jsonl"
"""In the data folder: the files that were already read."""
_SLOW_MS = 30_000
"""Network folders send no notifications, so all folders are scanned this often."""
_SOON_MS = 1_000
"""After a notification, and while a file may still be growing."""
_PAUSE_FACTOR = 10
"""After a long scan of a large remote folder, the next one waits this many times as long."""


class WatchedFolders(QObject):
    """A file counts as seen once the server has accepted or refused it: after a crash, the others are found again."""

    changed = Signal()
    """The folders, the switch, the pause or the problems."""
    added = Signal(object)
    """The keys of new rows."""

    def __init__(
        self, session: Session, tasks: Tasks, settings: WatchSettings, seen_file: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._tasks, self._settings, self._seen_file = session, tasks, settings, seen_file
        self.watch = settings.load()
        self.problems: dict[Path, str] = {}
        self.is_paused = False
        self._seen: dict[Path, Stamp] | None = None
        self._unsettled: dict[Path, tuple[Stamp, float]] = {}
        self._other: dict[Path, Stamp] = {}
        """Files whose content is of no supported type, so that it is not read at every scan."""
        self._pending: dict[str, tuple[Path, Stamp]] = {}
        """Rows that the server does not have yet, by key."""
        self._is_scanning = False
        self._system = QFileSystemWatcher(self)
        self._system.directoryChanged.connect(lambda _: self._scan_in(_SOON_MS))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._scan)
        session.model.dataChanged.connect(self._on_rows_changed)
        session.model.rowsRemoved.connect(self._on_rows_changed)
        self._restart()

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────

    def add(self, folder: Path, *, with_present_files: bool = False) -> None:
        """Watch another folder; only for new files, unless `with_present_files`."""
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
        """Pause or resume watching; the pause ends with the program."""
        self.is_paused = is_paused
        self._restart()
        self.changed.emit()

    @property
    def is_active(self) -> bool:
        """Whether any folder is being watched."""
        return self.watch.is_enabled and not self.is_paused and bool(self.watch.folders)

    # ── scanning ─────────────────────────────────────────────────────────────────────────────────────

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
            self._scan_in(0)

    def _scan_in(self, pause_ms: int) -> None:
        if self.is_active and not (self._timer.isActive() and self._timer.remainingTime() <= pause_ms):
            self._timer.start(pause_ms)

    def _scan(self) -> None:
        if self._is_scanning:
            self._scan_in(_SOON_MS)
            return
        self._is_scanning = True
        work = partial(
            _scan_folders, self.watch, self._seen_file, self._seen, self._files_not_added(), dict(self._unsettled)
        )
        self._tasks.run(work, self._on_scanned, self._on_scan_failed, lane=Lane.WATCH)

    def _files_not_added(self) -> dict[Path, Stamp]:
        """Return files that are not added: those on their way to the server, and those of other types."""
        return self._other | dict(self._pending.values())

    def _on_scanned(self, result: _ScanResult) -> None:
        watch, seen, found, took_ms = result.watch, result.seen, result.found, result.took_ms
        self._is_scanning = False
        self._seen = seen | (self._seen or {})
        if watch.only_new_files:
            self.watch = replace(
                self.watch,
                only_new_files=tuple(
                    folder for folder in self.watch.only_new_files if folder not in watch.only_new_files
                ),
            )
            self._settings.save(self.watch)
        if not self.is_active or watch.folders != self.watch.folders:
            self._scan_in(0)
            return
        self._unsettled = found.unsettled
        self._other |= found.other
        self._add(found.ready)
        if found.problems != self.problems:
            self.problems = found.problems
            self.changed.emit()
        missing = {str(folder) for folder in self.watch.folders} - set(self._system.directories())
        readable = sorted(missing - {str(path) for path in found.problems})
        unwatched = self._system.addPaths(readable) if readable else []
        # what came between the scan and the first notification would otherwise wait for the slow scan
        is_newly_watched = len(unwatched) < len(readable)
        waiting = found.unsettled.keys() - found.problems.keys()
        is_soon = is_newly_watched or waiting
        self._scan_in(min(_SLOW_MS, max(_SOON_MS, _PAUSE_FACTOR * took_ms)) if is_soon else _SLOW_MS)

    def _on_scan_failed(self, error: Exception) -> None:
        self._is_scanning = False
        self.problems = {self._seen_file: short_reason(error)}
        self.changed.emit()
        self._scan_in(_SLOW_MS)

    # ── adding ───────────────────────────────────────────────────────────────────────────────────────

    def _add(self, ready: dict[Path, Stamp]) -> None:
        if ready:
            keys = self._session.open_files(list(ready))
            self._pending |= dict(zip(keys, ready.items(), strict=True))
            self.added.emit(keys)

    def _on_rows_changed(self) -> None:
        """Store files as seen once the server has accepted or refused them, or the user has removed them."""
        if not self._pending:
            return
        settled = {}
        for key in list(self._pending):
            row = self._session.model.row(key)
            if row is None or row.job_id is not None or row.state.is_over:
                path, stamp = self._pending.pop(key)
                settled[path] = stamp
        if settled:
            self._seen = {**(self._seen or {}), **settled}
            self._tasks.run(
                partial(seen_files.add, self._seen_file, settled),
                lambda _: None,
                self._on_scan_failed,
                lane=Lane.WATCH,
            )


@dataclass(frozen=True, slots=True)
class _ScanResult:
    """What was scanned, all files ever seen, and what was found."""

    watch: Watch
    seen: dict[Path, Stamp]
    found: Scan
    took_ms: int


def _scan_folders(
    watch: Watch,
    seen_file: Path,
    seen: dict[Path, Stamp] | None,
    pending: dict[Path, Stamp],
    unsettled: dict[Path, tuple[Stamp, float]],
) -> _ScanResult:
    """Scan the folders; blocks. Raises OSError if the list of seen files cannot be read."""
    start_s = time.monotonic()
    seen = seen_files.load(seen_file) if seen is None else seen
    if watch.only_new_files:
        present = _present(watch.only_new_files, seen)
        seen_files.add(seen_file, present)
        seen = seen | present
    found = scan(watch.folders, seen | pending, unsettled, start_s)
    return _ScanResult(watch, seen, found, int((time.monotonic() - start_s) * 1000))


def _present(folders: Sequence[Path], seen: dict[Path, Stamp]) -> dict[Path, Stamp]:
    """Return all files that exist now, as if they had been seen."""
    first = scan(folders, seen, {}, 0.0, settled_s=1.0)
    return {path: stamp for path, (stamp, _) in first.unsettled.items()}
