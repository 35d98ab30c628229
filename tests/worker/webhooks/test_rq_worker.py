"""The webhook worker: a separate process that delivers batches and survives its task processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from redis import Redis
from standardwebhooks import Webhook

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, WebhookTarget
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import TaskQueue
from ocrdesk.backend.webhooks.deliveries import Deliveries, Delivery
from ocrdesk.backend.webhooks.target import make_secret
from ocrdesk.contract.webhooks import WebhookState
from tests.helpers.ledger_jobs import new_job_record
from tests.helpers.processes import clean_env
from tests.helpers.wait import wait_until
from tests.helpers.webhook_receiver import Answer, Receiver, run_webhook_receiver, signature_by_hand

SECRET = make_secret()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_webhook_receiver() as found:
        yield found


@pytest.fixture
def settings(redis_url: str) -> Settings:
    return Settings(redis_url=redis_url, webhook_allowed_hosts=("127.0.0.1",), webhook_retry_schedule=(0, 0.01, 0.01))


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    return Ledger(connect(settings, text=True), TaskQueue(connect(settings, text=False), settings.queue_name), 3600)


@pytest.fixture
def deliveries(settings: Settings) -> Deliveries:
    return Deliveries.open(settings)


_PROGRAM = (
    "import sys; from ocrdesk_worker.webhooks import rq_worker; from ocrdesk.backend.settings import Settings; from "
)
_PROGRAM += "ocrdesk.backend import logs; logs.configure(); rq_worker.run(Settings.from_environment(), sys.argv[1])"


class RunningWebhookWorker:
    """A webhook worker as the pool starts it, in a separate process."""

    def __init__(self, settings: Settings, log: Path) -> None:
        env = clean_env(REDIS_URL=settings.redis_url, WEBHOOK_ALLOWED_HOSTS="127.0.0.1")
        env["WEBHOOK_RETRY_SCHEDULE"] = ",".join(map(str, settings.webhook_retry_schedule))
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, f"webhooks-{os.urandom(4).hex()}"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def task_processes(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children())


def test_what_sends_is_not_loaded_before_the_first_batch() -> None:
    code = "import sys; from ocrdesk_worker.webhooks import rq_worker; print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False"]


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], RunningWebhookWorker]]:
    started: list[RunningWebhookWorker] = []

    def start() -> RunningWebhookWorker:
        started.append(RunningWebhookWorker(settings, tmp_path / "worker.log"))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def ended_job(ledger: Ledger, url: str) -> JobRecord:
    job = replace(new_job_record(), webhook=WebhookTarget(url, SECRET))
    ledger.jobs.create(job)
    ended = ledger.jobs.cancel(job.job_id)
    assert ended is not None
    return ended


def settled(deliveries: Deliveries, job: JobRecord) -> Delivery | None:
    """Return the delivery once it has ended; push due deliveries meanwhile, as the pool does."""
    deliveries.push_due()
    found = deliveries.get(job.job_id)
    return found if found and found.state is not WebhookState.PENDING else None


def let_leases_run_out(redis_url: str) -> None:
    """Pretend that a minute has passed."""
    redis: Any = Redis.from_url(redis_url, decode_responses=True)
    past = round(time.time() * 1000) - 1
    for job_id, due in redis.zrange("ocrdesk:webhooks:due", 0, -1, withscores=True):
        if due > past:
            redis.hset(f"ocrdesk:job:{job_id}:webhook", "lease", past)
            redis.zadd("ocrdesk:webhooks:due", {job_id: past})


def test_a_retry_has_a_new_signature_and_the_same_id(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_worker: Callable[[], RunningWebhookWorker]
) -> None:
    receiver.answers = [Answer(500), Answer(302), Answer(200)]
    start_worker()
    job = ended_job(ledger, receiver.url())
    over = wait_until(lambda: settled(deliveries, job), "the delivery")
    assert over is not None
    assert [attempt.status_code for attempt in over.attempts] == [500, 302, 200]
    assert {request.id for request in receiver.received} == {over.id}
    for request in receiver.received:
        assert request.headers["webhook-signature"] == signature_by_hand(SECRET, request)
        Webhook(SECRET).verify(request.body, request.headers)
    assert receiver.received[0].json["data"]["job_id"] == job.job_id


def test_after_the_schedule_a_delivery_is_given_up(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_worker: Callable[[], RunningWebhookWorker]
) -> None:
    receiver.answers = [Answer(500)]
    start_worker()
    job = ended_job(ledger, receiver.url())
    over = wait_until(lambda: settled(deliveries, job), "the end")
    assert over is not None
    assert over.state is WebhookState.FAILED
    assert len(over.attempts) == len(receiver.received) == 3


def test_one_slow_receiver_does_not_hold_up_the_others_of_its_batch(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_worker: Callable[[], RunningWebhookWorker]
) -> None:
    receiver.open.clear()
    with run_webhook_receiver() as quick:
        slow_job = ended_job(ledger, receiver.url())
        quick_jobs = [ended_job(ledger, quick.url()) for _ in range(3)]
        deliveries.push_due()
        start_worker()
        for job in quick_jobs:
            wait_until(lambda job=job: settled(deliveries, job), "a quick one")  # type: ignore[misc]
        assert deliveries.log(slow_job).state is WebhookState.PENDING
        receiver.open.set()
        wait_until(lambda: settled(deliveries, slow_job), "the slow one")


def test_a_killed_worker_ends_with_its_task_process_and_the_delivery_is_repeated(
    ledger: Ledger,
    deliveries: Deliveries,
    receiver: Receiver,
    redis_url: str,
    start_worker: Callable[[], RunningWebhookWorker],
) -> None:
    receiver.open.clear()
    job = ended_job(ledger, receiver.url())
    deliveries.push_due()
    first = start_worker()
    wait_until(lambda: len(receiver.received) == 1, "a request that is not answered yet")
    (task_process,) = first.task_processes()
    first.kill()
    wait_until(lambda: not task_process.is_running(), "the end of the task process")
    receiver.open.set()
    start_worker()
    assert settled(deliveries, job) is None
    let_leases_run_out(redis_url)
    over = wait_until(lambda: settled(deliveries, job), "the delivery")
    assert over is not None
    assert over.state is WebhookState.DELIVERED
    assert [request.id for request in receiver.received] == [over.id, over.id]
    assert len(over.attempts) == 1


def test_a_stopping_worker_finishes_its_batch_first(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_worker: Callable[[], RunningWebhookWorker]
) -> None:
    receiver.open.clear()
    job = ended_job(ledger, receiver.url())
    deliveries.push_due()
    running = start_worker()
    wait_until(lambda: len(receiver.received) == 1, "a request that is not answered yet")
    running.process.terminate()
    receiver.open.set()
    assert running.process.wait(30) == 0
    assert deliveries.log(job).state is WebhookState.DELIVERED


def test_the_log_names_hosts_and_nothing_secret(
    ledger: Ledger, deliveries: Deliveries, receiver: Receiver, start_worker: Callable[[], RunningWebhookWorker]
) -> None:
    receiver.answers = [Answer(500), Answer(200)]
    running = start_worker()
    job = ended_job(ledger, receiver.url("/private-path?token=hush"))
    refused = ended_job(ledger, "http://127.0.0.2/other-path?token=hush")
    for one in (job, refused):
        wait_until(lambda one=one: settled(deliveries, one), "the end")  # type: ignore[misc]
    lines = (
        f"webhook of job {job.job_id} to 127.0.0.1: delivered (status 200)",
        f"webhook of job {refused.job_id} to 127.0.0.2: failed",
    )
    wait_until(lambda: all(line in running.log.read_text() for line in lines), "both lines")  # after the outcome
    said = running.log.read_text()
    for secret in ("hush", "private-path", "other-path", SECRET, SECRET.removeprefix("whsec_")):
        assert secret not in said
    for request in receiver.received:
        assert request.headers["webhook-signature"] not in said


def test_deliveries_leave_no_rq_records_behind(
    ledger: Ledger,
    deliveries: Deliveries,
    receiver: Receiver,
    redis_url: str,
    start_worker: Callable[[], RunningWebhookWorker],
) -> None:
    start_worker()
    for job in [ended_job(ledger, receiver.url()) for _ in range(20)]:
        wait_until(lambda job=job: settled(deliveries, job), "the delivery")  # type: ignore[misc]
    redis: Any = Redis.from_url(redis_url, decode_responses=True)

    def no_batch_is_kept() -> bool:
        # the records of the OCR queue name jobs; those of batches do not
        batches = [key for key in redis.keys("rq:job:*") if "job" not in key.removeprefix("rq:job:")]
        lists = [key for key in redis.keys("rq:*ocrdesk-webhooks*") if not key.startswith("rq:workers:")]
        return not batches and not lists

    wait_until(no_batch_is_kept, "nothing is kept")
