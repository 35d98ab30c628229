"""The commands that platforms run: the Procfile's lines as processes, and the files for Railway."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.processes import clean_env, free_port, run_valkey, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.packaging.repository import PACKAGING, ROOT

PROCFILE = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text("utf-8"), flags=re.MULTILINE))
RAILWAY = {name: tomllib.loads((PACKAGING / f"railway/{name}.toml").read_text("utf-8")) for name in ("api", "worker")}
API = "uvicorn ocrdesk_api.main:app --host 0.0.0.0 --port $PORT"
WORKER = "rq worker --url $REDIS_URL default"


def test_the_procfile_has_the_specified_commands() -> None:
    assert {"web": API, "worker": f"RQ_WORKER_CLASS=ocrdesk_worker.RqWorker {WORKER}"} == PROCFILE


def test_railway_runs_the_same_commands_and_asks_for_readiness() -> None:
    assert RAILWAY["api"]["deploy"]["startCommand"] == PROCFILE["web"]
    assert RAILWAY["worker"]["deploy"]["startCommand"] == PROCFILE["worker"]
    assert RAILWAY["api"]["deploy"]["healthcheckPath"] == "/api/v1/health/ready"
    assert "healthcheckPath" not in RAILWAY["worker"]["deploy"], "a worker serves no HTTP"


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A PATH on which uvicorn and rq are those of this interpreter."""
    for name, module in {"uvicorn": "uvicorn", "rq": "rq.cli"}.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        program.chmod(0o755)
    return os.pathsep.join((str(tmp_path / "bin"), os.environ["PATH"]))


@contextlib.contextmanager
def started(line: str, folder: Path, env: dict[str, str]) -> Iterator[None]:
    """Run a line as a platform does: by a shell, with variables; stop it by SIGTERM to all of its processes."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            ["sh", "-c", line], cwd=folder, env=clean_env(**env), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def test_redis_url_alone_is_enough(programs: str, tmp_path: Path) -> None:
    port = free_port()
    with short_folder() as folder, run_valkey(folder) as url, contextlib.ExitStack() as stack:
        env = {"REDIS_URL": url, "PORT": str(port), "PATH": programs}
        for line in PROCFILE.values():
            stack.enter_context(started(line, tmp_path, env))
        http = stack.enter_context(plain_http.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False))

        def is_ready() -> bool:
            with contextlib.suppress(httpx2.TransportError):
                ready = http.get(RAILWAY["api"]["deploy"]["healthcheckPath"])
                return ready.status_code == 200 and bool(ready.json()["workers"])
            return False

        wait_until(is_ready, f"readiness; {(tmp_path / 'log').read_text()}")
        answer = http.post("/api/v1/ocr/submit", files={"file": ("a.png", text_png("Quarterly report"))})
        job = answer.json()["job_id"]
        result = f"/api/v1/ocr/result/{job}"
        wait_until(lambda: http.get(f"{result}?wait=10").json()["status"] == "finished", "the result")
        assert "Quarterly report" in http.get(result).json()["text"]
