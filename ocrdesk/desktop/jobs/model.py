"""The list's model: immutable rows keyed by id, changed one by one and never by a reset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ocrdesk.desktop.jobs import row_text
from ocrdesk.desktop.jobs.row import JobRow, RowState, new_upload, row_of_file, row_of_view, with_event, with_view

if TYPE_CHECKING:
    from ocrdesk.contract.events import Event
    from ocrdesk.contract.jobs import JobView

Index = QModelIndex | QPersistentModelIndex


class JobRole(IntEnum):
    """What the model answers beside Qt's own roles."""

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
    """Newest first. Rows are kept oldest first, so a new one moves no other and an event costs a look-up."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[JobRow] = []
        self._place: dict[str, int] = {}
        self._key_of_job: dict[str, str] = {}
        self._numbered = 0
        """Rows below this place have their places in `_place`; the others get them when somebody asks."""
        self._held: set[str] = set()

    # ── what Qt asks ─────────────────────────────────────────────────────────────────────────────

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
                return f"{row.path or row.file_name}\n{row_text.state_line(row)}"
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
        """Rows that wait can be dragged between others, never onto one; those that are read, out of the window."""
        if not index.isValid():
            return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled
        row = self.row_at(index.row())
        can_drag = row.is_unsent or row.has_result
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if can_drag else Qt.ItemFlag.NoItemFlags)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    # ── look-ups ─────────────────────────────────────────────────────────────────────────────────

    def row(self, key: str) -> JobRow | None:
        place = self.place(key)
        return None if place is None else self._rows[place]

    def place(self, key: str) -> int | None:
        """How many rows are below the row: among files that wait, the highest place is sent first."""
        if self._numbered < len(self._rows):
            self._number()
        return self._place.get(key)

    def row_at(self, index_row: int) -> JobRow:
        """The row at a place counted from the top."""
        return self._rows[len(self._rows) - 1 - index_row]

    def row_of_job(self, job_id: str) -> JobRow | None:
        if self._numbered < len(self._rows):
            self._number()
        return self.row(self._key_of_job.get(job_id, ""))

    def index_of(self, key: str) -> QModelIndex:
        place = self.place(key)
        return QModelIndex() if place is None else self.index(len(self._rows) - 1 - place)

    def rows(self) -> Sequence[JobRow]:
        """All rows, oldest first."""
        return tuple(self._rows)

    # ── changes ──────────────────────────────────────────────────────────────────────────────────

    def add_files(self, paths: Sequence[Path]) -> list[str]:
        """Rows for new files, on top of all but those that wait already. Their keys, in the files' order."""
        return self.add_rows([row_of_file(path) for path in paths])

    def add_rows(self, rows: Sequence[JobRow]) -> list[str]:
        """Files that wait: the list is the order in which they are sent, so they go under those that wait already."""
        waiting = (place for place, row in enumerate(self._rows) if row.job_id is None and not row.state.is_over)
        self._put(next(waiting, len(self._rows)), rows[::-1])
        return [row.key for row in rows]

    def hold(self, job_ids: Iterable[str]) -> None:
        """These jobs were stopped to go on later: they show as paused, not as cancelled."""
        for job_id in job_ids:
            self._held.add(job_id)
            row = self.row_of_job(job_id)
            if row is not None:
                self._change(row)

    def release(self, job_id: str) -> None:
        """The job is not held any more; how it goes on is in what the server says next."""
        self._held.discard(job_id)

    def held_jobs(self) -> tuple[str, ...]:
        """Also those whose rows are not here yet: the server may be away."""
        return tuple(sorted(self._held))

    def release_unknown(self) -> None:
        """All jobs that there are have rows now."""
        self._held = {job_id for job_id in self._held if self.row_of_job(job_id) is not None}

    def reorder(self, keys: Sequence[str]) -> None:
        """Puts these rows, from the top down, in the places that they have among them."""
        places = sorted((place for key in keys if (place := self.place(key)) is not None), reverse=True)
        rows = [self._rows[self._place[key]] for key in keys if key in self._place]
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [self._rows[len(self._rows) - 1 - index.row()].key for index in before]
        for place, row in zip(places, rows, strict=True):
            self._rows[place] = row
            self._place[row.key] = place
        self.changePersistentIndexList(before, [self.index_of(key) for key in held])
        self.layoutChanged.emit()

    def merge(self, views: Iterable[JobView]) -> None:
        """Takes in what the server lists: rows that are here are brought up to date, others are added."""
        strangers = []
        for view in views:
            row = self.row_of_job(view.job_id)
            if row is None:
                strangers.append(self._as_held(row_of_view(view)))
            else:
                self._change(with_view(row, view))
        strangers.sort(key=lambda row: row.created_at)
        newest = self._rows[-1].created_at if self._rows else datetime.min.replace(tzinfo=UTC)
        self._insert([row for row in strangers if row.created_at <= newest])
        self._put(len(self._rows), [row for row in strangers if row.created_at > newest])
        self._number()

    def apply(self, event: Event) -> bool:
        """Brings the event's job up to date; False when no row has it."""
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
        """The server has the file. It may have told of the job before its answer arrived: then two rows become one."""
        twin = self.row_of_job(job_id)
        row = self.row(key)
        if row is None:
            return
        row = replace(row, state=RowState.QUEUED, job_id=job_id, sent_bytes=row.size_bytes)
        if twin is not None and twin.key != key:
            row = replace(twin, key=key, path=row.path, once=row.once)
            self.remove(twin.key)
        self._key_of_job[job_id] = key
        self._change(row)

    def mark_requeued(self, key: str) -> None:
        """The file is another upload from now on: it was changed, or refused before."""
        self._update(key, once=new_upload())

    def mark_refused(self, key: str, reason: str) -> None:
        self._update(key, state=RowState.REFUSED, error=reason, ended_at=datetime.now(UTC))

    def mark_cancelled(self, key: str) -> None:
        self._update(key, state=RowState.CANCELLED, ended_at=datetime.now(UTC))

    def mark_paused(self, *keys: str) -> None:
        """Files that are not sent yet are held back."""
        self._update_all(keys, state=RowState.PAUSED)

    def set_expected_duration(self, key: str, seconds: float) -> None:
        """How long the server thinks that the job will take."""
        self._update(key, due_at=datetime.now(UTC) + timedelta(seconds=seconds))

    def move_all_to(self, other: JobsModel) -> None:
        """Everything, in its order, into a model that has nothing."""
        rows, held = list(self._rows), self._held
        if rows:
            self.beginRemoveRows(QModelIndex(), 0, len(rows) - 1)
            self._rows, self._place, self._key_of_job, self._numbered = [], {}, {}, 0
            self.endRemoveRows()
        self._held, other._held = set(), held
        other._put(0, rows)

    def remove(self, *keys: str) -> None:
        """Neighbours go together: one by one, each would have the window look at another row."""
        places = sorted({place for key in keys if (place := self.place(key)) is not None}, reverse=True)
        end = 0
        for number, place in enumerate(places):  # from the highest, so that no other place moves
            end = end or place + 1
            if number + 1 == len(places) or places[number + 1] != place - 1:
                self._take_out(place, end)
                end = 0

    # ── how they are kept ────────────────────────────────────────────────────────────────────────

    def _update(self, key: str, **changes: Any) -> None:
        row = self.row(key)
        if row is not None:
            self._change(replace(row, **changes))

    def _update_all(self, keys: Iterable[str], **changes: Any) -> None:
        """The same change for many, told of once."""
        places = [place for key in keys if (place := self.place(key)) is not None]
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
        place = self.place(row.key)
        if place is None:
            return
        old, self._rows[place] = self._rows[place], row
        if old != row:
            index = self.index(len(self._rows) - 1 - place)
            self.dataChanged.emit(index, index, _CHANGING)

    def _put(self, place: int, rows: Sequence[JobRow]) -> None:
        """Neighbours, above so many rows."""
        if not rows:
            return
        index = len(self._rows) - place
        self.beginInsertRows(QModelIndex(), index, index + len(rows) - 1)
        self._rows[place:place] = rows
        self._numbered = min(self._numbered, place)
        self.endInsertRows()

    def _take_out(self, start: int, end: int) -> None:
        """The rows from one place to before another."""
        self.beginRemoveRows(QModelIndex(), len(self._rows) - end, len(self._rows) - 1 - start)
        gone = self._rows[start:end]
        del self._rows[start:end]
        for row in gone:
            del self._place[row.key]
            self._held.discard(row.job_id or "")
            if row.job_id and self._key_of_job.get(row.job_id) == row.key:
                del self._key_of_job[row.job_id]
        self._numbered = min(self._numbered, start)
        self.endRemoveRows()

    def _insert(self, rows: Sequence[JobRow]) -> None:
        """Not newer than all others: each goes to its place by time, and neighbours go in together."""
        places = [bisect_right(self._rows, row.created_at, key=lambda other: other.created_at) for row in rows]
        groups: dict[int, list[JobRow]] = {}
        for place, row in zip(places, rows, strict=True):
            groups.setdefault(place, []).append(row)
        for place, group in sorted(groups.items(), reverse=True):  # from the end, so that no place moves
            self._put(place, group)

    def _number(self) -> None:
        """Once for many insertions: a list of thousands that is merged into another would take seconds else."""
        start, self._numbered = self._numbered, len(self._rows)
        for place in range(start, len(self._rows)):
            row = self._rows[place]
            self._place[row.key] = place
            if row.job_id:
                self._key_of_job[row.job_id] = row.key
