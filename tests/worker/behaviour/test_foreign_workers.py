"""A worker of another class on our queue fails every task: no job is lost, and the worker is named in the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from ocrdesk.client import Client
from ocrdesk.contract.states import JobState
from tests.chaos.conftest import dense_page, pdf_of
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.rq_workers import OURS, running_rq
from tests.helpers.served_backend import assert_each_page_once
from tests.helpers.wait import wait_until


@pytest.mark.parametrize("serializer", [pytest.param(name, marks=IN_LONG_FORM) for name in ("pickle", "json")])
def test_a_job_that_a_plain_worker_took_is_read_by_ours(serializer: str, tmp_path: Path) -> None:
    pages = pdf_of([dense_page(n, (850, 1100)) for n in range(1, 4)], tmp_path / "three.pdf")
    api_log, node_log = tmp_path / "api.log", tmp_path / "node.log"
    with (
        short_folder() as folder,
        run_valkey(folder) as url,
        running_api(REDIS_URL=url, log=api_log) as api,
        Client(api.removesuffix("/api/v1")) as client,
        running_rq("worker", "-S", serializer, "--url", url, "ocrdesk", folder=tmp_path),
    ):
        redis: Any = Redis.from_url(url, decode_responses=True)
        (key,) = wait_until(lambda: redis.smembers("rq:workers:ocrdesk"), "the plain worker")
        name = key.rpartition(":")[2]
        job_id = client.submit(pages)
        wait_until(lambda: redis.zcard("rq:failed:ocrdesk"), "the plain worker's failure")
        assert client.result(job_id).status is JobState.QUEUED
        wait_until(lambda: f"the RQ worker {name} " in api_log.read_text(), "the api's line")
        with running_rq("worker", *OURS, "--url", url, folder=tmp_path, log=node_log):
            result = client.wait(job_id)
            assert result.status is JobState.FINISHED, result.error
            assert_each_page_once(client, result)
            wait_until(lambda: f"the RQ worker {name} " in node_log.read_text(), "the node's line")
        texts = (result.text or "").split("\f")
        assert [text.split()[:2] for text in texts] == [["PAGE", str(n)] for n in range(1, 4)]
