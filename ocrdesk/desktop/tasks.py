"""The only place that crosses threads: work goes out to worker threads, what comes of it arrives by one signal.

The threads are daemons of our own and not QThreadPool's: those are waited for at exit, so a call to a
server that does not answer would keep a closed window's process alive.

A worker thread never holds a callback, only its number: a callback belongs to a QObject, and one whose last
reference is dropped on another thread than its own takes the process down.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

R = TypeVar("R")
P = ParamSpec("P")
Work = Callable[[], None]


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
    Lane.CONNECTION: 6,  # one that is given up has its thread until its server answers, or nothing is sent there any more
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

    _arrived = Signal(object, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = _Mailbox(self._arrived.emit)
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

    @Slot(object, int, object)
    def _deliver(self, task: Task, number: int, arguments: tuple[tuple[Any, ...], dict[str, Any]] | None) -> None:
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
    """What worker threads hold instead of Tasks: takes messages until it is closed."""

    def __init__(self, emit: Callable[[Task, int, object], None]) -> None:
        self._lock = threading.Lock()
        self._emit: Callable[[Task, int, object], None] | None = emit

    @property
    def is_open(self) -> bool:
        return self._emit is not None

    def put(self, task: Task, number: int, arguments: object) -> None:
        with self._lock:
            if self._emit is not None:
                self._emit(task, number, arguments)

    def close(self) -> None:
        with self._lock:
            self._emit = None


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
