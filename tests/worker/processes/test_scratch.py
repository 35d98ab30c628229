"""Temporary files are private, and go with the task, the worker or the pool that they belong to."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocrdesk.backend.settings import SettingsError
from ocrdesk_worker.processes.scratch import PoolScratch, remove_ownerless, task_folder
from tests.helpers.processes import short_folder

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
NOBODY = 65534


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "scratch"


@pytest.fixture
def scratch(base: Path) -> Iterator[PoolScratch]:
    made = PoolScratch.create(str(base))
    yield made
    with contextlib.suppress(OSError):
        made.remove()


@contextlib.contextmanager
def process(life: Callable[[], object]) -> Iterator[int]:
    """Run `life` in another process, which then waits to be killed; yield its id once `life` has returned."""
    done, finished = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            life()
            os.write(finished, b".")
            signal.pause()
        finally:
            os._exit(1)
    os.close(finished)
    try:
        assert os.read(done, 1)
        yield pid
    finally:
        os.close(done)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_folders_are_private(scratch: PoolScratch) -> None:
    worker = scratch.worker_folder("worker-1")
    with task_folder(worker) as task:
        assert [mode(path) for path in (scratch.path, worker, task)] == [0o700] * 3


@pytest.mark.parametrize("ending", [None, RuntimeError])
def test_a_task_leaves_nothing_however_it_ends(scratch: PoolScratch, ending: type[Exception] | None) -> None:
    worker = scratch.worker_folder("worker-1")
    with contextlib.suppress(RuntimeError), task_folder(worker) as task:
        (task / "upload").write_bytes(b"secret")
        (task / "deep" / "er").mkdir(parents=True)
        (task / "deep" / "link").symlink_to("/")
        (task / "deep").chmod(0)
        if ending:
            raise ending
    assert list(worker.iterdir()) == []


def test_what_a_task_left_is_gone_before_the_next_one(scratch: PoolScratch) -> None:
    worker = scratch.worker_folder("worker-1")
    (worker / "late").write_bytes(b"written by a process that was killed a little later")
    with task_folder(worker):
        assert not (worker / "late").exists()


def test_a_link_that_a_task_left_leads_nowhere(scratch: PoolScratch, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir(mode=0o755)
    (other / "file").write_bytes(b"keep me")
    worker = scratch.worker_folder("worker-1")
    with task_folder(worker) as task:
        (task / "link").symlink_to(other)
        (worker / "beside").symlink_to(other)
    scratch.sweep(())
    assert (other / "file").read_bytes() == b"keep me"
    assert mode(other) == 0o755


def test_folders_of_ended_workers_go_and_those_of_running_ones_stay(scratch: PoolScratch) -> None:
    for name in ("running", "ended"):
        (scratch.worker_folder(name) / "upload").write_bytes(b"secret")
    (scratch.own / "languages").mkdir()
    scratch.sweep(["running"])
    assert sorted(path.name for path in scratch.path.iterdir()) == [".lock", "pool", "running"]
    assert (scratch.own / "languages").is_dir()


def test_a_pool_that_ends_leaves_nothing(scratch: PoolScratch, base: Path) -> None:
    (scratch.worker_folder("worker-1") / "upload").write_bytes(b"secret")
    scratch.remove()
    assert list(base.iterdir()) == []


def test_a_killed_pool_keeps_its_folder_until_its_last_process_has_ended(base: Path) -> None:
    def pool() -> None:
        made = PoolScratch.create(str(base))
        (made.own / "upload").write_bytes(b"secret")

    with process(pool) as first:
        remove_ownerless(base)
        (folder,) = base.iterdir()
        assert (folder / "pool" / "upload").exists(), "its owner runs"
        os.kill(first, signal.SIGSTOP)
        later = PoolScratch.create(str(base))
        assert folder.is_dir(), "a stopped process may go on"
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        later.sweep(())
        assert list(base.iterdir()) == [later.path]
        later.remove()


def test_a_child_of_a_killed_pool_is_an_owner_too(base: Path) -> None:
    read, write = os.pipe()

    def pool() -> None:
        PoolScratch.create(str(base))
        pid = os.fork()
        if pid == 0:
            signal.pause()
        os.write(write, str(pid).encode())

    with process(pool) as first:
        child = int(os.read(read, 20))
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        remove_ownerless(base)
        assert len(list(base.iterdir())) == 1, "a task process of the pool still writes there"
        pidfd = os.pidfd_open(child)
        os.kill(child, signal.SIGKILL)
        select.select([pidfd], [], [])
        remove_ownerless(base)
        assert list(base.iterdir()) == []


def test_other_files_in_the_same_place_stay(scratch: PoolScratch, base: Path, tmp_path: Path) -> None:
    (base / "ocrdesk-pool-file").write_bytes(b"a file")
    (base / "ocrdesk-pool-link").symlink_to(tmp_path)
    (base / "other").mkdir()
    scratch.sweep(())
    assert {path.name for path in base.iterdir()} == {
        "ocrdesk-pool-file",
        "ocrdesk-pool-link",
        "other",
        scratch.path.name,
    }


def test_a_folder_that_is_too_deep_for_python_is_removed(scratch: PoolScratch) -> None:
    worker = scratch.worker_folder("worker-1")
    with task_folder(worker) as task:
        _make_levels(task, 1_000)
    assert list(worker.iterdir()) == []


def _make_levels(folder: Path, count: int) -> None:
    """Make folders in each other; the innermost may not be read."""
    here = os.open(folder, os.O_RDONLY)
    for number in range(count):
        os.mkdir("d", mode=0 if number == count - 1 else 0o700, dir_fd=here)
        inner = os.open("d", os.O_PATH, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


@needs_root
def test_another_users_folder_is_neither_used_nor_removed(base: Path) -> None:
    base.mkdir()
    base.chmod(0o1777)
    trap = base / "ocrdesk-pool-trap"
    trap.mkdir(mode=0o777)
    os.chown(trap, NOBODY, NOBODY)
    made = PoolScratch.create(str(base))
    made.sweep(())
    assert trap.is_dir()
    assert list(trap.iterdir()) == []
    assert made.path != trap
    made.remove()


@needs_root
def test_a_folder_that_a_task_closed_to_its_own_user_is_removed() -> None:
    def task_of_another_user(folder: Path) -> int:
        os.setuid(NOBODY)
        with task_folder(folder) as task:
            (task / "deep" / "er").mkdir(parents=True)
            (task / "deep" / "er" / "upload").write_bytes(b"secret")
            (task / "deep" / "er").chmod(0)
            (task / "deep").chmod(0)
            task.chmod(0)
        return len(list(folder.iterdir()))

    with short_folder() as folder:
        folder.chmod(0o777)
        pid = os.fork()
        if pid == 0:
            os._exit(task_of_another_user(folder))
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@needs_root
def test_a_place_that_cannot_be_written_is_named(base: Path) -> None:
    base.mkdir(mode=0o500)
    pid = os.fork()
    if pid == 0:
        os.setuid(NOBODY)
        try:
            PoolScratch.create(str(base))
        except SettingsError as error:
            os._exit(0 if "SCRATCH_DIR" in str(error) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_many_pools_that_start_at_once_do_not_take_each_others_folders(base: Path) -> None:
    with contextlib.ExitStack() as running:
        for _ in range(8):
            running.enter_context(process(lambda: PoolScratch.create(str(base)).own.stat()))
        remove_ownerless(base)
        assert len(list(base.iterdir())) == 8
    remove_ownerless(base)
    assert list(base.iterdir()) == []
