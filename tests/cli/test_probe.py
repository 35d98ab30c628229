"""`ocrdesk probe`: exit codes and the one line, with real processes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.processes import (
    clean_env,
    run_ocrdesk,
    run_valkey,
    running_api_process,
    running_pool,
    short_folder,
)
from tests.helpers.rq_workers import OURS, running_rq
from tests.helpers.wait import wait_until


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def probe(*arguments: str, cwd: Path | None = None, **env: str) -> tuple[int, str]:
    """Return the exit code and the line."""
    done = run_ocrdesk("probe", *arguments, cwd=cwd, **env)
    said = done.stdout + done.stderr
    assert said.count("\n") == 1, said
    assert (done.stderr == "") is (done.returncode == 0)
    return done.returncode, said.strip()


def test_the_api_is_probed_on_this_machine_at_its_port(redis_url: str) -> None:
    with running_api_process(REDIS_URL=redis_url, API_KEY_ENABLED="1", ALLOWED_HOSTS="127.0.0.1,ocr.example") as api:
        port = api.url.rpartition(":")[2]
        assert probe("api", PORT=port, ALLOWED_HOSTS="ocr.example,b.example") == (0, "healthy")
        assert probe("api", "--live", PORT=port, ALLOWED_HOSTS="ocr.example") == (0, "alive")
        code, said = probe("api", PORT=port, ALLOWED_HOSTS="other.example")
        assert (code, "other.example" in said) == (1, True), "the first allowed name is the one that it asks for"
    code, said = probe("api", PORT=port)
    assert (code, said) == (1, "The api does not respond: Connection refused.")


def test_an_api_that_drains_or_has_no_redis_is_alive_and_not_ready() -> None:
    with short_folder() as folder:
        with run_valkey(folder) as url, running_api_process(REDIS_URL=url, API_DRAIN_S="600") as api:
            assert probe("api", "--url", api.url) == (0, "healthy")
            api.process.send_signal(signal.SIGTERM)
            wait_until(lambda: probe("api", "--url", api.url)[0] == 1, "draining")
            assert probe("api", "--url", api.url)[1].startswith("stopping: ")
            assert probe("api", "--live", "--url", api.url) == (0, "alive")
            api.process.send_signal(signal.SIGTERM)
            api.process.wait(30)
        with running_api_process(REDIS_URL=url) as api:
            code, said = probe("api", "--url", f"{api.url}/")
            assert (code, said.partition(":")[0]) == (1, "unhealthy")
            assert probe("api", "--live", "--url", api.url) == (0, "alive")


def test_the_reason_for_a_degraded_service_is_shown(redis_url: str) -> None:
    with running_api_process(REDIS_URL=redis_url) as api, running_pool(REDIS_URL=redis_url, RESULT_TTL="7200"):
        wait_until(lambda: probe("worker", REDIS_URL=redis_url)[0] == 0, "the worker")
        code, said = probe("api", "--url", api.url)
        assert (code, said.startswith("degraded: The workers have other values of RESULT_TTL")) == (0, True)


def test_what_is_no_ocrdesk_api_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answering = subprocess.Popen(
            [sys.executable, "-c", _HELLO, str(other.fileno())], pass_fds=(other.fileno(),), env=clean_env()
        )
        try:
            assert probe("api", PORT=str(port)) == (1, "Something responds there, but it is not an ocrdesk api.")
        finally:
            answering.kill()
            answering.wait()


_HELLO = """
import socket, sys
server = socket.socket(fileno=int(sys.argv[1]))
connection, _ = server.accept()
connection.recv(65536)
connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nConnection: close\\r\\n\\r\\nhello")
connection.close()
"""


def test_an_api_on_a_unix_socket_is_probed(redis_url: str, tmp_path: Path) -> None:
    with short_folder() as folder:
        path = folder / "api.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(8)
            served = subprocess.Popen(
                [sys.executable, "-m", "ocrdesk_api", "--fd", str(listener.fileno())],
                pass_fds=(listener.fileno(),),
                env=clean_env(REDIS_URL=redis_url),
                stderr=subprocess.DEVNULL,
            )
        try:
            wait_until(lambda: probe("api", "--url", f"unix://{path}") == (0, "healthy"), "the api's answer")
        finally:
            served.terminate()
            served.wait(30)


def test_workers_are_probed_by_the_settings_alone(redis_url: str) -> None:
    with running_pool(REDIS_URL=redis_url) as pool:
        wait_until(lambda: probe("worker", REDIS_URL=redis_url) == (0, "healthy; workers: 1"), "the worker")
        assert probe("worker", "--pid", str(pool.pid), REDIS_URL=redis_url)[0] == 0
        pool.send_signal(signal.SIGSTOP)
        wait_until(lambda: probe("worker", REDIS_URL=redis_url)[0] == 1, "the stop")
        assert "is stopped" in probe("worker", REDIS_URL=redis_url)[1]
        pool.send_signal(signal.SIGCONT)
        wait_until(lambda: probe("worker", REDIS_URL=redis_url)[0] == 0, "the worker")
        pool.kill()
        pool.wait()
        assert probe("worker", REDIS_URL=redis_url) == (1, f"The worker pool (process {pool.pid}) has ended.")


def test_a_single_rq_worker_is_probed_like_a_pool(redis_url: str, tmp_path: Path) -> None:
    with running_rq("worker", *OURS, "--url", redis_url, "default", folder=tmp_path) as worker:
        wait_until(lambda: probe("worker", "--pid", str(worker.pid), REDIS_URL=redis_url)[0] == 0, "the worker")
        worker.kill()
        worker.wait()
        code, said = probe("worker", "--pid", str(worker.pid), REDIS_URL=redis_url)
        assert (code, said) == (1, f"The worker pool (process {worker.pid}) has ended.")


def test_the_probes_read_the_env_file_of_the_working_directory(redis_url: str, tmp_path: Path) -> None:
    with running_api_process(REDIS_URL=redis_url) as api, running_pool(REDIS_URL=redis_url):
        (tmp_path / ".env").write_text(f"REDIS_URL={redis_url}\nPORT={api.url.rpartition(':')[2]}\n")
        wait_until(lambda: probe("worker", cwd=tmp_path) == (0, "healthy; workers: 1"), "the worker")
        assert probe("api", cwd=tmp_path) == (0, "healthy")
    (tmp_path / ".env").write_text("PORT\n")
    for command in ("api", "worker"):
        code, said = probe(command, cwd=tmp_path)
        assert (code, said.partition(":")[0]) == (1, ".env, line 1")


def test_unusable_settings_are_one_line(redis_url: str) -> None:
    code, said = probe("worker", REDIS_URL="http://wrong")
    assert code == 1
    assert said.startswith("These settings cannot be used: REDIS_URL")


@pytest.mark.parametrize("command", ["api", "worker"])
def test_a_probe_loads_nothing_heavy(command: str) -> None:
    code = (
        "import sys; from ocrdesk.cli.app import app\n"
        f"try: app(['probe', '{command}'])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    env = clean_env(REDIS_URL="redis://127.0.0.1:9/0", PORT="9")
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60, check=True)
    heavy = {"PySide6", "fastapi", "rq", "numpy", "PIL", "tesserocr", "httpx2", "rich", "ocrdesk_worker", "ocrdesk_api"}
    assert not [name for name in heavy if f"'{name}'" in done.stderr]
    assert ("'redis'" in done.stderr) is (command == "worker")
