"""The commands in the documentation work: each is run as a reader types it, in a copy of the checkout.

Addresses, keys and system folders of the pages become those of the test. Services are started, must do their work, and
stop at SIGTERM. `tests/helpers/doc_command_reasons.py` says which commands are not run here, and why; they are
skipped with that reason. A new command is either run here or gets a reason there.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx2
import psutil
import pytest
from redis import Redis

from ocrdesk.backend import env_file
from ocrdesk.backend.settings import Settings
from ocrdesk.local.server import state, valkey
from tests.helpers import plain_http
from tests.helpers.doc_command_reasons import ELSEWHERE, NOT_RUN
from tests.helpers.doc_commands import DOCS, Command, all_commands, block_beginning, settings_blocks
from tests.helpers.language_mirror import real_pack, serving_mirror
from tests.helpers.processes import (
    Backend,
    clean_env,
    free_port,
    run_valkey,
    running_api,
    running_backend,
    running_pool,
    short_folder,
)
from tests.helpers.sample_files import multipage_tiff, scan_pdf, text_png
from tests.helpers.wait import wait_until
from tests.packaging.repository import ROOT, files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the service runs on Linux and macOS")

MODULES = {
    **{name: name for name in ("ocrdesk", "uvicorn", "gunicorn", "hypercorn", "granian")},
    "rq": "rq.cli",
}
"""The programs that are modules of this interpreter."""
WORDS = "Quarterly report"
COMMANDS = all_commands()
API = re.compile(r"^(uvicorn|gunicorn|hypercorn|granian|ocrdesk (api|serve))\b")
WORKER = re.compile(r"^(rq worker|rq worker-pool|ocrdesk worker)\b")
WINDOW = re.compile(r"^ocrdesk( desktop (--server|FILE).*)?$")
BENCH = re.compile(r"^python (tests/bench/\w+\.py) (.*)$")
ENDS = re.compile(
    r"^(ocrdesk|curl|install|head|echo|chmod|mkdir|ln|cp|python3 -m venv|\. \.venv/|"
    r"python packaging/\w+\.py|sh packaging/container/make_secrets\.sh)\b"
)
"""Commands that do their work and end."""
_ASSIGNMENTS = re.compile(r"^(?:\w+=\S+ )+")
_SYSTEM_FOLDER = re.compile(r"(?<![\w.-])/(etc|opt|srv|usr/local|var/lib)(?=/)")
STOPPED = (0, -signal.SIGTERM)
"""uvicorn and granian end with the signal that stopped them."""


def kind_of(command: Command) -> str | None:
    """Return how a command is tried, or None for one that nobody has decided on."""
    if command.text in ELSEWHERE or command.text in NOT_RUN:
        return "skip"
    text = _ASSIGNMENTS.sub("", command.text)
    patterns = {"window": WINDOW, "api": API, "worker": WORKER, "bench": BENCH, "run": ENDS}
    return next((kind for kind, pattern in patterns.items() if pattern.search(text)), None)


def those(kind: str) -> pytest.MarkDecorator:
    commands = [command for command in COMMANDS if kind_of(command) == kind]
    return pytest.mark.parametrize("command", commands, ids=[f"{found.page}: {found.text}" for found in commands])


def test_each_command_is_run_or_has_a_reason() -> None:
    undecided = [f"{command.page}: {command.text}" for command in COMMANDS if kind_of(command) is None]
    assert undecided == [], "run them in this file, or give a reason in tests/helpers/doc_command_reasons.py"


def test_each_reason_is_for_a_command_that_a_page_has() -> None:
    assert sorted({*ELSEWHERE, *NOT_RUN} - {command.text for command in COMMANDS}) == []
    assert not set(ELSEWHERE) & set(NOT_RUN)
    assert [test for test, _ in ELSEWHERE.values() if not (ROOT / test).is_file()] == []


@those("skip")
def test_command_that_is_not_run_here(command: Command) -> None:
    if command.text in NOT_RUN:
        pytest.skip(f"{command.text}: {NOT_RUN[command.text]}")
    test, what = ELSEWHERE[command.text]
    pytest.skip(f"{command.text}: {test} {what}")


# ── the stage ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stage:
    """A copy of the checkout with the files that the pages name, a running service, and an environment."""

    folder: Path
    backend: Backend
    mirror: str
    key: str
    job: str
    programs: Path

    @property
    def system(self) -> Path:
        """The folder in place of /."""
        return self.folder / "system"

    def env(self, **extra: str) -> dict[str, str]:
        home = str(self.folder / "home")
        paths = {"HOME": home, "CURL_HOME": home, "XDG_DATA_HOME": f"{home}/share", "XDG_CONFIG_HOME": f"{home}/config"}
        shown = {"QT_QPA_PLATFORM": "offscreen", "COLUMNS": "200", "NO_COLOR": "1", "SHELL": "/bin/bash"}
        path = {"PATH": os.pathsep.join((str(self.programs), os.environ["PATH"]))}
        service = {"REDIS_URL": self.backend.redis_url, "PORT": self.backend.url.rpartition(":")[2]}
        data = {"OCRDESK_DATA_DIR": str(self.folder / "data"), "OCRDESK_LANGUAGE_MIRROR": self.mirror}
        return clean_env(**paths, **shown, **path, **service, **data) | extra

    def here(self, text: str) -> str:
        """Return a command with what it names as it is here."""
        for there, found in {
            "redis://queue:6379/0": "$REDIS_URL",
            "REDIS_URL=… ": "",
            "http://localhost:8000": self.backend.url,
            "http://127.0.0.1:8000": self.backend.url,
            "https://ocr.example.org": self.backend.url,
            "https://packs.example.org/languages": self.mirror,
            "--server URL": f"--server {self.backend.url}",
            "--api-key KEY": f"--api-key {self.key}",
            "JOB_ID": self.job,
            "0f8f…": self.job,
            "0.0.0.0": "127.0.0.1",
            " FILE…": " scan.pdf",
            " FILE": " scan.pdf",
            "--pid": f"--pid {self.backend_pool()}" if "--pid" in text else "--pid",
        }.items():
            text = text.replace(there, found)
        return _SYSTEM_FOLDER.sub(lambda found: f"{self.system}/{found[1]}", text)

    def backend_pool(self) -> int:
        """The main process of the service's workers."""
        return next(int(one.pid) for one in self.backend.children() if "ocrdesk_worker" in " ".join(one.cmdline()))

    def run(self, text: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-ec", self.here(text)],
            cwd=self.folder,
            env=self.env(**extra),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    @contextlib.contextmanager
    def start(self, text: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start a command that runs until it is told to stop; check that it then ends as it should."""
        line = re.sub(r"^((?:\w+=\S+ )*)", r"exec env \1", self.here(text))
        log = self.folder / "service.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["bash", "-ec", line], cwd=self.folder, env=self.env(**extra), stdout=out, stderr=out
            )
        try:
            yield process
            assert process.poll() is None, log.read_text("utf-8")
            process.terminate()
            assert process.wait(90) in STOPPED, log.read_text("utf-8")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{log.read_text('utf-8')}") from error
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def write_programs(folder: Path) -> Path:
    """Write a folder for the PATH, in which the programs are those of this interpreter."""
    folder.mkdir()
    for name, module in MODULES.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m {module} "$@"\n')
    for name in ("python", "python3"):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for file in folder.iterdir():
        file.chmod(0o755)
    return folder


def write_files(folder: Path) -> None:
    """Write a copy of the checkout, and the files that the pages name."""
    for file in files():
        copy = folder / file.relative_to(ROOT)
        if "@2x" not in file.name:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    for name in ("scan.pdf", "book.pdf", "report.pdf"):
        (folder / name).write_bytes(scan_pdf([WORDS]))
    (folder / "secret.txt").write_text("Forget-me-not\n", "utf-8")
    (folder / "scan.tif").write_bytes(multipage_tiff([WORDS]))
    for name in ("letter.png", "page.png", "photos/photo.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text_png(WORDS))
    for place in ("etc/systemd/system", "etc/ocrdesk/credentials", "opt/ocrdesk/bin", "usr/local/bin", "srv/languages"):
        (folder / "system" / place).mkdir(parents=True)
    for packs in (folder / "USB", folder / "system/srv/languages"):
        packs.mkdir(exist_ok=True)
        shutil.copyfile(real_pack(), packs / "fra.traineddata")
    (folder / "home").mkdir()
    (folder / "home/.curlrc").write_text('fail\nsilent\nshow-error\nnoproxy = "*"\nmax-time = 90\n')


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with short_folder() as folder, contextlib.ExitStack() as stack:
        checkout = folder / "checkout"
        checkout.mkdir()
        write_files(checkout)
        mirror = stack.enter_context(serving_mirror(folder / "mirror"))
        for name in ("fra", "ita"):
            mirror.put(name, real_pack())
        backend = stack.enter_context(running_backend(folder / "served"))
        with plain_http.Client(base_url=backend.api, timeout=60, trust_env=False) as http:
            person = {"email": "reader@example.com", "name": "Reader"}
            key = http.post("/auth/register", json=person).json()["api_key"]
            job = finished_job(http)
        yield Stage(checkout, backend, mirror.url, key, job, write_programs(folder / "bin"))
        wait_until_gone(checkout / "data")


def finished_job(http: httpx2.Client) -> str:
    """Submit a page, and return its job's id once it is recognised."""
    job = str(http.post("/ocr/submit", files={"file": ("a.png", text_png(WORDS))}).json()["job_id"])
    wait_until(lambda: http.get(f"/ocr/result/{job}").json()["status"] == "finished", "the result")
    assert WORDS in http.get(f"/ocr/result/{job}").json()["text"]
    return job


def wait_until_gone(data_dir: Path) -> None:
    """Wait until the local server of a data folder has ended, five seconds after its last user."""
    if running := state.read_state(data_dir):
        wait_until(lambda: not psutil.pid_exists(running.pid), "the local server's end")


# ── commands that end ────────────────────────────────────────────────────────────────────────────


@those("run")
def test_command(command: Command, stage: Stage) -> None:
    if command.text.startswith("curl") and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    if re.search(r"-l fra|remove fra", command.text) and not (stage.folder / "data/tessdata/fra.traineddata").exists():
        assert stage.run("ocrdesk languages add USB/fra.traineddata").returncode == 0
    if "languages add" in command.text:
        stage.run("ocrdesk languages remove fra ita")
    done = stage.run(command.text)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = set(re.findall(r'"(\w+)":', command.response))
    assert shown <= set(re.findall(r'"(\w+)":', done.stdout)), "the response has not what the page shows"
    if command.text.startswith("ocrdesk ocr") and "--help" not in command.text:
        check_output(stage, command.text, done.stdout)


def check_output(stage: Stage, text: str, stdout: str) -> None:
    """Check that `ocrdesk ocr` wrote the text to stdout, or the files that it names."""
    named = re.search(r"-o (\S+)", text)
    if "--in-place" in text:
        return
    if named is None:
        assert "Quarterly" in stdout
        return
    output = stage.folder / named[1]
    found = list(output.glob("*.txt")) if named[1].endswith("/") else [output]
    assert found
    assert all(file.stat().st_size for file in found)


@those("bench")
def test_options_of_a_benchmark(command: Command, stage: Stage) -> None:
    """It runs for minutes, so only its options are checked; `tests/bench/test_bench.py` runs it on little."""
    script, options = BENCH.findall(command.text)[0]
    done = stage.run(f"PYTHONPATH=. python {script} --help")
    assert done.returncode == 0, done.stderr
    assert [option for option in re.findall(r"--[\w-]+", options) if option not in done.stdout] == []


# ── services ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def queue() -> Iterator[str]:
    """A Valkey without a service; its URL."""
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


def skip_if_not_installed(text: str) -> None:
    words = re.findall(r"gunicorn|hypercorn|granian|uvicorn_worker", text)
    if missing := [word for word in words if find_spec(word) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def staffed_queue() -> Iterator[str]:
    """A Valkey with a worker pool and no api; its URL. One pool serves all commands, which start one api each."""
    with short_folder() as folder, run_valkey(folder) as url, running_pool(REDIS_URL=url):
        yield url


@pytest.fixture(scope="module")
def served_queue() -> Iterator[tuple[str, str]]:
    """A Valkey with an api and no worker; its URL and the api's. One api serves all commands that start workers."""
    with short_folder() as folder, run_valkey(folder) as url, running_api(REDIS_URL=url) as api:
        yield url, api


@those("api")
def test_api(command: Command, stage: Stage, request: pytest.FixtureRequest) -> None:
    """It accepts a file, and a worker recognises it."""
    queue = request.getfixturevalue("queue" if "serve" in command.text else "staffed_queue")
    skip_if_not_installed(command.text)
    # Without $PORT in the command, uvicorn listens at 8000, which may be in use.
    fixed = command.text.startswith("uvicorn") and "$PORT" not in command.text
    port = free_port()
    with short_folder() as folder, contextlib.ExitStack() as stack:
        env = {"REDIS_URL": queue, "PORT": str(port), "OCRDESK_DATA_DIR": str(folder / "data")}
        stack.enter_context(stage.start(command.text + (" --port $PORT" if fixed else ""), **env))
        wait_until(lambda: stage.run("ocrdesk probe api", **env).returncode == 0, "the api's health")
        base = f"http://127.0.0.1:{port}/api/v1"
        finished_job(stack.enter_context(plain_http.Client(base_url=base, timeout=60, trust_env=False)))


@those("worker")
def test_worker(command: Command, stage: Stage, served_queue: tuple[str, str]) -> None:
    """It recognises a file, and its probe finds it."""
    queue, api = served_queue
    env = {"REDIS_URL": queue}
    if "rq" in command.text and "-w" not in command.text:
        env["RQ_WORKER_CLASS"] = "ocrdesk_worker.RqWorker"
    with stage.start(command.text, **env):
        with plain_http.Client(base_url=api, timeout=60, trust_env=False) as http:
            finished_job(http)
        if "pool" not in command.text:
            wait_until(lambda: stage.run("ocrdesk probe worker", **env).returncode == 0, "the worker's health")


@those("window")
def test_window(command: Command, stage: Stage) -> None:
    """It starts a local server or connects to the named one, and reads the file that it is given."""
    with short_folder() as folder:
        data_dir = folder / "data"
        with stage.start(command.text, OCRDESK_DATA_DIR=str(data_dir), XDG_RUNTIME_DIR=str(folder)) as window:
            if "--server" in command.text:
                port = int(stage.backend.url.rpartition(":")[2])
                process = psutil.Process(window.pid)
                wait_until(
                    lambda: [one for one in process.net_connections("tcp") if one.raddr and one.raddr.port == port],
                    "the connection to the server",
                )
            else:
                running = wait_until(lambda: state.read_state(data_dir), "the local server")
                assert running is not None
                if "FILE" in command.text:
                    wait_until_read(running.url, state.token(data_dir), "scan.pdf")
        wait_until_gone(data_dir)


def wait_until_read(url: str, key: str, name: str) -> None:
    def is_read() -> bool:
        try:
            answer = plain_http.get(f"{url}/api/v1/ocr/jobs", headers={"X-API-Key": key}, timeout=60, trust_env=False)
        except httpx2.TransportError:
            return False
        jobs = answer.json().get("jobs", [])
        return any(job["file_name"] == name and job["status"] == "finished" for job in jobs)

    wait_until(is_read, f"the text of {name}")


# ── settings and configurations ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("api", "worker"),
    [
        ("ocrdesk api", "ocrdesk worker --workers 1"),
        ("uvicorn ocrdesk_api.main:app --host 0.0.0.0 --port $PORT", "rq worker -w ocrdesk_worker.RqWorker default"),
    ],
)
def test_a_copy_of_the_example_of_env_is_read(api: str, worker: str, stage: Stage, queue: str, tmp_path: Path) -> None:
    """As the guide says: copied, and the # removed in front of what changes. The environment has none of it."""
    port = free_port()
    changed = {"PORT": str(port), "REDIS_URL": queue, "MAX_FILE_SIZE_MB": "3", "ENV": "production"}
    text = (ROOT / ".env.example").read_text("utf-8")
    for name, value in changed.items():
        text, count = re.subn(rf"^# {name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        assert count == 1, name
    (tmp_path / ".env").write_text(text, "utf-8")
    absent = "unset PORT REDIS_URL; exec"
    kept = f"unset REDIS_URL; PORT={port}; exec"  # for uvicorn's own --port, which the shell fills in
    with contextlib.ExitStack() as stack:
        for line in (api, worker):
            unset = kept if "$PORT" in line else absent
            stack.enter_context(stage.start(f"bash -c 'cd {tmp_path}; {unset} {line}'"))
        base = f"http://127.0.0.1:{port}/api/v1"
        http = stack.enter_context(plain_http.Client(base_url=base, timeout=60, trust_env=False))
        probe = f"cd {tmp_path}; unset PORT REDIS_URL; ocrdesk probe"
        wait_until(lambda: stage.run(f"{probe} api").returncode == 0, "the api's health")
        wait_until(lambda: stage.run(f"{probe} worker").returncode == 0, "the worker's health")
        assert http.get("/capabilities").json()["limits"]["max_file_size_bytes"] == 3 << 20
        finished_job(http)


@pytest.mark.parametrize(("page", "block"), settings_blocks(), ids=lambda value: value.partition("\n")[0])
def test_settings_are_accepted(page: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are lines of `.env`, and each changes its setting."""
    monkeypatch.setattr(os, "environ", dict[str, str]())
    before = Settings.from_environment()
    (tmp_path / ".env").write_text(block, "utf-8")
    env_file.load(tmp_path / ".env")
    after = Settings.from_environment()
    changed = {name for name in Settings.model_fields if getattr(before, name) != getattr(after, name)}
    assert changed == {line.partition("=")[0].lower() for line in block.split()}, page


def test_valkey_takes_the_configuration_of_the_guide() -> None:
    block = block_beginning(DOCS / "operations/linux-server.md", "requirepass")
    with short_folder() as folder:
        file = folder / "valkey.conf"
        file.write_text(f"{block}dir {folder}\nport 0\nunixsocket {folder}/socket\n", "utf-8")
        program = valkey.find_program()
        assert program is not None
        process = subprocess.Popen([str(program), str(file)], stdout=subprocess.DEVNULL)
        try:
            wait_until((folder / "socket").exists, "Valkey's socket")
            with Redis(unix_socket_path=f"{folder}/socket", password="PASSWORD", decode_responses=True) as redis:
                wait_until(redis.ping, "Valkey's answer")
                assert redis.config_get("appendonly", "maxmemory-policy") == {
                    "appendonly": "yes",
                    "maxmemory-policy": "noeviction",
                }
        finally:
            process.terminate()
            process.wait(30)
