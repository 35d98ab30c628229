"""The guide to upgrades: version 0.1 is stopped, backed up, upgraded and rolled back by the guide's own steps."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.helpers import plain_http
from tests.helpers.guide_steps import run_steps, steps
from tests.helpers.processes import free_port, run_valkey, running_api_process, running_pool, short_folder
from tests.helpers.sample_files import multipage_tiff
from tests.helpers.wait import wait_until
from tests.upgrade.old_tree import OldTree, unpack, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())
GUIDE = "operations/upgrade.md"


@dataclass(slots=True)
class Installation:
    """A server whose installed version can be exchanged; `systemctl` and `apt-get` of the guide are its methods."""

    settings: dict[str, str]
    old: OldTree
    port: int
    is_old: bool = True
    running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    key: str = ""

    def start(self, *, workers: bool = True) -> None:
        env = self.settings | (self.old.env if self.is_old else {})
        api = self.running.enter_context(running_api_process(port=self.port, **env))
        assert urlsplit(api.url).port == self.port
        if workers:
            self.running.enter_context(running_pool(workers=2, **env))

    def stop(self) -> None:
        self.running.close()

    def exchange(self) -> None:
        self.is_old = not self.is_old

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"X-API-Key": self.key} if self.key else {}
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        return plain_http.request(method, url, headers=headers, timeout=90, trust_env=False, **options)

    @property
    def serves_old_version(self) -> bool:
        """Whether the api that runs is version 0.1: its OpenAPI description names no servers."""
        described = plain_http.get(f"http://127.0.0.1:{self.port}/openapi.json", timeout=30, trust_env=False).json()
        return "servers" not in described

    def submit(self, *texts: str) -> str:
        answer = self.call("POST", "/ocr/submit", files={"file": ("a.tiff", multipage_tiff(texts))})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job_id"])

    def text_of(self, job: str) -> str:
        def over() -> dict[str, Any] | None:
            result: dict[str, Any] = self.call("GET", f"/ocr/result/{job}?wait=5").json()
            return result if result["status"] in ("finished", "failed", "cancelled") else None

        result = wait_until(over, "the job's end") or {}
        assert result["status"] == "finished", result
        assert result["pages_done"] == result["page_count"]
        return str(result["text"])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    old = unpack(tmp_path / "old")
    with short_folder() as folder, run_valkey(folder) as url:
        settings = {
            "REDIS_URL": url,
            "STORAGE_URL": (folder / "files").as_uri(),
            "API_KEY_ENABLED": "true",
            "OCR_TIMEOUT_PER_PAGE": "120",
        }
        server = Installation(settings, old, free_port())
        yield server
        server.stop()


def registered_key(server: Installation) -> str:
    person = {"name": "Ann", "email": "ann@example.org"}
    return str(server.call("POST", "/auth/register", json=person).json()["api_key"])


def test_jobs_results_and_keys_outlive_an_upgrade_and_a_rollback(installation: Installation, tmp_path: Path) -> None:
    server = installation
    server.start(workers=False)
    assert server.serves_old_version
    server.key = registered_key(server)
    before_upgrade = server.submit("Alpha meadow", "Bravo river")

    guide = {"systemctl stop": server.stop, "apt-get install": server.exchange, "systemctl start": server.start}
    upgrade = steps(GUIDE, "One server")
    run_steps(upgrade, tmp_path, guide)
    assert not server.serves_old_version
    assert "Bravo river" in server.text_of(before_upgrade)
    by_new = server.submit("Charlie hill")
    text_by_new = server.text_of(by_new)
    server.stop()
    server.start(workers=False)
    waiting = server.submit("Delta forest", "Echo valley")

    run_steps(steps(GUIDE, "Roll back"), tmp_path, guide)
    assert server.serves_old_version
    assert server.text_of(by_new) == text_by_new
    assert "Alpha meadow" in server.text_of(before_upgrade)
    assert "Echo valley" in server.text_of(waiting)
    assert server.call("GET", f"/ocr/result/{by_new}?format=docx&wait=60").status_code == 200
    listed = {job["job_id"] for job in server.call("GET", "/ocr/jobs").json()["jobs"]}
    assert listed == {before_upgrade, by_new, waiting}
