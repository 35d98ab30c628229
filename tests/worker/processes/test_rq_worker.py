"""The worker process survives losing RQ's own records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rq import Worker
from rq.job import Job

from ocrdesk.backend.records import Unit, UnitKind
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import open_queue
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.processes.rq_worker import UnitWorker


@pytest.mark.parametrize("status", [0, 9])
def test_nothing_written_to_the_record_of_a_deleted_job_stays(
    redis_url: str, tmp_path: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    settings = Settings(redis_url=redis_url, storage_url=tmp_path.as_uri())
    connection = connect(settings, text=False)
    worker = UnitWorker(connection, "node", "name", context.make(settings, engines))
    unit = Unit("0" * 32, UnitKind.PREPARE)
    job = Job.create("ocrdesk_worker.tasks.prepare", connection=connection, serializer="json", description=unit.key)
    job.save()

    def process_writes_late(self: Any, job: Job, queue: Any) -> None:
        self.prepare_execution(job)
        connection.delete(job.key)
        connection.hset(job.key, "last_heartbeat", "2026-01-01T00:00:00Z")
        self._task_status = status

    monkeypatch.setattr(Worker, "execute_job", process_writes_late)
    worker.execute_job(job, open_queue(connection, settings.queue_name))
    assert connection.exists(job.key) == 0


def test_a_worker_outlives_the_record_of_a_job_that_was_deleted_under_it(
    redis_url: str, tmp_path: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=redis_url, storage_url=tmp_path.as_uri())
    connection = connect(settings, text=False)
    worker = UnitWorker(connection, "node", "name", context.make(settings, engines))
    job = Job.create("ocrdesk_worker.tasks.close", connection=connection, serializer="json", description="")
    job.save()

    def record_is_gone_and_process_killed(self: Any, job: Job, queue: Any) -> None:
        connection.delete(job.key)
        self._task_status = 9

    monkeypatch.setattr(Worker, "execute_job", record_is_gone_and_process_killed)
    worker.execute_job(job, open_queue(connection, settings.queue_name))
    assert connection.exists(job.key) == 0


def test_the_record_of_a_task_whose_worker_is_killed_expires(
    redis_url: str, tmp_path: Path, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(redis_url=redis_url, storage_url=tmp_path.as_uri())
    connection = connect(settings, text=False)
    worker = UnitWorker(connection, "node", "name", context.make(settings, engines))
    unit = Unit("0" * 32, UnitKind.PREPARE)
    job = Job.create("ocrdesk_worker.tasks.prepare", connection=connection, serializer="json", description=unit.key)
    job.save()
    worker.prepare_execution(job)
    assert connection.ttl(job.key) > 0, "a worker that is killed before its task process begins"
    worker.prepare_job_execution(job)
    assert connection.ttl(job.key) > 0, "RQ has made it permanent"
