"""The only place that crosses threads: work goes out to worker threads, what comes of it arrives by one signal.

The threads are daemons of our own and not QThreadPool's: those are waited for at exit, so a call to a
server that does not answer would keep a closed window's process alive.

A worker thread never holds a callback, only its number: a callback belongs to a QObject, and one whose last
reference is dropped on another thread than its own takes the process down.
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
"""How long messages are handed over before the event loop turns once."""


class Lane(StrEnum):
    """What may run beside what: each lane has threads of its own, and starts work in its order."""

    CONNECTION = "connection"
    CALLS = "calls"
    UPLOADS = "uploads"
    PAGES = "pages"
    FILES = "files"
    EXPORTS = "exports"
    WATCH = "watch"
    REVIEW = "review"
    PICTURES = "pictures"
    SEARCH = "search"
    SAVING = "saving"
    JOURNAL = "journal"
    KEEPING = "keeping"
    LIBRARY = "library"
    COLLECTING = "collecting"
    SETTINGS = "settings"


_THREADS = {
    Lane.CONNECTION: 6,  # one that is given up keeps its thread until its server answers or has all files
    Lane.CALLS: 2,
    Lane.UPLOADS: 2,
    Lane.PAGES: 2,
    Lane.REVIEW: 2,
    Lane.PICTURES: 2,
    Lane.SETTINGS: 2,
}
"""One where nothing is said."""


class Task:
    """Some pieces of work. Nothing of them arrives after `cancel`; long work looks at `stopped` by itself."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.running = 0
        """Pieces that are not over yet. Like the numbers, it is for Tasks on its own thread."""
        self.callbacks: list[int] = []

    def cancel(self) -> None:
        self.stopped.set()


class Tasks(QObject):
    """Runs work on other threads and calls back on the thread that this object lives in."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = _Mailbox(self._arrived.emit)
        self._go_on = QTimer(self, singleShot=True, interval=0)
        self._go_on.timeout.connect(self._deliver)
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
        """Runs `work` off this thread, then `done` with its result or `failed` with its exception on it.

        `work` must not refer to a QObject.
        """
        task = task or Task()
        if self._mailbox.is_open:
            task.running += 1
            self._tasks.add(task)
            numbers = self._keep(task, done), self._keep(task, failed)
            self._queue(lane).put(_piece(work, task, self._mailbox, *numbers))
        return task

    def later(self, task: Task, callback: Callable[P, None]) -> Callable[P, None]:
        """`callback`, callable from any thread as long as a piece of `task` runs: it runs on this object's thread."""
        number, mailbox = self._keep(task, callback), self._mailbox

        def post(*args: P.args, **kwargs: P.kwargs) -> None:
            if not task.stopped.is_set():
                mailbox.put(task, number, (args, kwargs))

        return post

    def shut_down(self) -> None:
        """Cancels everything and returns at once; nothing arrives any more."""
        self._mailbox.close()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._callbacks.clear()
        for lane, queue in self._queues.items():
            for _ in range(_THREADS.get(lane, 1)):
                queue.put(None)

    def _keep(self, task: Task, callback: Callable[..., None]) -> int:
        number = next(self._numbers)
        self._callbacks[number] = callback
        task.callbacks.append(number)
        return number

    @Slot()
    def _deliver(self) -> None:
        """Hands over what has arrived; of much only a part at a time, so that the window is painted in between."""
        until = time.monotonic() + _TURN_S
        try:
            while (message := self._mailbox.take()) is not None:
                self._hand_over(*message)
                if time.monotonic() >= until:
                    break
        finally:
            if self._mailbox.has_more():
                self._go_on.start()

    def _hand_over(self, task: Task, number: int, arguments: Arguments | None) -> None:
        if arguments is None:  # a piece is over
            task.running -= 1
            if not task.running:
                self._tasks.discard(task)
                for kept in task.callbacks:
                    self._callbacks.pop(kept, None)
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
                threading.Thread(target=_work_off, args=(queue,), name=name, daemon=True).start()
        return self._queues[lane]


class _Mailbox:
    """What worker threads hold instead of Tasks: takes messages until it is closed, and rings for the first of them."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._ring: Callable[[], None] | None = ring
        self._messages: deque[tuple[Task, int, Arguments | None]] = deque()
        self._has_rung = False

    @property
    def is_open(self) -> bool:
        return self._ring is not None

    def put(self, task: Task, number: int, arguments: Arguments | None) -> None:
        with self._lock:
            if self._ring is None:
                return
            self._messages.append((task, number, arguments))
            if not self._has_rung:
                self._has_rung = True
                self._ring()

    def take(self) -> tuple[Task, int, Arguments | None] | None:
        """The oldest message."""
        with self._lock:
            return self._messages.popleft() if self._messages else None

    def has_more(self) -> bool:
        """Whether messages are left; if not, the next one rings."""
        with self._lock:
            self._has_rung = bool(self._messages)
            return self._has_rung

    def close(self) -> None:
        with self._lock:
            self._ring = None
            self._messages.clear()


def _piece(work: Callable[[], Any], task: Task, mailbox: _Mailbox, done: int, failed: int) -> Work:
    """The work and its report, as a worker thread runs them."""

    def run() -> None:
        if not task.stopped.is_set():
            try:
                number, outcome = done, work()
            except Exception as error:
                number, outcome = failed, error
            mailbox.put(task, number, ((outcome,), {}))
        mailbox.put(task, 0, None)

    return run


def _work_off(queue: SimpleQueue[Work | None]) -> None:
    """A worker thread: one piece of work after the other until the queue says None."""
    while (work := queue.get()) is not None:
        work()
        del work  # or what it refers to lives until the next one comes
