"""`ocrdesk serve`, `api` and `worker`."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.helpers.processes import OCRDESK, clean_env, run_ocrdesk
from tests.helpers.wait import wait_until


@pytest.mark.parametrize("command", ["api", "worker"])
@pytest.mark.parametrize(
    ("name", "value"), [("MAX_PDF_PAGES", "many"), ("STORAGE_URL", "s3://bucket"), ("REDIS_URL", "localhost:6379")]
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
                return httpx2.get(address, trust_env=False).status_code == 200
            except httpx2.TransportError:
                return False

        wait_until(is_live, "the api", 60)
    finally:
        process.terminate()
        process.wait(60)
