"""The processes of the local server: only one set runs, all stop together, and crashed ones are restarted."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import httpx2
import psutil
import pytest

from ocrdesk.cli.options import ExitCode
from ocrdesk.local.file_lock import FileLock
from ocrdesk.local.paths import run_dir
from ocrdesk.local.server import state
from tests.chaos.disk import Disk
from tests.helpers import plain_http
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import (
    Backend,
    run_ocrdesk,
    running_backend,
    start_serve,
)
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.local.server.conftest import are_gone, assert_nothing_stays


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, pytest.param(signal.SIGINT, marks=IN_LONG_FORM), pytest.param(signal.SIGHUP, marks=IN_LONG_FORM)],
)
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


def test_a_killed_servers_parts_end_too_and_it_can_start_again(data_dir: Path) -> None:
    with running_backend(data_dir, workers=1) as backend:
        children = backend.children()
        backend.process.kill()
        backend.process.wait()
        wait_until(lambda: are_gone(children), "the end of every part")
    with running_backend(data_dir, workers=1) as again:
        assert plain_http.get(f"{again.api}/health", trust_env=False).status_code == 200


def test_jobs_survive_a_restart(data_dir: Path) -> None:
    with running_backend(data_dir, workers=1) as backend:
        headers = {"X-API-Key": backend.token}
        answer = plain_http.post(
            f"{backend.api}/ocr/submit", files={"file": ("a.png", text_png("Still here"))}, headers=headers
        )
        job_id = answer.json()["job_id"]
    with running_backend(data_dir, workers=1) as again:
        result = plain_http.get(f"{again.api}/ocr/result/{job_id}?wait=60", headers=headers, timeout=70).json()
        assert result["text"] == "Still here\n"


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=IN_LONG_FORM), signal.SIGKILL])
def test_an_idempotency_key_survives_a_restart_of_everything(data_dir: Path, number: signal.Signals) -> None:
    def submit(backend: Backend, text: str) -> httpx2.Response:
        return plain_http.post(
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
        with plain_http.Client(
            base_url=again.api, headers={"X-API-Key": again.token}, trust_env=False, timeout=70
        ) as http:
            assert http.get(f"/ocr/result/{first.json()['job_id']}?wait=60").json()["text"] == "Once\n"
            assert len(http.get("/ocr/jobs").json()["jobs"]) == 1


def test_a_second_serve_on_one_folder_names_the_first(backend: Backend) -> None:
    second = run_ocrdesk("serve", "--port", "0", "--data-dir", backend.data_dir)
    assert second.returncode == 1
    assert str(backend.process.pid) in second.stderr
    assert backend.url in second.stderr
    assert "--data-dir" in second.stderr
    assert "Traceback" not in second.stderr
    assert plain_http.get(f"{backend.api}/health", trust_env=False).status_code == 200


def test_a_port_in_use_is_reported_and_leaves_nothing(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_ocrdesk("serve", "--port", str(taken.getsockname()[1]), "--data-dir", data_dir)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert state.read_state(data_dir) is None
    assert FileLock(data_dir / state.LOCK_FILE).acquire()


def test_a_full_disk_under_valkey_is_named_and_nothing_waits(data_dir: Path) -> None:
    """Valkey starts, then cannot write; nobody waits for the whole time that a start may take."""
    data_dir.mkdir(mode=0o700)
    with Disk.made(data_dir / "valkey", size_mb=1) as disk:
        if not disk.is_small:
            pytest.skip("this user may not mount a file system")
        with running_backend(data_dir, workers=1) as backend:
            disk.fill()
            ready = f"{backend.api}/health/ready"
            wait_until(lambda: plain_http.get(ready, trust_env=False).status_code == 503, "the first write that fails")
        image = data_dir / "page.png"
        image.write_bytes(text_png("Hello"))
        try:
            done = run_ocrdesk("ocr", image, OCRDESK_DATA_DIR=str(data_dir), timeout_s=60)
            code, said = done.returncode, done.stderr
        except subprocess.TimeoutExpired as waiting:  # its job was accepted by the last write that succeeded
            code, said = int(ExitCode.NO_SERVER), bytes(waiting.stderr or b"").decode()
        assert code == ExitCode.NO_SERVER
        assert f"cannot save its data in {data_dir}" in said
        assert "Redis" not in said
        assert "Traceback" not in said
        disk.free()
        assert "Hello" in run_ocrdesk("ocr", image, OCRDESK_DATA_DIR=str(data_dir)).stdout


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
                answer = plain_http.post(
                    f"{backend.api}/ocr/submit",
                    files={"file": ("a.png", text_png("Back"))},
                    headers=headers,
                    timeout=20,
                )
                if answer.status_code != 202:
                    return False
                url = f"{backend.api}/ocr/result/{answer.json()['job_id']}?wait=30"
                return bool(plain_http.get(url, headers=headers, timeout=40).json().get("text") == "Back\n")
            except httpx2.TransportError:
                return False

        wait_until(reads, "a result after the restart of a part", 60)


def test_files_in_the_data_folder_are_private(backend: Backend) -> None:
    for path in (backend.data_dir, *backend.data_dir.iterdir(), run_dir(backend.data_dir)):
        if path.is_dir() or "lock" in path.name or path.name == "token":
            assert path.stat().st_mode & 0o077 == 0, path
