"""A running server whose files are damaged, deleted or taken over: nobody waits for it, and no two use one folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ocrdesk.contract.states import JobState
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server import state
from ocrdesk.local.server.attach import attach
from ocrdesk.local.server.control import server_status
from ocrdesk.local.server.state import ServerState
from tests.helpers.damaged_files import DAMAGES
from tests.helpers.processes import OCRDESK, clean_env, end, short_folder, wait_until_served
from tests.helpers.rootless import without_root
from tests.helpers.sample_files import text_png
from tests.helpers.stranger import running_stranger
from tests.helpers.wait import wait_until


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start `ocrdesk serve` with the rights of an ordinary user."""
    command = without_root(*OCRDESK, "serve", "--port", "0", "--workers", "1", "--data-dir", str(data_dir))
    return subprocess.Popen(
        command, env=clean_env(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


_FILES = ("token", "backend.json", "backend.lock", "users.lock", "backend.log", "engine.json", "start-error.json")


class Served:
    """A server that was started in a folder whose files were all damaged."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        data_dir.mkdir(mode=0o700)
        for number, name in enumerate(_FILES):
            DAMAGES[(number + 5) % len(DAMAGES)](data_dir / name)
        self.process = start(data_dir)
        self.url = wait_until_served(self.process, data_dir)
        self.token = state.read_token(data_dir)
        self.files = {name: data_dir / name for name in ("token", "backend.json", "backend.lock")}

    def has_its_files(self) -> bool:
        running = state.read_state(self.data_dir)
        return running is not None and running.url == self.url and state.read_token(self.data_dir) == self.token


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with short_folder() as folder:
        served = Served(folder / "data")
        yield served
        end(served.process, 30)


def test_damaged_files_are_written_again_and_attaching_waits_for_them(served: Served) -> None:
    for damage in DAMAGES[::4]:
        damage(served.files["token"])
        damage(served.files["backend.json"])
        with attach(served.data_dir) as attachment, attachment.client() as client:
            assert (attachment.url, attachment.token) == (served.url, served.token), damage
            assert client.jobs() == ()
        wait_until(served.has_its_files, f"the files again after {damage}")


def test_attaching_uses_no_stranger_that_the_state_file_names(served: Served) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    with running_stranger() as stranger:
        state.write_state(served.data_dir, ServerState(ended.pid, stranger.url, on_demand=False, version="1"))
        with attach(served.data_dir) as attachment, attachment.client() as client:
            assert attachment.url == served.url
            assert client.jobs() == ()
            assert attachment.is_running()
        assert stranger.keys == []
    wait_until(served.has_its_files, "the files again")


def test_a_deleted_lock_lets_no_second_server_in(served: Served) -> None:
    lock = FileLock(served.files["backend.lock"])
    served.files["backend.lock"].unlink()
    wait_until(served.files["backend.lock"].exists, "the lock again")
    assert not lock.acquire(), "it is held"
    assert served.process.poll() is None
    assert server_status(served.data_dir).url == served.url


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells which process holds a lock")
def test_a_server_that_cannot_write_its_state_again_is_found_by_its_lock(served: Served) -> None:
    served.files["backend.json"].unlink()
    served.data_dir.chmod(0o500)
    try:
        assert server_status(served.data_dir).url == served.url
        with attach(served.data_dir) as attachment, attachment.client() as client:
            assert attachment.url == served.url
            assert client.jobs() == ()
    finally:
        served.data_dir.chmod(0o700)
    wait_until(served.has_its_files, "the files again")


def test_a_server_whose_socket_was_deleted_works_again(served: Served) -> None:
    """As when its user logs out; the next folder for sockets may be another."""
    shutil.rmtree(run_dir(served.data_dir))
    with attach(served.data_dir) as attachment, attachment.client(retry_policy=60) as client:
        wait_until(lambda: any(run_dir(served.data_dir).iterdir()), "the socket again", 60)
        job_id = client.submit(text_png("Back"), name="a.png")
        assert client.wait(job_id).status is JobState.FINISHED
        client.delete(job_id)
    assert served.process.poll() is None


def test_a_server_whose_folder_was_taken_over_ends_and_leaves_it_alone(data_dir: Path) -> None:
    served = Served(data_dir)
    parts = psutil.Process(served.process.pid).children(recursive=True)
    other = ServerState(os.getpid(), "http://127.0.0.1:9", on_demand=False, version="1")
    served.process.send_signal(signal.SIGSTOP)
    served.files["backend.lock"].unlink()
    lock = FileLock(served.files["backend.lock"])
    assert lock.acquire()
    state.write_state(data_dir, other)
    served.process.send_signal(signal.SIGCONT)
    served.process.wait(60)
    assert state.read_state(data_dir) == other
    assert not any(part.is_running() and part.status() != psutil.STATUS_ZOMBIE for part in parts)
    lock.release()
