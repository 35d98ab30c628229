"""The list model: immutable rows by key, changed one by one, never by a reset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import (
    JobRow,
    RowState,
    new_idempotency_key,
    row_of_file,
    row_of_view,
    with_event,
    with_view,
)

if TYPE_CHECKING:
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

Index = QModelIndex | QPersistentModelIndex
_STEP = timedelta(microseconds=1)
"""Between the places of two files of a batch."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class JobRole(IntEnum):
    """The model's roles beside Qt's own."""

    KEY = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    STATE_LINE = Qt.ItemDataRole.UserRole + 3
    FRACTION = Qt.ItemDataRole.UserRole + 4
    WHEN = Qt.ItemDataRole.UserRole + 5
    PAGES_FAILED = Qt.ItemDataRole.UserRole + 6


_CHANGING = [
    JobRole.STATE,
    JobRole.STATE_LINE,
    JobRole.FRACTION,
    JobRole.PAGES_FAILED,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
]


class JobsModel(QAbstractListModel):
    """Shows the newest row first. Stores the oldest first: a new row moves no other, and an event needs one look-up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[JobRow] = []
        self._position: dict[str, int] = {}
        self._key_of_job: dict[str, str] = {}
        self._numbered = 0
        """Rows below this position are in `_position`; the others are added when they are needed."""
        self._held: set[str] = set()
        self.removed: set[str] = set()
        """Ids of jobs that get no rows: the user removed them, and the server may still have them."""
        self.place_times: dict[str, datetime] = {}
        """The places of jobs that earlier windows listed, until all jobs have rows."""

    # ── Qt's overrides ───────────────────────────────────────────────────────────────────────────────

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        row = self.row_at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.file_name
            case Qt.ItemDataRole.ToolTipRole:
                return row_text.tool_tip(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row_text.spoken(row)
            case JobRole.KEY:
                return row.key
            case JobRole.STATE:
                return row.state
            case JobRole.STATE_LINE:
                return row_text.state_line(row)
            case JobRole.FRACTION:
                return row.fraction
            case JobRole.PAGES_FAILED:
                return row.pages_failed
            case JobRole.WHEN:
                return row_text.when(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let waiting rows be dragged between others, never onto one, and finished rows out of the window."""
        if not index.isValid():
            return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled
        row = self.row_at(index.row())
        can_drag = row.is_unsent or row.has_result
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if can_drag else Qt.ItemFlag.NoItemFlags)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    # ── look-ups ─────────────────────────────────────────────────────────────────────────────────────

    def row(self, key: str) -> JobRow | None:
        place = self.position(key)
        return None if place is None else self._rows[place]

    def position(self, key: str) -> int | None:
        """Return how many rows are below the row: the waiting file with the highest position is sent first."""
        if self._numbered < len(self._rows):
            self._number()
        return self._position.get(key)

    def row_at(self, index_row: int) -> JobRow:
        """Return the row at an index counted from the top."""
        return self._rows[len(self._rows) - 1 - index_row]

    def row_of_job(self, job_id: str) -> JobRow | None:
        if self._numbered < len(self._rows):
            self._number()
        return self.row(self._key_of_job.get(job_id, ""))

    def index_of(self, key: str) -> QModelIndex:
        place = self.position(key)
        return QModelIndex() if place is None else self.index(len(self._rows) - 1 - place)

    def rows(self) -> Sequence[JobRow]:
        """Return all rows, oldest first."""
        return tuple(self._rows)

    # ── changes ──────────────────────────────────────────────────────────────────────────────────────

    def add_files(self, paths: Sequence[Path], request_id: str = "", *, is_again: bool = False) -> list[str]:
        """Add rows for new files above all but those that wait already. Return their keys, in the files' order.

        With `is_again`, files that the request has added already are left out.
        """
        rows = [row_of_file(path, request_id) for path in paths]
        if is_again:
            known = {row.idempotency_key for row in self._rows}
            rows = [row for row in rows if row.idempotency_key not in known]
        return self.add_rows(rows)

    def add_rows(self, rows: Sequence[JobRow]) -> list[str]:
        """Add waiting files below those that wait already: the list's order is the order in which they are sent."""
        waiting = (place for place, row in enumerate(self._rows) if row.job_id is None and not row.state.is_over)
        place = next(waiting, len(self._rows))
        if place < len(self._rows):
            start = self._rows[place].place_time - len(rows) * _STEP
        else:
            start = max(datetime.now(UTC), self._rows[-1].place_time + _STEP if self._rows else _LONG_AGO)
        self._put(place, [replace(row, listed_at=start + count * _STEP) for count, row in enumerate(rows[::-1])])
        return [row.key for row in rows]

    def hold(self, job_ids: Iterable[str]) -> None:
        """Show these jobs as paused, not as cancelled: they were stopped to be resumed later."""
        for job_id in job_ids:
            self._held.add(job_id)
            row = self.row_of_job(job_id)
            if row is not None:
                self._change(row)

    def release(self, job_id: str) -> None:
        """Stop showing the job as paused; the server reports its next state."""
        self._held.discard(job_id)

    def held_jobs(self) -> tuple[str, ...]:
        """Return the ids of paused jobs, also those without a row yet: the server may be unreachable."""
        return tuple(sorted(self._held))

    def release_unknown(self) -> None:
        """Forget paused jobs that no longer exist, now that all jobs have rows."""
        self._held = {job_id for job_id in self._held if self.row_of_job(job_id) is not None}
        self.place_times.clear()

    # ── the order, and removed jobs ──────────────────────────────────────────────────────────────────

    def restore_place_times(self, times: Mapping[str, datetime]) -> None:
        """List these jobs where an earlier window had them, now and when they get rows."""
        self.place_times |= times
        rows = [_at_its_place(row, self.place_times) for row in self._rows]
        if rows != self._rows:
            self.layoutAboutToBeChanged.emit()
            before = self.persistentIndexList()
            held = [self._rows[len(self._rows) - 1 - index.row()].key for index in before]
            self._rows = sorted(rows, key=lambda row: row.place_time)
            self._numbered = 0
            self._number()
            self.changePersistentIndexList(before, [self.index_of(key) for key in held])
            self.layoutChanged.emit()

    def put_back(self, rows: Iterable[JobRow]) -> None:
        """Add removed rows again, where they were."""
        back = [row for row in rows if self.position(row.key) is None]
        self.removed.difference_update(row.job_id for row in back if row.job_id)
        self._insert(sorted(back, key=lambda row: row.place_time))
        self._number()

    def reorder(self, keys: Sequence[str]) -> None:
        """Rearrange these rows, given from the top down, within the positions they have."""
        places = sorted((place for key in keys if (place := self.position(key)) is not None), reverse=True)
        rows = [self._rows[self._position[key]] for key in keys if key in self._position]
        times = [self._rows[place].place_time for place in places]
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._rows[len(self._rows) - 1 - index.row()].key for index in before]
        for place, row, time in zip(places, rows, times, strict=True):
            self._rows[place] = replace(row, listed_at=time)
            self._position[row.key] = place
        self.changePersistentIndexList(before, [self.index_of(key) for key in held])
        self.layoutChanged.emit()

    def merge(self, views: Iterable[JobView]) -> None:
        """Update the rows of listed jobs, and add rows for the others."""
        new = []
        for view in views:
            row = self.row_of_job(view.job_id)
            if view.job_id in self.removed:
                continue
            if row is None:
                new.append(_at_its_place(self._as_held(row_of_view(view)), self.place_times))
            else:
                self._change(with_view(row, view))
        new.sort(key=lambda row: row.place_time)
        newest = self._rows[-1].place_time if self._rows else _LONG_AGO
        self._insert([row for row in new if row.place_time <= newest])
        self._put(len(self._rows), [row for row in new if row.place_time > newest])
        self._number()

    def apply(self, event: Event) -> bool:
        """Update the event's job; return False if no row has it, and it was not removed."""
        if event.job_id in self.removed:
            return True
        row = self.row_of_job(event.job_id)
        if row is None:
            return False
        self._change(with_event(row, event))
        return True

    def mark_waiting(self, *keys: str) -> None:
        self._update_all(keys, state=RowState.WAITING, sent_bytes=0, error=None, ended_at=None)

    def mark_sending(self, key: str, sent_bytes: int, size_bytes: int) -> None:
        self._update(key, state=RowState.SENDING, sent_bytes=sent_bytes, size_bytes=size_bytes)

    def mark_accepted(self, key: str, job_id: str) -> None:
        """Give the row its job. If the job's event came before the answer to the upload, two rows become one."""
        twin = self.row_of_job(job_id)
        row = self.row(key)
        if row is None:
            return
        row = replace(row, state=RowState.QUEUED, job_id=job_id, sent_bytes=row.size_bytes)
        if twin is not None and twin.key != key:
            row = replace(twin, key=key, path=row.path, idempotency_key=row.idempotency_key, listed_at=row.listed_at)
            self.remove(twin.key)
        self._key_of_job[job_id] = key
        self._change(row)

    def mark_requeued(self, key: str) -> None:
        """Make the file a new upload: it was changed, or refused before."""
        self._update(key, idempotency_key=new_idempotency_key())

    def mark_refused(self, key: str, reason: str) -> None:
        self._update(key, state=RowState.REFUSED, error=reason, ended_at=datetime.now(UTC))

    def mark_cancelled(self, key: str) -> None:
        self._update(key, state=RowState.CANCELLED, ended_at=datetime.now(UTC))

    def mark_paused(self, *keys: str) -> None:
        """Show files that are not sent yet as paused."""
        self._update_all(keys, state=RowState.PAUSED)

    def set_expected_duration(self, key: str, seconds: float) -> None:
        """Set how long the server expects the job to take."""
        self._update(key, due_at=datetime.now(UTC) + timedelta(seconds=seconds))

    def move_all_to(self, other: JobsModel) -> None:
        """Move all rows, in order, into an empty model."""
        rows, held = list(self._rows), self._held
        other.removed, self.removed = self.removed, set()
        other.place_times, self.place_times = self.place_times, {}
        if rows:
            self.beginRemoveRows(QModelIndex(), 0, len(rows) - 1)
            self._rows, self._position, self._key_of_job, self._numbered = [], {}, {}, 0
            self.endRemoveRows()
        self._held, other._held = set(), held
        other._put(0, rows)

    def remove(self, *keys: str) -> None:
        """Remove rows, neighbours together: one by one, each would make the window show another row."""
        places = sorted({place for key in keys if (place := self.position(key)) is not None}, reverse=True)
        end = 0
        for number, place in enumerate(places):  # from the highest, so that no other position changes
            end = end or place + 1
            if number + 1 == len(places) or places[number + 1] != place - 1:
                self._remove_range(place, end)
                end = 0

    # ── storage ──────────────────────────────────────────────────────────────────────────────────────

    def _update(self, key: str, **changes: Any) -> None:
        row = self.row(key)
        if row is not None:
            self._change(replace(row, **changes))

    def _update_all(self, keys: Iterable[str], **changes: Any) -> None:
        """Change many rows, with one signal."""
        places = [place for key in keys if (place := self.position(key)) is not None]
        for place in places:
            self._rows[place] = replace(self._rows[place], **changes)
        if places:
            top, bottom = len(self._rows) - 1 - max(places), len(self._rows) - 1 - min(places)
            self.dataChanged.emit(self.index(top), self.index(bottom), _CHANGING)

    def _as_held(self, row: JobRow) -> JobRow:
        is_held = row.state is RowState.CANCELLED and row.job_id in self._held
        return replace(row, state=RowState.PAUSED) if is_held else row

    def _change(self, row: JobRow) -> None:
        row = self._as_held(row)
        if row.state in (RowState.FINISHED, RowState.FAILED):
            self._held.discard(row.job_id or "")
        place = self.position(row.key)
        if place is None:
            return
        old, self._rows[place] = self._rows[place], row
        if old != row:
            index = self.index(len(self._rows) - 1 - place)
            self.dataChanged.emit(index, index, _CHANGING)

    def _put(self, place: int, rows: Sequence[JobRow]) -> None:
        """Insert rows next to each other, above `place` rows."""
        if not rows:
            return
        index = len(self._rows) - place
        self.beginInsertRows(QModelIndex(), index, index + len(rows) - 1)
        self._rows[place:place] = rows
        self._numbered = min(self._numbered, place)
        self.endInsertRows()

    def _remove_range(self, start: int, end: int) -> None:
        """Remove the rows from `start` to before `end`."""
        self.beginRemoveRows(QModelIndex(), len(self._rows) - end, len(self._rows) - 1 - start)
        removed = self._rows[start:end]
        del self._rows[start:end]
        for row in removed:
            del self._position[row.key]
            self._held.discard(row.job_id or "")
            if row.job_id and self._key_of_job.get(row.job_id) == row.key:
                del self._key_of_job[row.job_id]
        self._numbered = min(self._numbered, start)
        self.endRemoveRows()

    def _insert(self, rows: Sequence[JobRow]) -> None:
        """Insert rows, given oldest first, each at its place by time, and neighbours together."""
        places = [bisect_right(self._rows, row.place_time, key=lambda other: other.place_time) for row in rows]
        groups: dict[int, list[JobRow]] = {}
        for place, row in zip(places, rows, strict=True):
            groups.setdefault(place, []).append(row)
        for place, group in sorted(groups.items(), reverse=True):  # from the end, so that no position changes
            self._put(place, group)

    def _number(self) -> None:
        """Update `_position` once after many insertions: otherwise merging thousands of rows takes seconds."""
        start, self._numbered = self._numbered, len(self._rows)
        for place in range(start, len(self._rows)):
            row = self._rows[place]
            self._position[row.key] = place
            if row.job_id:
                self._key_of_job[row.job_id] = row.key


def _at_its_place(row: JobRow, place_times: Mapping[str, datetime]) -> JobRow:
    return replace(row, listed_at=place_times.get(row.job_id or "", row.listed_at))
