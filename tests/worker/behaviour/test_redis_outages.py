"""A pool waits while Redis refuses to write: it ends no process, loses no page, and logs the reason once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.error_messages import error_message
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import logged_pool, run_valkey, running_api_process, short_folder
from tests.helpers.redis_states import full, read_only, unable_to_save
from tests.helpers.sample_files import scan_pdf
from tests.helpers.wait import wait_until

PAGES = 4
STATES: list[Any] = [
    pytest.param("redis_read_only", lambda redis, folder: read_only(redis), id="read-only"),
    pytest.param("redis_full", lambda redis, folder: full(redis), id="full", marks=IN_LONG_FORM),
    pytest.param("redis_cannot_save", unable_to_save, id="cannot save", marks=IN_LONG_FORM),
]


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


@pytest.mark.parametrize(("message_id", "state"), STATES)
def test_pages_are_read_once_redis_accepts_writes_again(
    tmp_path: Path, message_id: str, state: Callable[[Any, Path], contextlib.AbstractContextManager[None]]
) -> None:
    log = tmp_path / "pool.log"
    path = tmp_path / "book.pdf"
    path.write_bytes(scan_pdf([f"Page {number}" for number in range(PAGES)]))
    with short_folder() as folder, run_valkey(folder) as redis_url:
        redis: Any = Redis.from_url(redis_url, decode_responses=True)
        env = {"REDIS_URL": redis_url, "MAX_PDF_PAGES": "0"}
        with running_api_process(**env) as api, logged_pool(log, **env) as pool, Client(api.url) as client:
            job_id = client.submit(path)
            wait_until(lambda: redis.hlen("ocrdesk:running"), "a page's start", 60)
            with state(redis, folder / "valkey"):
                refused = error_message(message_id).text
                wait_until(lambda: any(refused in line["event"] for line in lines(log)), "the log", 30)
                before = redis.info("errorstats")
                wait_until(lambda: redis.info("errorstats") != before, "another attempt")
                assert client.job(job_id).status == "started"
            result = client.wait(job_id)
            assert (result.status, result.pages_done, result.pages_failed) == ("finished", PAGES, 0)
            wait_until(lambda: any("accepts changes again" in line["event"] for line in lines(log)), "the log", 30)
            assert pool.poll() is None
    warnings = [line for line in lines(log) if line["level"] in ("warning", "error", "critical")]
    assert [line["event"] for line in warnings if refused in line["event"]] == [f"Redis: {refused}"]
    assert not [line for line in warnings if "ended" in line["event"] or "failed" in line["event"]], warnings
