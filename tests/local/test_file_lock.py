"""File locks between processes: exclusive or shared, and never stale."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ocrdesk.local.file_lock import FileLock
from tests.helpers.damaged_files import each_damage
from tests.helpers.wait import wait_until

_HOLD = """
import sys, time
from pathlib import Path
from ocrdesk.local.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(shared=sys.argv[2] == "shared"), flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(path: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path), kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        assert process.stdin is not None
        process.stdin.close()


def test_an_exclusive_lock_keeps_everyone_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_process(path, "exclusive"):
        assert not FileLock(path).acquire()
        assert not FileLock(path).acquire(shared=True)


def test_a_shared_lock_is_shared_and_keeps_the_exclusive_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_process(path, "shared"):
        mine = FileLock(path)
        assert mine.acquire(shared=True)
        assert not FileLock(path).acquire()
        mine.release()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with another_process(path, "exclusive") as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert FileLock(path).acquire(timeout_s=5)


def test_a_waiting_process_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    mine, other = FileLock(path), FileLock(path)
    assert mine.acquire()
    wait_until(lambda: not other.acquire(timeout_s=0.05), "a refusal while the lock is held")
    mine.release()
    assert other.acquire(timeout_s=5)


def test_a_child_process_does_not_hold_on_to_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = FileLock(path)
    assert lock.acquire()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as child:
        lock.release()
        assert FileLock(path).acquire(timeout_s=5)  # the child releases it when its program starts
        child.communicate(b"\n")


def test_releasing_twice_is_harmless(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    lock.release()
    assert lock.acquire()
    lock.release()
    lock.release()
    assert lock.acquire()
    lock.release()


def test_the_lock_file_is_private(tmp_path: Path) -> None:
    FileLock(tmp_path / "lock").acquire()
    assert (tmp_path / "lock").stat().st_mode & 0o077 == 0


@each_damage
def test_a_lock_works_whatever_has_its_name(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "some.lock"
    damage(path)
    lock, other = FileLock(path), FileLock(path)
    assert lock.acquire()
    assert lock.is_in_place()
    assert not other.acquire()
    lock.release()
    assert not lock.is_in_place()
    assert other.acquire()
    path.unlink()
    assert not other.is_in_place()
    other.release()
