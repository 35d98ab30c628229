"""Runs work on threads and delivers results by signal; nothing else in the desktop crosses threads.

The threads are our own daemon threads, not QThreadPool's: Qt waits for those at exit, so a call to a
server that does not answer would keep a closed window's process alive.

A worker thread never holds a callback, only its number: a callback belongs to a QObject, which crashes the
process if its last reference is dropped on another thread than its own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

R = TypeVar("R")
P = ParamSpec("P")
Work = Callable[[], None]
Arguments = tuple[tuple[Any, ...], dict[str, Any]]

_TURN_S = 0.01
"""How long messages are delivered before the event loop runs again."""


class Lane(StrEnum):
    """A queue with threads of its own, which starts its work in order."""

    CONNECTION = "connection"
    CALLS = "calls"
    UPLOADS = "uploads"
    PAGES = "pages"
    FILES = "files"
    EXPORTS = "exports"
    WATCH = "watch"
    REVIEW = "review"
    IMAGES = "images"
    THUMBNAILS = "thumbnails"
    SEARCH = "search"
    SAVING = "saving"
    JOURNAL = "journal"
    PENDING_FILES = "pending-files"
    LIBRARY = "library"
    COLLECTING = "collecting"
    SETTINGS = "settings"


_THREADS = {
    Lane.CONNECTION: 6,  # an abandoned connection keeps its thread until its server answers or has all files
    Lane.CALLS: 2,
    Lane.UPLOADS: 2,
    Lane.PAGES: 2,
    Lane.REVIEW: 2,
    Lane.IMAGES: 2,
    Lane.THUMBNAILS: 2,
    Lane.SETTINGS: 2,
}
"""The number of threads; one if not named."""


class Task:
    """Work that can be cancelled: nothing is delivered after `cancel`. Long work checks `stopped`."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.running = 0
        """The number of unfinished pieces. Only Tasks uses it and `callbacks`, on its own thread."""
        self.callbacks: list[int] = []

    def cancel(self) -> None:
        self.stopped.set()


class Tasks(QObject):
    """Runs work on other threads and calls back on the thread of this object."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = _Mailbox(self._arrived.emit)
        self._continue = QTimer(self, singleShot=True, interval=0)
        self._continue.timeout.connect(self._deliver)
        self._queues: dict[Lane, SimpleQueue[Work | None]] = {}
        self._callbacks: dict[int, Callable[..., None]] = {}
        self._numbers = count(1)
        self._tasks: set[Task] = set()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], R],
        done: Callable[[R], None],
        failed: Callable[[Exception], None],
        *,
        lane: Lane = Lane.CALLS,
        task: Task | None = None,
    ) -> Task:
        """Run `work` on another thread, then call `done` with its result or `failed` with its exception on this one.

        `work` must not refer to a QObject.
        """
        task = task or Task()
        if self._mailbox.is_open:
            task.running += 1
            self._tasks.add(task)
            numbers = self._register(task, done), self._register(task, failed)
            self._queue(lane).put(_piece(work, task, self._mailbox, *numbers))
        return task

    def later(self, task: Task, callback: Callable[P, None]) -> Callable[P, None]:
        """Return a function that any thread may call while `task` runs: it runs `callback` on this object's thread."""
        number, mailbox = self._register(task, callback), self._mailbox

        def post(*args: P.args, **kwargs: P.kwargs) -> None:
            if not task.stopped.is_set():
                mailbox.put(task, number, (args, kwargs))

        return post

    def shut_down(self) -> None:
        """Cancel everything and return at once; nothing is delivered any more."""
        self._mailbox.close()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._callbacks.clear()
        for lane, queue in self._queues.items():
            for _ in range(_THREADS.get(lane, 1)):
                queue.put(None)

    def _register(self, task: Task, callback: Callable[..., None]) -> int:
        number = next(self._numbers)
        self._callbacks[number] = callback
        task.callbacks.append(number)
        return number

    @Slot()
    def _deliver(self) -> None:
        """Deliver what has arrived, in parts, so that the window is painted in between."""
        until = time.monotonic() + _TURN_S
        try:
            while (message := self._mailbox.take()) is not None:
                self._call_back(*message)
                if time.monotonic() >= until:
                    break
        finally:
            if self._mailbox.has_more():
                self._continue.start()

    def _call_back(self, task: Task, number: int, arguments: Arguments | None) -> None:
        if arguments is None:  # a piece has finished
            task.running -= 1
            if not task.running:
                self._tasks.discard(task)
                for callback_number in task.callbacks:
                    self._callbacks.pop(callback_number, None)
                task.callbacks.clear()
            return
        callback = self._callbacks.get(number)
        if callback is not None and not task.stopped.is_set():
            callback(*arguments[0], **arguments[1])

    def _queue(self, lane: Lane) -> SimpleQueue[Work | None]:
        if lane not in self._queues:
            queue: SimpleQueue[Work | None] = SimpleQueue()
            self._queues[lane] = queue
            for number in range(_THREADS.get(lane, 1)):
                name = f"ocrdesk-{lane}-{number + 1}"
                threading.Thread(target=_run_queue, args=(queue,), name=name, daemon=True).start()
        return self._queues[lane]


class _Mailbox:
    """What worker threads hold instead of Tasks: queues messages until it is closed, and notifies for the first."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._notify: Callable[[], None] | None = notify
        self._messages: deque[tuple[Task, int, Arguments | None]] = deque()
        self._has_notified = False

    @property
    def is_open(self) -> bool:
        return self._notify is not None

    def put(self, task: Task, number: int, arguments: Arguments | None) -> None:
        with self._lock:
            if self._notify is None:
                return
            self._messages.append((task, number, arguments))
            if not self._has_notified:
                self._has_notified = True
                self._notify()

    def take(self) -> tuple[Task, int, Arguments | None] | None:
        """Return the oldest message, if any."""
        with self._lock:
            return self._messages.popleft() if self._messages else None

    def has_more(self) -> bool:
        """Return whether messages are left; if not, the next one notifies."""
        with self._lock:
            self._has_notified = bool(self._messages)
            return self._has_notified

    def close(self) -> None:
        with self._lock:
            self._notify = None
            self._messages.clear()


def _piece(work: Callable[[], Any], task: Task, mailbox: _Mailbox, done: int, failed: int) -> Work:
    """Return the work with its report, as a worker thread runs it."""

    def run() -> None:
        if not task.stopped.is_set():
            try:
                number, outcome = done, work()
            except Exception as error:
                number, outcome = failed, error
            mailbox.put(task, number, ((outcome,), {}))
        mailbox.put(task, 0, None)

    return run


def _run_queue(queue: SimpleQueue[Work | None]) -> None:
    """Run one piece of work after the other, until None."""
    while (work := queue.get()) is not None:
        work()
        del work  # or its references live until the next one comes
