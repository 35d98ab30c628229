"""Ends a test that never returns, and lets the other tests run on: a plugin of pytest.

pytest-timeout raises an exception in a test that takes too long. It cannot do so while Qt's event loop runs: its signal
is handled in a slot, and Qt drops the exception. The test process then ends 20 s later, with the stacks of all threads
(`faulthandler_timeout` in pyproject.toml). pytest-xdist reports the test and starts another process. A test whose
marker names a longer limit moves both.
"""

from __future__ import annotations

import faulthandler
import os
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from tests.helpers.file_order import next_file

_STDERR = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_STDERR] = os.dup(2)  # pytest's own capture replaces it during a test


def pytest_unconfigure(config: pytest.Config) -> None:
    os.close(config.stash[_STDERR])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Replace pytest's own second limit, which is the same for all tests."""
    _limit_process(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Limit the teardown of a failed test too: pytest cancels both limits at a failure, for a debugger."""
    _limit_process(item)


def _limit_process(item: pytest.Item) -> None:
    """End the process if the test and its fixtures take longer from now on than the second limit."""
    limit_s = float(item.config.getini("faulthandler_timeout"))
    if limit_s <= 0:
        return
    marker = item.get_closest_marker("timeout")
    own_s = float(marker.args[0]) if marker and marker.args else 0.0
    usual_s = float(item.config.getini("timeout") or 0)
    limit_s = max(limit_s, own_s + limit_s - usual_s)
    faulthandler.dump_traceback_later(limit_s, exit=True, file=item.config.stash[_STDERR])


class FileScheduling(LoadFileScheduling):
    """`--dist loadfile`, which survives the end of a test process.

    Without it pytest-xdist 3.8 gives the test that ended one process to the next, without end, waits forever for a
    process that was given a single test, or gives tests to a process that has not found them yet.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        units = self.assigned_work.pop(node)
        pending = {file: [test for test, done in unit.items() if not done] for file, unit in units.items()}
        pending = {file: tests for file, tests in pending.items() if tests}
        if not pending:
            return None
        ended = next(iter(pending.values())).pop(0)
        for file, tests in pending.items():
            if tests:
                self.workqueue[file] = dict.fromkeys(tests, False)
        self.assign_tests()
        return ended

    def schedule(self) -> None:
        if self.collection is None:
            super().schedule()
            return
        # A new process starts a test when it knows the next one, or that there is none: it may need two assignments.
        self.assign_tests()
        self.assign_tests()

    def assign_tests(self) -> None:
        """Give each process more tests if it has few left, but not to one that has not found its tests yet."""
        for node in self.nodes:
            if node in self.registered_collections:
                self._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a process its next file: every second process one whose tests wait for programs, if there is any."""
        waits = self.nodes.index(node) % 2 == 0
        self.workqueue.move_to_end(next_file(list(self.workqueue), waiting=waits), last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling | None:
    return FileScheduling(config, log) if config.getoption("dist") == "loadfile" else None
