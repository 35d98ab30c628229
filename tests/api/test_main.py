"""`ocrdesk_api.main:app` under real ASGI servers: it starts, serves, stops, and reports invalid settings."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.asgi_servers import SERVERS, command, running_server
from tests.helpers.processes import clean_env, free_port, run_valkey, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until

EXIT_CODE_IS_LOST = {"uvicorn with two workers"}
"""A server whose main process exits with 0 although no worker could start."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture
def env(folder: Path) -> Iterator[dict[str, str]]:
    (folder / "valkey").mkdir()
    with run_valkey(folder / "valkey") as url:
        yield {"REDIS_URL": url}


def follow(url: str, opened: Event) -> None:
    """Follow the events until they end. Raises RemoteProtocolError if the connection is cut."""
    with plain_http.stream("GET", f"{url}/ocr/events", timeout=90, trust_env=False) as stream:
        for _ in stream.iter_bytes():
            opened.set()


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_stops_ends_event_streams(name: str, folder: Path, env: dict[str, str]) -> None:
    """With a grace period so long that waiting for it would fail the test."""
    port = free_port()
    words = command(name, port)
    with running_server(words, port, folder, **env, API_GRACE_S="600") as server, ThreadPoolExecutor() as pool:
        opened = Event()
        ending = pool.submit(follow, server.url, opened)
        assert opened.wait(60)
        server.process.terminate()
        ending.result(90)
        server.process.wait(90)
        assert "Traceback (most recent call last)" not in server.log.read_text()


@pytest.mark.parametrize("name", SERVERS)
def test_a_wrong_setting_is_one_sentence_and_ends_the_server(name: str, folder: Path) -> None:
    done = subprocess.run(
        command(name, free_port()),
        cwd=folder,
        env=clean_env(MAX_PDF_PAGES="many"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "MAX_PDF_PAGES: this must be a whole number" in said
    assert "Traceback" not in said
    assert done.returncode != 0 or name in EXIT_CODE_IS_LOST


def test_importing_it_is_cheap() -> None:
    """No framework, no connection, no setting: workers of a server import it before they are forked."""
    code = "import sys, ocrdesk_api.main; print(*sys.modules)"
    env = clean_env(MAX_PDF_PAGES="many", REDIS_URL="nowhere")
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert not {"fastapi", "numpy", "ocrdesk_api.app"} & set(done.stdout.split())


def test_a_file_next_to_it_has_its_settings(folder: Path, env: dict[str, str]) -> None:
    (folder / ".env").write_text(f"REDIS_URL={env['REDIS_URL']}\nMAX_PDF_PAGES=7\nMAX_FILE_SIZE_MB=9\n")
    port = free_port()
    with running_server(command("uvicorn", port), port, folder, MAX_FILE_SIZE_MB="2") as server:
        limits = server.get("/capabilities").json()["limits"]
        assert (limits["max_pages"], limits["max_file_size_bytes"]) == (7, 2 << 20)


def test_a_broken_file_next_to_it_ends_the_server(folder: Path) -> None:
    (folder / ".env").write_text("MAX_PDF_PAGES 7\n")
    done = subprocess.run(
        command("uvicorn", free_port()), cwd=folder, env=clean_env(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert ".env, line 1: write NAME=value" in done.stderr
    assert "Traceback" not in done.stderr


def test_its_lines_and_the_servers_are_json_and_no_path_is_logged_twice(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    with running_server(command("uvicorn", port), port, folder, **env, ENV="production") as server:
        assert server.get("/ocr/result/none?hush=1").status_code == 404
        lines = wait_until(lambda: [line for line in server.log.read_text().splitlines() if "/ocr/result" in line])
    assert [json.loads(line)["event"] for line in lines] == ["GET /api/v1/ocr/result/{job_id} 404"]
    started = [line for line in server.log.read_text().splitlines() if "Uvicorn running" in line]
    assert [json.loads(line)["logger"] for line in started] == ["uvicorn.error"]
    assert "hush" not in server.log.read_text()


def test_development_has_readable_lines(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    with running_server(command("uvicorn", port), port, folder, **env, ENV="development") as server:
        said = wait_until(lambda: "Uvicorn running" in server.log.read_text() and server.log.read_text())
    assert "INFO uvicorn.error: Uvicorn running on" in str(said)


def test_behind_a_path_prefix(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    words = [*command("uvicorn", port), "--root-path", "/ocr-service"]
    with running_server(words, port, folder, **env) as server:
        base = f"http://127.0.0.1:{port}"
        page = plain_http.get(f"{base}/docs", trust_env=False)
        assert page.status_code == 200
        assert "/ocr-service/openapi.json" in page.text
        files = {"file": ("scan.png", text_png("Hello"))}
        assert plain_http.post(f"{server.url}/ocr/submit", files=files, timeout=60, trust_env=False).status_code == 202


def test_on_a_unix_socket(folder: Path, env: dict[str, str]) -> None:
    place = folder / "api.sock"
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "ocrdesk_api.main:app", "--uds", str(place)],
        cwd=folder,
        env=clean_env(**env, RATE_LIMIT_ENABLED="true"),
        stderr=subprocess.DEVNULL,
    )
    try:
        with plain_http.Client(transport=httpx2.HTTPTransport(uds=str(place)), base_url="http://api/api/v1") as http:

            def is_healthy() -> bool:
                try:
                    return http.get("/health", timeout=30).status_code == 200
                except httpx2.TransportError:
                    return False

            wait_until(is_healthy, "the api's answer")
            files = {"file": ("scan.png", text_png("Hello"))}
            assert http.post("/ocr/submit", files=files, timeout=60).status_code == 202
    finally:
        process.terminate()
        process.wait(40)


def test_a_changed_file_restarts_it(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    words = [*command("uvicorn", port), "--reload", "--reload-dir", str(folder)]
    changed = folder / "changed.py"
    changed.touch()
    with running_server(words, port, folder, **env) as server:

        def is_restarted() -> bool:
            """Return whether it has restarted. It may not have seen the file yet, so change it again."""
            os.utime(changed, (0, changed.stat().st_mtime + 1))
            return server.log.read_text().count("Started server process") >= 2

        wait_until(is_restarted, "the restart")
        wait_until(lambda: server.is_alive, "the server's answer")


def test_it_drains_and_a_second_signal_ends_it(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    with running_server(command("uvicorn", port), port, folder, **env, API_DRAIN_S="600") as server:
        server.process.terminate()
        wait_until(lambda: server.get("/health/ready").status_code == 503, "the api that is not ready")
        files = {"file": ("scan.png", text_png("Hello"))}
        answer = plain_http.post(f"{server.url}/ocr/submit", files=files, timeout=60, trust_env=False)
        assert answer.status_code == 202
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)


def test_a_long_upload_is_refused_after_the_grace_period(folder: Path, env: dict[str, str]) -> None:
    """This needs no option of the server."""
    port = free_port()
    with running_server(command("uvicorn", port), port, folder, **env, API_GRACE_S="0.5") as server:
        with socket.create_connection(("127.0.0.1", port)) as upload:
            upload.settimeout(60)
            head = "POST /api/v1/ocr/submit HTTP/1.1\r\nHost: api\r\nContent-Length: 100000\r\n"
            form = "Content-Type: multipart/form-data; boundary=b0undary\r\n\r\n--b0undary\r\n"
            file = 'Content-Disposition: form-data; name="file"; filename="scan.png"\r\n\r\n'
            upload.sendall((head + form + file).encode())
            wait_until(lambda: "in_progress 2.0" in server.get("/metrics").text, "the upload under way")
            server.process.terminate()
            answer = b"".join(iter(lambda: upload.recv(65_536), b"")).decode()
        assert answer.startswith("HTTP/1.1 503")
        assert "shutting_down" in answer
        server.process.wait(60)
