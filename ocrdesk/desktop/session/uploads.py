"""Uploads files in order, two at a time; a refused file does not stop the others."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.jobs.default_options import JobDefaults
from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.jobs.row import JobRow, RowState

if TYPE_CHECKING:
    from ocrdesk.client import Client
    from ocrdesk.contract.jobs import SubmitAnswer

_AT_ONCE = 2
_RETRY_MS = 2_000
_MAX_RETRY_MS = 900_000


class Uploads(QObject):
    """Keeps files waiting until the server answers, and again when the connection is lost."""

    accepted = Signal(str, str)
    """A row's key and its job's id."""
    idle = Signal()
    """No upload is in progress, and none can start now."""
    key_refused = Signal(object)
    """The AuthError: the server no longer accepts the key. The files wait for another one."""
    delayed = Signal(str, object)
    """A file's name, and the ServerBusyError because of which it waits although the server answers."""
    language_missing = Signal(str)
    """A file was refused because the server lacks its language; the sentence that says so."""

    def __init__(self, model: JobsModel, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._client: Client | None = None
        self._waiting: list[str] = []
        """The next one last. Rows that are paused, cancelled or removed by then are skipped."""
        self._is_ordered = True
        self._sending: dict[str, Task] = {}
        self._unwanted: set[str] = set()
        self._is_in_background = False
        self._defaults: dict[str, JobDefaults] = {}
        """The options when the file was added."""
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._send_next)

    @property
    def is_busy(self) -> bool:
        """Whether uploads are in progress or about to start."""
        return bool(self._sending) or bool(self._client and self.left)

    @property
    def left(self) -> int:
        """How many files are not uploaded yet, without paused ones."""
        return len(self._sending) + sum(self._is_waiting(key) for key in self._waiting)

    @property
    def model(self) -> JobsModel:
        """The model with the files' rows."""
        return self._model

    def move_to_background(self, model: JobsModel) -> None:
        """Continue for a server that is not shown, with the rows in `model`, until the connection breaks; then wait."""
        self._model, self._is_in_background = model, True

    def return_to_window(self, model: JobsModel) -> None:
        self._model, self._is_in_background = model, False

    def add(self, keys: Iterable[str], defaults: JobDefaults) -> None:
        keys = list(keys)
        self._defaults |= dict.fromkeys(keys, defaults)
        self._waiting.extend(keys)
        self._is_ordered = False
        self._send_next()

    def reorder(self) -> None:
        """Follow the list's new order: higher rows are sent earlier."""
        self._is_ordered = False

    def _next(self) -> str | None:
        if not self._is_ordered:  # only now: a thousand files arrive in many batches
            self._order()
        return self._waiting.pop() if self._waiting else None

    def _order(self) -> None:
        self._is_ordered = True
        places = {key: place for key in self._waiting if (place := self._model.position(key)) is not None}
        self._waiting = sorted(places, key=places.__getitem__)

    def start(self, client: Client) -> None:
        self._client = client
        self._send_next()

    def pause(self) -> None:
        """Stop: the server is unreachable. Uploads in progress fail by themselves and wait again."""
        self._client = None

    def drop(self, key: str) -> None:
        """Forget a row. If its upload is in progress, its job is deleted afterwards."""
        if key in self._sending:
            self._unwanted.add(key)

    def _send_next(self) -> None:
        while self._client and self._waiting and len(self._sending) < _AT_ONCE and not self._retry.isActive():
            if (key := self._next()) is None:
                return
            row = self._model.row(key)
            if row is not None and row.path is not None and row.state is RowState.WAITING:
                self._send(row, row.path, self._client)
        if not self.is_busy:
            self.idle.emit()

    def _wait(self, key: str) -> None:
        self._model.mark_waiting(key)
        self._waiting.append(key)

    def _is_waiting(self, key: str) -> bool:
        row = self._model.row(key)
        return row is not None and row.state is RowState.WAITING

    def _send(self, row: JobRow, path: Path, client: Client) -> None:
        key, idempotency_key, task = row.key, row.idempotency_key, Task()
        defaults = self._defaults.get(key, JobDefaults())
        on_sent = _once_per_percent(self._tasks.later(task, partial(self._on_sent, key)))
        self._sending[key] = task
        self._model.mark_sending(key, 0, 0)
        self._tasks.run(
            # without retries: the list shows that the file waits, and the user can cancel it
            lambda: client.with_retry_policy(0).submit_file(
                path, defaults.options(), on_sent, idempotency_key=idempotency_key
            ),
            partial(self._on_accepted, key, client),
            partial(self._on_failed, key),
            lane=Lane.UPLOADS,
            task=task,
        )

    def _on_sent(self, key: str, sent_bytes: int, size_bytes: int) -> None:
        if key not in self._unwanted:
            self._model.mark_sending(key, sent_bytes, size_bytes)

    def _on_accepted(self, key: str, client: Client, answer: SubmitAnswer) -> None:
        del self._sending[key]
        self._defaults.pop(key, None)
        if key in self._unwanted:
            self._unwanted.remove(key)
            self._tasks.run(lambda: client.delete(answer.job_id), lambda _: None, lambda _: None)
        else:
            self.accepted.emit(key, answer.job_id)
            self._model.set_expected_duration(key, answer.estimated_seconds)
        self._send_next()

    def _on_failed(self, key: str, error: Exception) -> None:
        del self._sending[key]
        if key in self._unwanted:
            self._unwanted.remove(key)
        elif _is_about_key(error):
            self._wait(key)
            self.pause()
            self.key_refused.emit(error)
        elif (pause_ms := _pause_ms(error)) is not None:
            if _is_changed_file(error):
                self._model.mark_requeued(key)
            if _is_busy(error) and (row := self._model.row(key)):
                self.delayed.emit(row.file_name, error)
            self._wait(key)
            if self._is_in_background:
                self._client = None
            else:
                self._retry.start(pause_ms)
        else:
            text = reason(error, self._defaults.pop(key, None))
            self._model.mark_refused(key, text)
            if _is_language_missing(error):
                self.language_missing.emit(text)
        self._send_next()


def _is_about_key(error: Exception) -> bool:
    from ocrdesk.client import AuthError  # loaded long before anything is sent

    return isinstance(error, AuthError) and error.status == HTTPStatus.UNAUTHORIZED


def _is_busy(error: Exception) -> bool:
    from ocrdesk.client import ServerBusyError

    return isinstance(error, ServerBusyError)


def _pause_ms(error: Exception) -> int | None:
    """Return how long to wait before the next attempt; None if that would not help."""
    from ocrdesk.client import RateLimitedError, ServerUnavailableError  # loaded long before anything is sent

    if _is_changed_file(error):
        return 0
    if not isinstance(error, ServerUnavailableError | RateLimitedError):
        return None
    asked_ms = _RETRY_MS if error.retry_after_s is None else min(_MAX_RETRY_MS, int(error.retry_after_s * 1000))
    return int(asked_ms * random.uniform(1.0, 1.25))  # noqa: S311  # no secret: not all windows return at once


def _is_changed_file(error: Exception) -> bool:
    """Return whether the file changed since an upload that got no answer: it is then a new upload."""
    from ocrdesk.client import IdempotencyConflictError

    return isinstance(error, IdempotencyConflictError)


def _is_language_missing(error: Exception) -> bool:
    from ocrdesk.client import ApiError
    from ocrdesk.contract.errors import ErrorCode

    return isinstance(error, ApiError) and error.code == ErrorCode.UNKNOWN_LANGUAGE


def reason(error: Exception, defaults: JobDefaults | None = None) -> str:
    """Return why a file was refused, as a sentence."""
    tr = QObject().tr
    if defaults and _is_language_missing(error):
        return tr(
            "This server does not have all of the languages {languages}. Add what is missing, or choose others, in "
            "the settings under Languages; then send the file again."
        ).format(languages="+".join(defaults.languages))
    from ocrdesk.desktop.servers.connection_test import explain_refusal

    if found := explain_refusal(error, has_key=True):
        return found.message
    match error:
        case FileNotFoundError():
            return tr("The file is no longer there.")
        case PermissionError():
            return tr("You do not have permission to read this file. Check its permissions.")
        case IsADirectoryError():
            return tr("This is a folder. Open it as a folder.")
        case OSError():
            return tr("The file could not be read: {reason}.").format(reason=short_reason(error))
    return short_reason(error)


def _once_per_percent(report: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Limit the reports to one per percent of the file."""
    shown = -1

    def on_sent(sent_bytes: int, size_bytes: int) -> None:
        nonlocal shown
        percent = sent_bytes * 100 // size_bytes if size_bytes else 100
        if percent != shown:
            shown = percent
            report(sent_bytes, size_bytes)

    return on_sent
