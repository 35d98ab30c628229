"""The systemd units: their score, their socket, and that the service works under what they forbid."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from ocrdesk.local.server.valkey import find_program
from tests.helpers import confined, plain_http
from tests.helpers.processes import clean_env, free_port, short_folder
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_pdf
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver
from tests.packaging.repository import PACKAGING, ROOT

UNITS = PACKAGING / "systemd"
SERVICES = ("ocrdesk-api.service", "ocrdesk-worker.service")
GUIDE = ROOT / "docs/operations/linux-server.md"
KEY = "ocr_" + "k" * 40
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""Passes a listening socket to a command as systemd does: as descriptor 3."""
with_systemd_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


# ── systemd's own checks ─────────────────────────────────────────────────────────────────────────


@with_systemd_analyze
@pytest.mark.parametrize("name", SERVICES)
def test_the_guide_states_the_score_of_each_unit(name: str) -> None:
    [stated] = re.findall(rf"`{name}` \| (\d\.\d) ", GUIDE.read_text("utf-8"))
    threshold = f"--threshold={round(float(stated) * 10)}"
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", threshold, str(UNITS / name)]
    rated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout
    assert f"Overall exposure level for {name}" in rated.stdout


@with_systemd_analyze
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = re.sub(r"^ExecStart=ocrdesk", f"ExecStart={sys.executable}", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    about_ours = [line for line in verified.stderr.splitlines() if "ocrdesk" in line]
    assert about_ours == []


# ── the service as the units run it ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Server:
    """A machine that the units are installed on: Valkey, credentials and a listening socket, as systemd opens it."""

    folder: Path
    redis_url: str
    listener: socket.socket
    settings: dict[str, str]
    is_confined: bool

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/api/v1"

    def http(self) -> httpx2.Client:
        return plain_http.Client(base_url=self.url, headers={"X-API-Key": KEY}, timeout=90, trust_env=False)

    @contextlib.contextmanager
    def run(self, name: str, log: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start the unit's command with the unit's variables; stop it as systemd does."""
        descriptor = self.listener.fileno()
        passed = [sys.executable, "-c", AS_SYSTEMD, str(descriptor), *self.command(name)]
        with (self.folder / log).open("ab") as out:
            process = subprocess.Popen(
                passed, env=self.env(name), pass_fds=(descriptor,), stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) in (0, -signal.SIGTERM), (self.folder / log).read_text()

    def command(self, name: str) -> list[str]:
        [start] = confined.directives(UNITS / name)["ExecStart"]
        program, *arguments = start.split()
        assert program == "ocrdesk"
        command = [sys.executable, "-m", "ocrdesk", *arguments]
        if not self.is_confined:
            return command
        kept = [Path(sys.base_prefix), Path(sys.prefix), ROOT]
        return confined.confined(UNITS / name, command, self.folder / "state", self.credentials, kept)

    @property
    def credentials(self) -> dict[str, str]:
        return {"redis_url": f"{self.redis_url}\n", "api_keys": f"{KEY}\n"}

    def env(self, name: str) -> dict[str, str]:
        """The variables of the unit, and those of /etc/ocrdesk/ocrdesk.env."""
        place = f"/run/credentials/{name}"
        if not self.is_confined:
            place = str(self.folder / "credentials")
            Path(place).mkdir(exist_ok=True)
            for credential, content in self.credentials.items():
                (Path(place) / credential).write_text(content)
        lines = " ".join(confined.directives(UNITS / name)["Environment"])
        own = dict(part.split("=", 1) for part in shlex.split(lines.replace("%d", place)))
        return clean_env(**own, **self.settings)


@contextlib.contextmanager
def server(*, is_confined: bool, **settings: str) -> Iterator[Server]:
    program = find_program()
    assert program is not None
    port = free_port()
    address = ("--bind", "127.0.0.1", "--port", str(port))
    with short_folder() as folder, socket.socket() as listener:
        valkey = subprocess.Popen(
            [program, *address, "--save", "", "--dir", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        try:
            yield Server(folder, f"redis://127.0.0.1:{port}/0", listener, settings, is_confined)
        finally:
            valkey.terminate()
            valkey.wait(30)


@pytest.fixture(scope="module")
def hardened() -> Iterator[tuple[Server, Receiver]]:
    """The api and workers, confined as the units say."""
    if reason := confined.why_impossible():
        pytest.skip(reason)
    settings = {
        "API_KEY_ENABLED": "true",
        "STORAGE_URL": "file:///var/lib/ocrdesk/files",
        "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        "OCR_TIMEOUT_PER_PAGE": "120",
    }
    with (
        run_webhook_receiver() as receiver,
        server(is_confined=True, **settings) as machine,
        machine.run("ocrdesk-api.service", "api.log"),
        machine.run("ocrdesk-worker.service", "worker.log"),
    ):
        yield machine, receiver


@pytest.mark.parametrize("engine", ["tesseract", "rapid", "auto"])
def test_the_confined_service_recognises_with_every_engine(hardened: tuple[Server, Receiver], engine: str) -> None:
    machine, _ = hardened
    with machine.http() as http:
        job = submit(http, "a.tiff", multipage_tiff(["Quarterly report", "Annual report"]), engine=engine)
        result = ended(http, job)
    assert (result["status"], result["pages_done"]) == ("finished", 2), logs(machine)
    assert "Quarterly report" in result["text"]


@pytest.mark.parametrize("form", ["pdf", "docx", "hocr"])
def test_the_confined_service_makes_every_kind_of_file(hardened: tuple[Server, Receiver], form: str) -> None:
    machine, _ = hardened
    with machine.http() as http:
        job = submit(http, "a.pdf", scan_pdf(["Quarterly report"]))
        assert ended(http, job)["status"] == "finished", logs(machine)
        made = http.get(f"/ocr/result/{job}", params={"format": form, "wait": "60"})
        assert made.status_code == 200, made.text
        image = http.get(f"/ocr/jobs/{job}/pages/1/image?width=200")
        assert image.headers["content-type"].startswith("image/")


def test_the_confined_service_delivers_webhooks(hardened: tuple[Server, Receiver]) -> None:
    machine, receiver = hardened
    with machine.http() as http:
        job = submit(http, "a.pdf", text_pdf(["Quarterly report"]), webhook_url=receiver.url())
        wait_until(lambda: [r for r in receiver.received if r.json["data"]["job_id"] == job], "the webhook")
        assert http.get(f"/ocr/jobs/{job}/webhook").json()["attempts"][-1]["error"] is None


def test_the_confined_service_writes_into_its_own_folder_only(hardened: tuple[Server, Receiver]) -> None:
    machine, _ = hardened
    files = [path for path in (machine.folder / "state").rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_uid for path in files} == {confined.UID}
    for name in ("api.log", "worker.log"):
        said = (machine.folder / name).read_text()
        assert not re.findall(
            r'"level": ?"(?:error|critical)"|Traceback|not permitted|Read-only|cpuinfo', said, re.IGNORECASE
        )


def test_requests_wait_in_the_socket_until_the_api_listens() -> None:
    with server(is_confined=False) as machine:
        with socket.create_connection(machine.listener.getsockname(), timeout=90) as early:
            early.sendall(b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            with machine.run("ocrdesk-api.service", "api.log"):
                assert early.recv(100).startswith(b"HTTP/1.1 200")
        # the api has stopped, as in an upgrade; the socket still accepts
        with socket.create_connection(machine.listener.getsockname(), timeout=90) as meanwhile:
            meanwhile.sendall(b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            with machine.run("ocrdesk-api.service", "api.log"):
                assert meanwhile.recv(100).startswith(b"HTTP/1.1 200")


def submit(http: httpx2.Client, name: str, content: bytes, **options: str) -> str:
    answer = http.post("/ocr/submit", files={"file": (name, content)}, data=options)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def ended(http: httpx2.Client, job: str) -> dict[str, object]:
    def over() -> dict[str, object] | None:
        result: dict[str, object] = http.get(f"/ocr/result/{job}?wait=20").json()
        return result if result["status"] in ("finished", "failed", "cancelled") else None

    return wait_until(over, "the job's end", 150) or {}


def logs(machine: Server) -> str:
    return "\n".join((machine.folder / name).read_text()[-4000:] for name in ("api.log", "worker.log"))
