"""Workers run only tasks of ocrdesk, with arguments of their shape. Everything else is deleted without importing it."""

from __future__ import annotations

import json
import logging
import time
import zlib
from typing import Any

import pytest
from redis import Redis
from rq import Callback, Queue, Repeat
from rq.exceptions import NoSuchJobError
from rq.job import Job

from ocrdesk.backend.records import Unit, UnitKind
from ocrdesk.backend.redis_keys import rq_job
from ocrdesk.backend.task_queue import TaskQueue, WebhookQueue
from ocrdesk_worker.queue_entries import OwnEntry, UnitEntry, WebhookEntry

TASKS = "ocrdesk_worker.tasks"
BOMB = b"\0" * (8 << 20)


@pytest.fixture
def redis(redis_url: str) -> Any:
    return Redis.from_url(redis_url)


def stored(redis: Any, data: object, description: str = "job-prepare", **fields: Any) -> str:
    """Write an entry as RQ does; return its id."""
    packed = data if isinstance(data, bytes) else zlib.compress(json.dumps(data).encode())
    redis.hset(rq_job("entry"), mapping={"data": packed, "description": description, "status": "queued"} | fields)
    return "entry"


def fetched(kind: type[OwnEntry], redis: Any, rq_id: str) -> Job:
    return kind.fetch(rq_id, connection=redis, serializer="json")


@pytest.mark.parametrize(
    ("unit", "arguments"),
    [
        (Unit("job", UnitKind.PREPARE), ["job"]),
        (Unit("job", UnitKind.PAGE, 7), ["job", 7]),
        (Unit("job", UnitKind.CLOSE), ["job"]),
        (Unit("job", UnitKind.EXPORT, export="image_1_400"), ["job", "image_1_400"]),
    ],
)
def test_what_ocrdesk_pushes_is_accepted(redis: Any, unit: Unit, arguments: list[object]) -> None:
    queue = TaskQueue(redis, "ocrdesk")
    queue.prepare()
    with redis.pipeline() as pipe:
        saved = queue.save(pipe, unit, 10.5, owner="me", request_id="request")
        pipe.execute()
    job = fetched(UnitEntry, redis, saved.rq_id)
    assert job.args == arguments
    assert job.description == unit.key
    assert job.meta == {"limit_s": 10.5, "owner": "me", "request_id": "request"}
    assert callable(job.func)


@pytest.mark.parametrize("name", ["ocrdesk_worker.courier.deliver", "ocrdesk_worker.webhooks.tasks.deliver"])
def test_batches_of_webhooks_are_accepted_by_both_names(redis: Any, name: str) -> None:
    job = fetched(WebhookEntry, redis, stored(redis, [name, None, [[["job", 3]]], {}], "webhooks"))
    assert job.args == [[["job", 3]]]


def test_a_pushed_batch_is_accepted(redis: Any) -> None:
    queue = WebhookQueue(redis, "ocrdesk")
    queue.prepare()
    with redis.pipeline() as pipe:
        queue.push(pipe, [("job", 1)])
        pipe.execute()
    (rq_id,) = redis.lrange("rq:queue:ocrdesk-webhooks", 0, -1)
    assert fetched(WebhookEntry, redis, rq_id.decode()).args == [[["job", 1]]]


@pytest.mark.parametrize(
    ("data", "description"),
    [
        (["subprocess.getoutput", None, ["id"], {}], "job-prepare"),
        (["os.system", None, ["id"], {}], "job-prepare"),
        ([f"{TASKS}.export_file", None, ["job"], {}], "job-prepare"),
        ([f"{TASKS}.prepare.__globals__", None, ["job"], {}], "job-prepare"),
        (["ocrdesk_worker.courier.deliver", None, [[["job", 3]]], {}], "webhooks"),
        ([f"{TASKS}.prepare", "object", ["job"], {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, ["job"], {"job_id": "x"}], "job-prepare"),
        ([f"{TASKS}.prepare", None, ["job", "more"], {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, [], {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, "job", {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, ["../job"], {}], "../job-prepare"),
        ([f"{TASKS}.prepare", None, ["job:pages"], {}], "job:pages-prepare"),
        ([f"{TASKS}.prepare", None, [["job"]], {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, ["job"], {}], "other-prepare"),
        ([f"{TASKS}.recognise", None, ["job", "1"], {}], "job-1"),
        ([f"{TASKS}.recognise", None, ["job", 0], {}], "job-0"),
        ([f"{TASKS}.recognise", None, ["job", True], {}], "job-True"),
        ([f"{TASKS}.recognise", None, ["job", 10**12], {}], "job-1000000000000"),
        ([f"{TASKS}.export", None, ["job", "../../etc"], {}], "job-export_../../etc"),
        ([f"{TASKS}.export", None, ["job", 1], {}], "job-export_1"),
        ([[f"{TASKS}.prepare"], None, ["job"], {}], "job-prepare"),
        ([f"{TASKS}.prepare", None, ["job"]], "job-prepare"),
        ({"a": 1}, "job-prepare"),
        (b"\x80\x04\x95 a pickle", "job-prepare"),
        (zlib.compress(BOMB), "job-prepare"),
        (b"[" * 100_000, "job-prepare"),
        (b"\xff\xfe", "job-prepare"),
        (b"", "job-prepare"),
    ],
)
def test_everything_else_is_deleted_and_logged(
    redis: Any, caplog: pytest.LogCaptureFixture, data: object, description: str
) -> None:
    rq_id = stored(redis, data, description)
    with caplog.at_level(logging.WARNING), pytest.raises(NoSuchJobError):
        fetched(UnitEntry, redis, rq_id)
    assert not redis.exists(rq_job(rq_id))
    assert "not one of ocrdesk" in caplog.text
    assert "getoutput" not in caplog.text


@pytest.mark.parametrize(
    "leases", [["job"], [["job"]], [["job", "1"]], [[1, 1]], "job", [["../job", 1]], [["job", 1]] * 5_000]
)
def test_other_deliveries_are_deleted(redis: Any, leases: object) -> None:
    with pytest.raises(NoSuchJobError):
        fetched(WebhookEntry, redis, stored(redis, ["ocrdesk_worker.courier.deliver", None, [leases], {}], "webhooks"))


@pytest.mark.parametrize(
    "fields",
    [{"timeout": "soon"}, {"meta": "no JSON"}, {"meta": "[1]"}, {"status": "odd"}, {"created_at": "yesterday"}],
)
def test_fields_that_cannot_be_read_drop_the_entry(redis: Any, fields: dict[str, str]) -> None:
    with pytest.raises(NoSuchJobError):
        fetched(UnitEntry, redis, stored(redis, [f"{TASKS}.prepare", None, ["job"], {}], **fields))


def test_callbacks_webhooks_repetitions_and_other_entries_are_left_out(redis: Any) -> None:
    queue = Queue("ocrdesk", connection=redis, serializer="json")
    other = queue.enqueue(f"{TASKS}.close", "job", description="job-close")
    job = queue.enqueue(
        f"{TASKS}.prepare",
        "job",
        description="job-prepare",
        depends_on=other,
        on_success=Callback("subprocess.getoutput"),
        on_failure=Callback("subprocess.getoutput"),
        on_stopped=Callback("subprocess.getoutput"),
        repeat=Repeat(times=3),
        result_ttl=-1,
        meta={"limit_s": float("1e12"), "request_id": ["x"], "more": "y"},
    )
    redis.hset(job.key, "webhooks", json.dumps([{"url": "http://127.0.0.1:1/", "events": ["finished"]}]))
    redis.hset(job.key, "group_id", "group")
    read = fetched(UnitEntry, redis, job.id)
    assert (read.success_callback, read.failure_callback, read.stopped_callback) == (None, None, None)
    assert (read.webhooks, read.repeats_left, read.group_id, read.meta) == ([], None, None, {})
    assert not getattr(read, "_dependency_ids")  # noqa: B009
    assert read.result_ttl == 0


def test_an_entry_that_changes_after_it_was_read_does_not_run(redis: Any) -> None:
    rq_id = stored(redis, [f"{TASKS}.prepare", None, ["job"], {}], created_at=time.strftime("%Y-%m-%dT%H:%M:%SZ"))
    job = fetched(UnitEntry, redis, rq_id)
    stored(redis, ["subprocess.getoutput", None, ["id"], {}])
    with pytest.raises(NoSuchJobError):
        job.refresh()
    job.func_name = "subprocess.getoutput"
    with pytest.raises(Exception, match="another task"):
        _ = job.func


@pytest.mark.parametrize("rq_id", ["a b", "", "x\r\ny", "a:b:c"])
def test_an_id_that_is_none_is_no_entry(redis: Any, rq_id: str) -> None:
    with pytest.raises(NoSuchJobError):
        fetched(UnitEntry, redis, rq_id)


def test_what_is_no_record_is_no_entry(redis: Any) -> None:
    redis.set(rq_job("entry"), "x")
    with pytest.raises(NoSuchJobError):
        fetched(UnitEntry, redis, "entry")


def test_a_state_that_rq_does_not_know_is_refused(redis: Any) -> None:
    rq_id = stored(redis, [f"{TASKS}.prepare", None, ["job"], {}], status="odd")
    with pytest.raises(NoSuchJobError):
        fetched(UnitEntry, redis, rq_id)
    assert not redis.exists(rq_job(rq_id))
