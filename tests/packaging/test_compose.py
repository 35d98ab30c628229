"""The services of compose.yaml, run as processes: the same commands, variables, secrets and health checks."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from ocrdesk.backend.settings import Settings
from ocrdesk.local.server.valkey import find_program
from tests.helpers import plain_http
from tests.helpers.processes import OCRDESK, clean_env, free_port
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.packaging.repository import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
STOP_S = 60


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine in place of the containers: names and paths of compose.yaml become those of a test's folder."""

    folder: Path
    api_port: int
    valkey_port: int

    def place(self, text: str) -> str:
        """Return a value of compose.yaml as it is here."""
        secrets = {f"/run/secrets/{name}": str(self.secret(name)) for name in COMPOSE["secrets"]}
        for there, here in {**secrets, "/data": str(self.folder / "data")}.items():
            text = text.replace(there, here)
        return str(self.api_port) if text == "8000" else text

    def secret(self, name: str) -> Path:
        return self.folder / COMPOSE["secrets"][name]["file"]

    def env(self, service: str) -> dict[str, str]:
        named = {name: self.place(value) for name, value in SERVICES[service]["environment"].items()}
        return clean_env(**named, PORT=str(self.api_port), HOME=str(self.folder / "data"))

    @contextlib.contextmanager
    def run(self, service: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        env = self.env(service) if "environment" in SERVICES[service] else clean_env()
        process = subprocess.Popen(command, env=env, cwd=self.folder / "data")
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_S) in (0, -signal.SIGTERM)

    def is_healthy(self, service: str) -> bool:
        first, *command = SERVICES[service]["healthcheck"]["test"]
        assert (first, command[0]) == ("CMD", "ocrdesk")
        done = subprocess.run([*OCRDESK, *command[1:]], env=self.env(service), cwd=self.folder / "data", check=False)
        return done.returncode == 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with secrets as the documented command makes them."""
    subprocess.run(["sh", ROOT / "packaging/container/make_secrets.sh"], cwd=tmp_path, check=True)
    (tmp_path / "data").mkdir()
    here = Machine(tmp_path, free_port(), free_port())
    moved = {
        "redis_url": ("@valkey:6379/", f"@127.0.0.1:{here.valkey_port}/"),
        "valkey_conf": ("dir /data", f"dir {tmp_path / 'data'}"),
    }
    for name, (there, place) in moved.items():
        secret = here.secret(name)
        assert there in secret.read_text()
        secret.write_text(secret.read_text().replace(there, place))
    return here


@contextlib.contextmanager
def all_services(machine: Machine) -> Iterator[httpx2.Client]:
    """Valkey, the api and the workers with their commands of compose.yaml; a client with the first key."""
    program = find_program()
    assert program is not None
    name, *configuration = [machine.place(part) for part in SERVICES["valkey"]["command"]]
    assert name == "valkey-server"
    here = ("--port", str(machine.valkey_port), "--bind", "127.0.0.1")
    with contextlib.ExitStack() as stack:
        stack.enter_context(machine.run("valkey", str(program), *configuration, *here))
        for service in ("api", "worker"):
            command = [machine.place(part) for part in SERVICES[service]["command"]]
            stack.enter_context(machine.run(service, *OCRDESK, *command))
        wait_until(lambda: machine.is_healthy("api"), "the api's health check", timeout_s=90)
        wait_until(lambda: machine.is_healthy("worker"), "the workers' health check", timeout_s=90)
        key = machine.secret("api_keys").read_text().strip()
        base = f"http://127.0.0.1:{machine.api_port}/api/v1"
        yield stack.enter_context(
            plain_http.Client(base_url=base, headers={"X-API-Key": key}, timeout=60, trust_env=False)
        )


@pytest.mark.skipif(os.name != "posix", reason="Valkey runs on Linux and macOS")
def test_the_services_recognise_a_file_and_keep_it_when_they_start_again(machine: Machine) -> None:
    with all_services(machine) as http:
        assert plain_http.post(f"{http.base_url}ocr/submit", trust_env=False).status_code == 401
        job = http.post("/ocr/submit", files={"file": ("a.png", text_png("Quarterly report"))}).json()["job_id"]
        wait_until(lambda: http.get(f"/ocr/result/{job}").json()["status"] == "finished", "the result", timeout_s=90)
        text = http.get(f"/ocr/result/{job}").json()["text"]
        assert "Quarterly report" in text
        assert list((machine.folder / "data").rglob(f"*{job}*"))
    with all_services(machine) as http:
        assert http.get(f"/ocr/result/{job}").json()["text"] == text


def test_containers_may_do_little() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert service["healthcheck"], name
    assert COMPOSE["networks"]["inside"]["internal"]
    assert SERVICES["valkey"]["networks"] == ["inside"]
    assert not any("ports" in SERVICES[name] for name in ("valkey", "worker"))


def test_workers_may_use_the_memory_that_they_are_allowed() -> None:
    """One process more than the workers makes images; the kernel would kill a page that is within its own limit."""
    worker = SERVICES["worker"]
    workers = int(worker["command"][-1])
    per_process_mb = int(worker.get("environment", {}).get("WORKER_MEMORY_MB", Settings().worker_memory_mb))
    assert worker["mem_limit"] == f"{512 + (workers + 1) * per_process_mb}m"


def test_secrets_are_files_and_no_variables(machine: Machine) -> None:
    values = [str(value) for service in SERVICES.values() for value in service.get("environment", {}).values()]
    assert not any(secret.read_text().strip() in values for secret in map(machine.secret, COMPOSE["secrets"]))
    assert machine.folder.joinpath("secrets").stat().st_mode & 0o077 == 0
    conf = machine.secret("valkey_conf").read_text().splitlines()
    assert {"appendonly yes", "maxmemory-policy noeviction"} <= set(conf)


def test_secrets_are_not_made_twice(machine: Machine) -> None:
    before = {name: machine.secret(name).read_text() for name in COMPOSE["secrets"]}
    again = subprocess.run(["sh", ROOT / "packaging/container/make_secrets.sh"], cwd=machine.folder, check=False)
    assert again.returncode == 1
    assert {name: machine.secret(name).read_text() for name in COMPOSE["secrets"]} == before
