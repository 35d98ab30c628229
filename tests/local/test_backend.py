"""The local backend as processes: shared, exclusive, stopped whole, and gone after its last user."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server import state
from ocrdesk.local.server.attach import Attachment, attach
from tests.helpers.processes import (
    Backend,
    clean_env,
    run_ocrdesk,
    running_backend,
    short_folder,
    start_serve,
    wait_until_served,
)
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "data"


def are_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != "zombie" for process in processes)


def assert_nothing_stays(data_dir: Path, processes: list[psutil.Process]) -> None:
    wait_until(lambda: are_gone(processes), "the end of every process")
    assert state.read_state(data_dir) is None
    assert FileLock(data_dir / state.LOCK_FILE).acquire()
    assert list(run_dir(data_dir).iterdir()) == []
    run_dir(data_dir).rmdir()


# ── serve ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stopped_backend_leaves_no_process_and_no_lock(data_dir: Path, number: signal.Signals) -> None:
    with running_backend(data_dir, workers=1) as backend:
        children = backend.children()
        names = " ".join(" ".join(child.cmdline()) for child in children)
        assert all(part in names for part in ("valkey-server", "ocrdesk_api", "ocrdesk_worker"))
        assert backend.stop(number) == 0
        assert_nothing_stays(data_dir, children)


def test_a_backend_stopped_while_it_starts_leaves_nothing(data_dir: Path) -> None:
    process = start_serve(data_dir, workers=1)
    children: list[psutil.Process] = wait_until(
        lambda: psutil.Process(process.pid).children(recursive=True), "the first part"
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert_nothing_stays(data_dir, children)


def test_a_killed_backend_takes_its_parts_with_it_and_can_start_again(data_dir: Path) -> None:
    with running_backend(data_dir, workers=1) as backend:
        children = backend.children()
        backend.process.kill()
        backend.process.wait()
        wait_until(lambda: are_gone(children), "the end of every part")
    with running_backend(data_dir, workers=1) as again:
        assert httpx.get(f"{again.api}/health", trust_env=False).status_code == 200


def test_jobs_survive_a_restart(data_dir: Path) -> None:
    with running_backend(data_dir, workers=1) as backend:
        headers = {"X-API-Key": backend.token}
        answer = httpx.post(
            f"{backend.api}/ocr/submit", files={"file": ("a.png", text_png("Still here"))}, headers=headers
        )
        job_id = answer.json()["job_id"]
    with running_backend(data_dir, workers=1) as again:
        result = httpx.get(f"{again.api}/ocr/result/{job_id}?wait=60", headers=headers, timeout=70).json()
        assert result["text"] == "Still here\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_idempotency_key_survives_a_restart_of_everything(data_dir: Path, number: signal.Signals) -> None:
    def submit(backend: Backend, text: str) -> httpx.Response:
        return httpx.post(
            f"{backend.api}/ocr/submit",
            files={"file": ("a.png", text_png(text))},
            headers={"X-API-Key": backend.token, "Idempotency-Key": "of this upload"},
            timeout=30,
            trust_env=False,
        )

    with running_backend(data_dir, workers=1) as backend:
        first = submit(backend, "Once")
        assert first.status_code == 202
        children = backend.children()
        backend.stop(number)
        wait_until(lambda: are_gone(children), "the end of every part")
    with running_backend(data_dir, workers=1) as again:
        repeated, other = submit(again, "Once"), submit(again, "Other")
        assert (repeated.status_code, repeated.json()["job_id"]) == (202, first.json()["job_id"])
        assert repeated.headers["Idempotency-Replayed"] == "true"
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
        with httpx.Client(base_url=again.api, headers={"X-API-Key": again.token}, trust_env=False, timeout=70) as http:
            assert http.get(f"/ocr/result/{first.json()['job_id']}?wait=60").json()["text"] == "Once\n"
            assert len(http.get("/ocr/jobs").json()["jobs"]) == 1


def test_a_second_serve_on_one_folder_says_who_is_there(backend: Backend) -> None:
    second = run_ocrdesk("serve", "--port", "0", "--data-dir", backend.data_dir)
    assert second.returncode == 1
    assert str(backend.process.pid) in second.stderr
    assert backend.url in second.stderr
    assert "--data-dir" in second.stderr
    assert "Traceback" not in second.stderr
    assert httpx.get(f"{backend.api}/health", trust_env=False).status_code == 200


def test_a_port_in_use_is_said_and_leaves_nothing(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_ocrdesk("serve", "--port", str(taken.getsockname()[1]), "--data-dir", data_dir)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert state.read_state(data_dir) is None
    assert FileLock(data_dir / state.LOCK_FILE).acquire()


@pytest.mark.parametrize("part", ["valkey-server", "ocrdesk_api", "ocrdesk_worker"])
def test_a_part_that_was_killed_comes_back(data_dir: Path, part: str) -> None:
    with running_backend(data_dir, workers=1) as backend:
        (old, *_) = [
            child for child in psutil.Process(backend.process.pid).children() if part in " ".join(child.cmdline())
        ]
        old.kill()
        headers = {"X-API-Key": backend.token}

        def reads() -> bool:
            try:
                answer = httpx.post(
                    f"{backend.api}/ocr/submit",
                    files={"file": ("a.png", text_png("Back"))},
                    headers=headers,
                    timeout=20,
                )
                if answer.status_code != 202:
                    return False
                url = f"{backend.api}/ocr/result/{answer.json()['job_id']}?wait=30"
                return bool(httpx.get(url, headers=headers, timeout=40).json().get("text") == "Back\n")
            except httpx.TransportError:
                return False

        wait_until(reads, "a result after the restart of a part", 60)


def test_what_lies_in_the_data_folder_is_private(backend: Backend) -> None:
    for path in (backend.data_dir, *backend.data_dir.iterdir(), run_dir(backend.data_dir)):
        if path.is_dir() or "lock" in path.name or path.name == "token":
            assert path.stat().st_mode & 0o077 == 0, path


# ── attach ───────────────────────────────────────────────────────────────────────────────────────


def test_attaching_to_a_running_serve_uses_it(backend: Backend) -> None:
    with attach(backend.data_dir) as attachment:
        assert attachment.url == backend.url
        assert attachment.token == backend.token


def test_all_who_attach_at_once_share_one_backend_that_ends_after_the_last(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachments: list[Attachment] = []
    threads = [threading.Thread(target=lambda: attachments.append(attach(data_dir))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert len(attachments) == 4
    assert len({(attachment.url, attachment.token) for attachment in attachments}) == 1
    running = state.read_state(data_dir)
    assert running is not None
    assert running.on_demand
    daemon = psutil.Process(running.pid)
    parts = [daemon, *daemon.children(recursive=True)]

    without_key = httpx.get(f"{running.url}/api/v1/ocr/jobs", trust_env=False)
    assert without_key.status_code == 401
    with attachments[0].client() as client:
        assert client.health().status == "healthy"

    *most, last = attachments
    for attachment in most:
        attachment.close()
    with last.client() as client:
        assert client.jobs() == ()
    last.close()
    wait_until(lambda: are_gone(parts), "the end of a backend without users", 60)
    assert_nothing_stays(data_dir, parts)


def test_a_user_that_was_killed_keeps_nothing_up(data_dir: Path) -> None:
    code = "import sys; from pathlib import Path; from ocrdesk.local.server.attach import attach; "
    code += "a = attach(Path(sys.argv[1])); print(a.url, flush=True); sys.stdin.read()"
    user = subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_env()
    )
    assert user.stdout is not None
    assert user.stdout.readline().startswith(b"http://127.0.0.1:")
    running = state.read_state(data_dir)
    assert running is not None
    daemon = psutil.Process(running.pid)
    user.kill()
    user.wait()
    wait_until(lambda: are_gone([daemon]), "the end of a backend whose user was killed", 60)


def test_a_backend_that_cannot_start_says_why(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    (data_dir / "valkey").write_text("a file where a folder must be")
    done = run_ocrdesk("ocr", "--data-dir", data_dir, __file__)
    assert done.returncode == 3
    assert "The local server could not start" in done.stderr
    assert "backend.log" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_waits_for_an_on_demand_backend_to_end(data_dir: Path) -> None:
    with attach(data_dir):
        pass
    process = start_serve(data_dir, workers=1)
    try:
        assert wait_until_served(process, data_dir)
    finally:
        process.terminate()
        assert process.wait(30) == 0
