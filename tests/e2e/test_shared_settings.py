"""Settings that only the api has: a webhook is delivered nevertheless, and a setting that differs is reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.helpers.processes import run_valkey, running_api, running_pool, short_folder
from tests.helpers.sample_files import text_png
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Receiver, run_webhook_receiver


@pytest.fixture
def redis_url() -> Iterator[str]:
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as found:
        yield found


def submitted(url: str, webhook_url: str = "") -> str:
    answer = httpx.post(
        f"{url}/ocr/submit",
        files={"file": ("a.png", text_png("Hello"))},
        data={"webhook_url": webhook_url},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def get(url: str, path: str) -> Any:
    return httpx.get(url + path, timeout=30, trust_env=False).json()


def test_a_webhook_that_only_the_api_allows_is_delivered_and_the_difference_reported(
    redis_url: str, receiver: Receiver
) -> None:
    with (
        running_api(REDIS_URL=redis_url, WEBHOOK_ALLOWED_HOSTS="127.0.0.0/8") as url,
        running_pool(REDIS_URL=redis_url, OCR_TIMEOUT_PER_PAGE="60"),
    ):
        job_id = submitted(url, receiver.url())
        wait_until(lambda: receiver.received, "the webhook")
        wait_until(lambda: get(url, f"/ocr/jobs/{job_id}/webhook")["state"] == "delivered", "its end in the log")
        health = get(url, "/health")
        assert [found["params"] for found in health["findings"]] == [{"names": "WEBHOOK_ALLOWED_HOSTS"}]


def test_workers_on_another_queue_do_not_count_as_alive(redis_url: str) -> None:
    with running_api(REDIS_URL=redis_url) as url, running_pool(REDIS_URL=redis_url, QUEUE_NAME="other"):
        wait_until(lambda: get(url, "/health")["findings"], "the other worker")
        submitted(url)
        health = get(url, "/health")
        assert (health["status"], health["workers"]) == ("degraded", 0)
        assert [found["message_id"] for found in health["findings"]] == ["no_worker_alive", "settings_differ"]
        assert health["findings"][1]["params"] == {"names": "QUEUE_NAME"}


def test_two_folders_at_one_path_of_two_machines_are_told_apart(redis_url: str, tmp_path: Path) -> None:
    """Both processes run here, so the folders have two paths; a link stands for the same folder mounted elsewhere."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "mounted").symlink_to(tmp_path / "shared")
    folders = {name: (tmp_path / name).as_uri() for name in ("shared", "mounted", "other")}
    with running_api(REDIS_URL=redis_url, STORAGE_URL=folders["shared"]) as url:
        with running_pool(REDIS_URL=redis_url, STORAGE_URL=folders["mounted"]):
            wait_until(lambda: get(url, "/health")["workers"], "the worker")
            assert get(url, "/health")["status"] == "healthy"
        with running_pool(REDIS_URL=redis_url, STORAGE_URL=folders["other"]):
            wait_until(lambda: get(url, "/health")["workers"], "the worker")
            assert [found["params"] for found in get(url, "/health")["findings"]] == [{"names": "STORAGE_URL"}]
