"""The guide to backup and restore: its commands, while jobs run, and then on an empty machine."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocrdesk.client import Client
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.local.server.valkey import find_program
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers import plain_http
from tests.helpers.guide_steps import run_steps, steps
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import free_port, running_api, running_pool, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.served_backend import assert_each_page_once, page_commits
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver

pytestmark = pytest.mark.skipif(
    shutil.which("redis-cli") is None, reason="redis-cli is not installed: apt-get install redis-tools"
)
GUIDE = "operations/backup.md"
PAGES = 6
PASSWORD = "a-password"


@dataclass(frozen=True, slots=True)
class Machine:
    """A server with the guide's folders below `root`."""

    root: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        return {
            "REDIS_URL_FILE": str(self.root / "etc/ocrdesk/credentials/redis_url"),
            "STORAGE_URL": (self.root / "var/lib/ocrdesk/files").as_uri(),
            "API_KEY_ENABLED": "true",
            "WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
            "OCR_TIMEOUT_PER_PAGE": "120",
        }

    @contextlib.contextmanager
    def valkey(self) -> Iterator[None]:
        """Run a Valkey with an append-only file; kill it at the end."""
        program = find_program()
        assert program is not None
        folder = self.root / "var/lib/valkey"
        folder.mkdir(parents=True, exist_ok=True)
        options = {"port": self.port, "bind": "127.0.0.1", "dir": folder, "appendonly": "yes", "requirepass": PASSWORD}
        command = [str(program), *(word for name, value in options.items() for word in (f"--{name}", str(value)))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()


def install(root: Path) -> Machine:
    """Write the secrets of a new machine."""
    port = free_port()
    secret = root / "etc/ocrdesk/credentials/redis_url"
    secret.parent.mkdir(parents=True)
    secret.write_text(f"redis://default:{PASSWORD}@127.0.0.1:{port}/0\n")
    (root / "var/lib/ocrdesk").mkdir(parents=True)
    return Machine(root, port)


def registered_key(api: str) -> str:
    person = {"name": "Ann", "email": "ann@example.org"}
    return str(plain_http.post(f"{api}/auth/register", json=person, timeout=30, trust_env=False).json()["api_key"])


@dataclass(frozen=True, slots=True)
class Restored:
    """What the lost machine had, and a client of the new one, which has no workers yet."""

    client: Client
    env: dict[str, str]
    receiver: Receiver
    finished: str
    text: str
    running: str
    queued: str


@pytest.fixture(scope="module")
def restored() -> Iterator[Restored]:
    with short_folder() as folder, run_webhook_receiver() as receiver, contextlib.ExitStack() as stack:
        lost = install(folder / "lost")
        quick = JobOptions(engine="tesseract")
        long = pdf_of([dense_page(n) for n in range(1, PAGES + 1)], folder / "long.pdf")
        with lost.valkey(), running_api(**lost.env) as api, running_pool(**lost.env) as pool:
            key = registered_key(api)
            with Client(api.removesuffix("/api/v1"), api_key=key) as client:
                finished = client.submit(text_png("Quarterly report"), name="report.png")
                text = client.wait(finished).text or ""
                running = client.submit(long, quick, webhook_url=receiver.url(), webhook_secret="whsec_" + "a" * 32)
                wait_until(lambda: client.job(running).pages_done, "the first page")
                queued = client.submit(long, quick)
                run_steps(steps(GUIDE, "Back up"), lost.root, {})
                pool.kill()
                pool.wait()
        new = Machine(folder / "new", lost.port)
        new.root.mkdir()
        shutil.copytree(lost.root / "srv", new.root / "srv")
        (new.root / "etc").mkdir()
        shutil.rmtree(lost.root)

        run_steps(
            steps(GUIDE, "Restore"),
            new.root,
            {
                "systemctl stop": lambda: None,
                "chown -R valkey:valkey": lambda: None,
                "systemctl start": lambda: stack.enter_context(new.valkey()),
            },
        )
        api = stack.enter_context(running_api(**new.env))
        client = stack.enter_context(Client(api.removesuffix("/api/v1"), api_key=key))
        yield Restored(client, new.env, receiver, finished, text, running, queued)


def test_finished_results_are_readable_at_once_and_keys_work(restored: Restored) -> None:
    assert "Quarterly report" in restored.text
    assert restored.client.result(restored.finished).text == restored.text
    assert restored.client.document(restored.finished).pages
    assert {job.job_id for job in restored.client.iter_jobs()} >= {restored.finished, restored.running, restored.queued}


@IN_LONG_FORM
def test_running_and_queued_jobs_end_with_each_page_committed_once(restored: Restored) -> None:
    before = {job: restored.client.job(job) for job in (restored.running, restored.queued)}
    assert not any(job.status.is_final for job in before.values()), "the backup was made too late"
    kept = before[restored.running].pages_done
    assert kept
    with running_pool(workers=2, **restored.env):
        for job in before:
            result = restored.client.wait(job, timeout_s=170)
            texts = (result.text or "").split("\f")
            assert [text.split()[:2] for text in texts] == [["PAGE", str(n)] for n in range(1, PAGES + 1)]
            assert_each_page_once(restored.client, result)
        assert page_commits(restored.client, restored.running)
        delivered = wait_until(lambda: [r.json["data"]["job_id"] for r in restored.receiver.received], "the webhook")
        assert delivered == [restored.running]
        # exports are made from the restored uploads
        assert restored.client.export(restored.finished, "pdf").startswith(b"%PDF")
