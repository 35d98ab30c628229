"""`ocrdesk serve`, `api` and `worker`."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.processes import (
    OCRDESK,
    clean_env,
    end,
    free_port,
    run_ocrdesk,
    run_valkey,
    short_folder,
    start_serve,
    wait_until_served,
)
from tests.helpers.wait import wait_until


@pytest.mark.parametrize("command", ["api", "worker"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_PDF_PAGES", "many"), ("STORAGE_URL", "ftp://host"), ("REDIS_URL", "localhost:6379")],
)
def test_a_setting_that_cannot_be_used_is_named_and_ends_the_part(command: str, name: str, value: str) -> None:
    done = run_ocrdesk(command, timeout_s=30, **({"REDIS_URL": "redis://127.0.0.1:9/0"} | {name: value}))
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def warns_of_open_access(data_dir: Path, host: str = "0.0.0.0", **env: str) -> bool:
    """Start `serve` on a data folder that cannot be used, so that it ends after its warnings."""
    data_dir.write_text("not a folder")
    done = run_ocrdesk("serve", "--host", host, "--port", "0", "--data-dir", data_dir, **env)
    assert done.returncode == 1, done.stderr
    return "Anyone who can reach 0.0.0.0 can use this server." in done.stderr


@pytest.mark.parametrize("value", ["false", "FALSE", "0", "no", "off"])
def test_serve_warns_when_keys_are_switched_off(tmp_path: Path, value: str) -> None:
    assert warns_of_open_access(tmp_path / "data", API_KEY_ENABLED=value)


def test_serve_warns_when_keys_are_not_mentioned(tmp_path: Path) -> None:
    assert warns_of_open_access(tmp_path / "data")


@pytest.mark.parametrize("value", ["true", "1", "yes", "on"])
def test_serve_does_not_warn_when_keys_are_required(tmp_path: Path, value: str) -> None:
    assert not warns_of_open_access(tmp_path / "data", API_KEY_ENABLED=value)


def test_serve_does_not_warn_on_this_machine_alone(tmp_path: Path) -> None:
    assert not warns_of_open_access(tmp_path / "data", host="127.0.0.1")


# ── PORT and .env ────────────────────────────────────────────────────────────────────────────────

BROKEN = ".env, line 1: write NAME=value, or begin the line with #."


@contextlib.contextmanager
def running(*arguments: str, cwd: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """`ocrdesk ARGUMENT…` in a folder."""
    process = subprocess.Popen(
        [*OCRDESK, *arguments], cwd=cwd, env=clean_env(**env), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def limits_of(port: int) -> tuple[int, int]:
    """The limits of pages and bytes that the api at a port tells, once it answers."""

    def told() -> tuple[int, int] | None:
        try:
            limits = plain_http.get(f"http://127.0.0.1:{port}/api/v1/capabilities", trust_env=False).json()["limits"]
        except httpx2.TransportError:
            return None
        return limits["max_pages"], limits["max_file_size_bytes"]

    return wait_until(told, "the api's answer") or (0, 0)


def test_the_api_listens_at_port_unless_the_option_says_another(tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    with run_valkey_in_short_folder() as url:
        with running("api", cwd=tmp_path, PORT=str(port), REDIS_URL=url, MAX_PDF_PAGES="5"):
            assert limits_of(port)[0] == 5
        with running("api", "--port", str(other), cwd=tmp_path, PORT=str(port), REDIS_URL=url, MAX_PDF_PAGES="6"):
            assert limits_of(other)[0] == 6


@contextlib.contextmanager
def run_valkey_in_short_folder() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def test_the_api_reads_the_file_in_its_folder_and_the_environment_wins(tmp_path: Path) -> None:
    port = free_port()
    with run_valkey_in_short_folder() as url:
        (tmp_path / ".env").write_text(f"PORT={port}\nREDIS_URL={url}\nMAX_PDF_PAGES=7\nMAX_FILE_SIZE_MB=9\n")
        with running("api", cwd=tmp_path, MAX_FILE_SIZE_MB="2"):
            assert limits_of(port) == (7, 2 << 20)


def test_the_workers_read_the_file_in_their_folder(tmp_path: Path) -> None:
    port = free_port()
    with run_valkey_in_short_folder() as url:
        (tmp_path / ".env").write_text(f"REDIS_URL={url}\n")
        with running("worker", "--workers", "1", cwd=tmp_path), running("api", "--port", str(port), cwd=tmp_path):
            limits_of(port)
            health = f"http://127.0.0.1:{port}/api/v1/health"
            wait_until(lambda: plain_http.get(health, trust_env=False).json()["workers"] == 1, "the worker")


def test_serve_reads_the_file_in_its_folder(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / ".env").write_text(f"PORT={port}\nMAX_PDF_PAGES=7\nMAX_FILE_SIZE_MB=9\n")
    with short_folder() as folder:
        process = start_serve(folder / "data", workers=1, port=None, cwd=tmp_path, MAX_FILE_SIZE_MB="2")
        try:
            assert wait_until_served(process, folder / "data").endswith(f":{port}")
            assert limits_of(port) == (7, 2 << 20)
        finally:
            process.terminate()
            assert process.wait(60) == 0


@pytest.mark.parametrize("command", ["api", "worker", "serve"])
def test_a_broken_file_in_the_folder_ends_the_command(command: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAX_PDF_PAGES 7\n")
    done = run_ocrdesk(command, timeout_s=30, cwd=tmp_path, OCRDESK_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert BROKEN in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_for_others_refuses_names_that_a_page_may_have_forged(tmp_path: Path) -> None:
    """DNS rebinding. On a loopback address it responds only to that one's names."""
    with short_folder() as folder:
        data_dir = folder / "data"
        process = start_serve(data_dir, workers=1, host="0.0.0.0")
        try:
            port = httpx2.URL(wait_until_served(process, data_dir)).port
            for host, status in (("evil.example", 403), ("192.0.2.7", 200), ("scanner", 200)):
                url = f"http://127.0.0.1:{port}/api/v1/ocr/jobs"
                assert plain_http.get(url, headers={"Host": f"{host}:{port}"}, trust_env=False).status_code == status
        finally:
            end(process, 30)


@pytest.mark.parametrize("command", ["api", "serve"])
def test_a_port_that_is_none_is_named(command: str, tmp_path: Path) -> None:
    done = run_ocrdesk(command, timeout_s=30, cwd=tmp_path, PORT="COM3", OCRDESK_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert "PORT: this must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_api_serves_on_a_socket_that_is_open_already() -> None:
    """As systemd passes one on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1/health/live"
        process = subprocess.Popen(
            [*OCRDESK, "api", "--fd", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            env=clean_env(REDIS_URL="redis://127.0.0.1:9/0"),
            stderr=subprocess.DEVNULL,
        )
    try:

        def is_live() -> bool:
            try:
                return plain_http.get(address, trust_env=False).status_code == 200
            except httpx2.TransportError:
                return False

        wait_until(is_live, "the api", 60)
    finally:
        process.terminate()
        process.wait(60)
