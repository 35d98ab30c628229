"""Work runs in threads, and its results arrive in the main thread unless it was cancelled."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ocrdesk.desktop.background.tasks import Lane, Task, Tasks


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.shut_down()


def test_result_arrives_on_the_main_thread(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    tasks.run(threading.current_thread, lambda thread: seen.extend([thread, threading.current_thread()]), seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] is not threading.main_thread()
    assert seen[1] is threading.main_thread()


def test_exception_arrives_as_itself(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[Exception] = []
    tasks.run(lambda: 1 // 0, lambda _: None, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], ZeroDivisionError)


def test_reports_arrive_in_order_and_before_the_result(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    task = Task()
    report = tasks.later(task, seen.append)

    def work() -> str:
        for number in range(50):
            report(number)
        return "done"

    tasks.run(work, seen.append, seen.append, task=task)
    qtbot.waitUntil(lambda: "done" in seen)
    assert seen == [*range(50), "done"]


def test_nothing_arrives_after_cancel(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait(10)
        return "late"

    task = tasks.run(work, seen.append, seen.append, lane=Lane.FILES)
    assert begun.wait(10)
    task.cancel()
    go_on.set()
    tasks.run(lambda: "next", seen.append, seen.append, lane=Lane.FILES)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["next"]


def test_shut_down_returns_while_work_hangs_and_nothing_arrives(tasks: Tasks, qapp: object) -> None:
    seen: list[object] = []
    begun, go_on, over = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)
        over.set()

    task = tasks.run(work, seen.append, seen.append)
    assert begun.wait(10)
    tasks.shut_down()
    assert task.stopped.is_set()
    go_on.set()
    assert over.wait(10)
    tasks.run(lambda: "too late", seen.append, seen.append)
    qapp.processEvents()  # type: ignore[attr-defined]
    assert seen == []


def test_callbacks_are_released_when_their_work_is_done(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    task = Task()

    class Callback:
        def __call__(self, what: object) -> None:
            seen.append(what)

    callbacks = [Callback() for _ in range(3)]
    kept = [weakref.ref(callback) for callback in callbacks]
    tasks.later(task, callbacks[0])
    tasks.run(lambda: 1, callbacks[1], callbacks[2], task=task)
    callbacks.clear()
    qtbot.waitUntil(lambda: not any(reference() for reference in kept))
    assert seen == [1]
