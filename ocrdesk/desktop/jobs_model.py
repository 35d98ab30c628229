"""The list's model: immutable rows keyed by id, changed one by one and never by a reset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ocrdesk.desktop import job_words
from ocrdesk.desktop.job_row import JobRow, RowState, row_of_file, row_of_view, with_event, with_view

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

    # ── what Qt asks ─────────────────────────────────────────────────────────────────────────────

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        row = self._rows[len(self._rows) - 1 - index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.file_name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.path or row.file_name}\n{job_words.state_line(row)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return job_words.spoken(row)
            case JobRole.KEY:
                return row.key
            case JobRole.STATE:
                return row.state
            case JobRole.STATE_LINE:
                return job_words.state_line(row)
            case JobRole.FRACTION:
                return row.fraction
            case JobRole.PAGES_FAILED:
                return row.pages_failed
            case JobRole.WHEN:
                return job_words.when(row)
        return None

    # ── look-ups ─────────────────────────────────────────────────────────────────────────────────

    def row(self, key: str) -> JobRow | None:
        place = self._place.get(key)
        return None if place is None else self._rows[place]

    def row_of_job(self, job_id: str) -> JobRow | None:
        return self.row(self._key_of_job.get(job_id, ""))

    def index_of(self, key: str) -> QModelIndex:
        place = self._place.get(key)
        return QModelIndex() if place is None else self.index(len(self._rows) - 1 - place)

    def rows(self) -> Sequence[JobRow]:
        """All rows, oldest first."""
        return tuple(self._rows)

    # ── changes ──────────────────────────────────────────────────────────────────────────────────

    def add_files(self, paths: Sequence[Path]) -> list[str]:
        """Rows for new files, on top of all others; the first file is the topmost. Their keys, in the files' order."""
        rows = [row_of_file(path) for path in paths]
        self._append(rows[::-1])
        return [row.key for row in rows]

    def merge(self, views: Iterable[JobView]) -> None:
        """Takes in what the server lists: rows that are here are brought up to date, others are added."""
        strangers = []
        for view in views:
            row = self.row_of_job(view.job_id)
            if row is None:
                strangers.append(row_of_view(view))
            else:
                self._change(with_view(row, view))
        self.put_back(sorted(strangers, key=lambda row: row.created_at))

    def apply(self, event: Event) -> bool:
        """Brings the event's job up to date; False when no row has it."""
        row = self.row_of_job(event.job_id)
        if row is None:
            return False
        self._change(with_event(row, event))
        return True

    def waiting(self, key: str) -> None:
        self._update(key, state=RowState.WAITING, sent_bytes=0)

    def sending(self, key: str, sent_bytes: int, size_bytes: int) -> None:
        self._update(key, state=RowState.SENDING, sent_bytes=sent_bytes, size_bytes=size_bytes)

    def accepted(self, key: str, job_id: str) -> None:
        """The server has the file. It may have told of the job before its answer arrived: then two rows become one."""
        twin = self.row_of_job(job_id)
        row = self.row(key)
        if row is None:
            return
        row = replace(row, state=RowState.QUEUED, job_id=job_id, sent_bytes=row.size_bytes)
        if twin is not None and twin.key != key:
            row = replace(twin, key=key, path=row.path)
            self.remove(twin.key)
        self._key_of_job[job_id] = key
        self._change(row)

    def refused(self, key: str, reason: str) -> None:
        self._update(key, state=RowState.REFUSED, error=reason, ended_at=datetime.now(UTC))

    def cancelled(self, key: str) -> None:
        self._update(key, state=RowState.CANCELLED, ended_at=datetime.now(UTC))

    def take_all(self) -> list[JobRow]:
        """Takes all rows out; oldest first, as `put_back` has them."""
        rows = list(self._rows)
        if rows:
            self.beginRemoveRows(QModelIndex(), 0, len(rows) - 1)
            self._rows.clear()
            self._place.clear()
            self._key_of_job.clear()
            self.endRemoveRows()
        return rows

    def put_back(self, rows: Sequence[JobRow]) -> None:
        """Puts rows that were taken out into a model that has none of them."""
        newest = self._rows[-1].created_at if self._rows else datetime.min.replace(tzinfo=UTC)
        self._insert([row for row in rows if row.created_at <= newest])
        self._append([row for row in rows if row.created_at > newest])

    def remove(self, key: str) -> None:
        place = self._place.get(key)
        if place is None:
            return
        index = len(self._rows) - 1 - place
        self.beginRemoveRows(QModelIndex(), index, index)
        row = self._rows.pop(place)
        del self._place[key]
        if row.job_id and self._key_of_job.get(row.job_id) == key:
            del self._key_of_job[row.job_id]
        self._renumber(place)
        self.endRemoveRows()

    # ── how they are kept ────────────────────────────────────────────────────────────────────────

    def _update(self, key: str, **changes: Any) -> None:
        row = self.row(key)
        if row is not None:
            self._change(replace(row, **changes))

    def _change(self, row: JobRow) -> None:
        place = self._place[row.key]
        old, self._rows[place] = self._rows[place], row
        if old != row:
            index = self.index(len(self._rows) - 1 - place)
            self.dataChanged.emit(index, index, _CHANGING)

    def _append(self, rows: Sequence[JobRow]) -> None:
        """Newer than all others: the view's top."""
        if not rows:
            return
        self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
        start = len(self._rows)
        self._rows.extend(rows)
        self._renumber(start)
        self.endInsertRows()

    def _insert(self, rows: Sequence[JobRow]) -> None:
        """Not newer than all others: each goes to its place by time, and neighbours go in together."""
        places = [bisect_right(self._rows, row.created_at, key=lambda other: other.created_at) for row in rows]
        groups: dict[int, list[JobRow]] = {}
        for place, row in zip(places, rows, strict=True):
            groups.setdefault(place, []).append(row)
        for place, group in sorted(groups.items(), reverse=True):  # from the end, so that no place moves
            index = len(self._rows) - place
            self.beginInsertRows(QModelIndex(), index, index + len(group) - 1)
            self._rows[place:place] = group
            self._renumber(place)
            self.endInsertRows()

    def _renumber(self, start: int) -> None:
        for place in range(start, len(self._rows)):
            row = self._rows[place]
            self._place[row.key] = place
            if row.job_id:
                self._key_of_job[row.job_id] = row.key
