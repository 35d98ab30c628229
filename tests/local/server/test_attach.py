"""Attaching to the local server: it is shared, starts on demand, and ends after its last user."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from ocrdesk.local.server import state
from ocrdesk.local.server.attach import Attachment, attach
from tests.helpers import plain_http
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import (
    Backend,
    clean_env,
    run_ocrdesk,
    start_serve,
    wait_until_served,
)
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.local.server.conftest import are_gone, assert_nothing_stays


def test_attaching_to_a_running_serve_uses_it(backend: Backend) -> None:
    with attach(backend.data_dir) as attachment:
        assert attachment.url == backend.url
        assert attachment.token == backend.token


@IN_LONG_FORM
def test_simultaneous_users_share_one_server_that_ends_after_the_last(
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

    without_key = plain_http.get(f"{running.url}/api/v1/ocr/jobs", trust_env=False)
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


@pytest.mark.parametrize(
    "line",
    ["MAX_PDF_PAGES 7", *(pytest.param(line, marks=IN_LONG_FORM) for line in ("MAX_FILE_SIZE_MB=ten", "PORT=COM3"))],
)
def test_a_file_in_the_working_folder_is_not_read(data_dir: Path, tmp_path: Path, line: str) -> None:
    """Others may write to the folder of `ocrdesk ocr`. Each line would end `ocrdesk serve` with an error."""
    (tmp_path / ".env").write_text(f"{line}\n")
    picture = tmp_path / "scan.png"
    picture.write_bytes(text_png("Hello world"))
    done = run_ocrdesk("ocr", "--data-dir", data_dir, picture, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Hello world\n"), done.stderr


def test_modules_in_the_working_folder_are_not_run(data_dir: Path, tmp_path: Path) -> None:
    """A folder of scans may come from anybody."""
    foreign = "from pathlib import Path; Path(__file__).with_name('was-run').touch()\n"
    for module in ("ocrdesk", "ocrdesk_api", "ocrdesk_worker", "redis", "json"):
        (tmp_path / f"{module}.py").write_text(foreign)
    (tmp_path / "scan.png").write_bytes(text_png("Hello there"))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ocrdesk", "ocr", "scan.png", "--data-dir", str(data_dir)],
        cwd=tmp_path,
        env=clean_env(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Hello there" in done.stdout, done.stderr
    assert not (tmp_path / "was-run").exists()
    for command in ("doctor", "languages"):
        subprocess.run(
            [sys.executable, "-P", "-m", "ocrdesk", command], cwd=tmp_path, env=clean_env(), capture_output=True
        )
    assert not (tmp_path / "was-run").exists()
