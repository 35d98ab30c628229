"""Deliveries on a real Valkey: due, leased, claimed, retried, failed, repeated, and deleted."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq.job import Job

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.records import JobRecord, WebhookTarget
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import WEBHOOK_TASK_NAME, WebhookQueue, open_queue, open_webhook_queue
from ocrdesk.backend.webhooks.deliveries import BATCH, MAX_CLAIMS, Deliveries, Delivery, Outcome, choose_fairly
from ocrdesk.contract.webhooks import WebhookAttempt, WebhookState
from tests.backend.conftest import RESULT_TTL_S
from tests.helpers.ledger_jobs import new_attempt, new_job_record, prepare_unit

SCHEDULE = (0, 5, 30)
DUE = "ocrdesk:webhooks:due"
TARGET = WebhookTarget("https://receiver.example/hook?token=hush", "whsec_" + "A" * 43 + "=")


@pytest.fixture
def make_deliveries(redis_url: str) -> Callable[[], Deliveries]:
    settings = Settings(redis_url=redis_url)

    def make() -> Deliveries:
        queue = WebhookQueue(connect(settings, text=False), settings.queue_name)
        return Deliveries(connect(settings, text=True), queue, SCHEDULE)

    return make


@pytest.fixture
def deliveries(make_deliveries: Callable[[], Deliveries]) -> Deliveries:
    return make_deliveries()


def key(job: JobRecord) -> str:
    return f"ocrdesk:job:{job.job_id}:webhook"


def submitted(ledger: Ledger, target: WebhookTarget | None = TARGET, owner: str = "me") -> JobRecord:
    job = replace(new_job_record(owner), webhook=target)
    ledger.jobs.create(job)
    return job


def ended(ledger: Ledger, target: WebhookTarget | None = TARGET, owner: str = "me") -> JobRecord:
    job = ledger.jobs.cancel(submitted(ledger, target, owner).job_id)
    assert job is not None
    return job


def batches(redis_url: str) -> list[Job]:
    return open_webhook_queue(Redis.from_url(redis_url), "ocrdesk").get_jobs()


def taken(redis_url: str) -> list[tuple[str, int]]:
    """Return the next batch, taken from the queue as a webhook worker does."""
    redis: Any = Redis.from_url(redis_url)
    queue = open_webhook_queue(redis, "ocrdesk")
    job = Job.fetch(redis.lpop(queue.key).decode(), connection=redis, serializer=queue.serializer)
    job.delete()
    return [(job_id, lease) for job_id, lease in job.args[0]]


def held(deliveries: Deliveries, redis_url: str) -> Delivery:
    """Claim and return the only due delivery."""
    assert deliveries.push_due() == 1
    ((job_id, lease),) = taken(redis_url)
    found = deliveries.claim(job_id, lease)
    assert found is not None
    return found


def an_outcome(status: int | None = 500, error: str | None = None, retry_after_s: float | None = None) -> Outcome:
    attempt = WebhookAttempt(at=datetime.now(UTC), status_code=status, error=error, duration_s=0.1)
    return Outcome(attempt, retry_after_s)


def make_due(redis: Any, job: JobRecord) -> None:
    """Pretend that the time until the next attempt, or of the lease, has passed."""
    now = int(time.time() * 1000) - 1
    redis.hset(key(job), mapping={"due": now, "lease": min(now - 1, int(redis.hget(key(job), "lease")))})
    redis.zadd(DUE, {job.job_id: now})


def the(deliveries: Deliveries, job: JobRecord) -> Delivery:
    found = deliveries.get(job.job_id)
    assert found is not None
    return found


# ── from a job's end to the queue ─────────────────────────────────────────────────────────────────


def test_a_target_is_kept_with_the_job_and_never_shown(ledger: Ledger) -> None:
    job = submitted(ledger)
    found = ledger.jobs.get(job.job_id)
    assert found is not None
    assert found.webhook == TARGET
    for shown in (repr(found), found.view().model_dump_json()):
        assert "hush" not in shown
        assert TARGET.secret not in shown


def test_nothing_is_due_before_the_jobs_end(ledger: Ledger, deliveries: Deliveries) -> None:
    job = submitted(ledger)
    assert deliveries.push_due() == 0
    log = deliveries.log(job)
    assert (log.state, log.next_attempt_at, log.attempts) == (WebhookState.PENDING, None, ())


def test_a_job_without_a_webhook_writes_no_delivery(ledger: Ledger, deliveries: Deliveries, redis: Any) -> None:
    job = ended(ledger, None)
    assert not redis.exists(key(job), DUE)
    assert deliveries.log(job).state is WebhookState.NONE


def test_at_a_jobs_end_its_delivery_is_due_immediately(ledger: Ledger, deliveries: Deliveries) -> None:
    job = ended(ledger)
    found = the(deliveries, job)
    body = json.loads(found.body)
    assert body == {
        "type": "job.cancelled",
        "timestamp": job.view().model_dump(mode="json")["ended_at"],
        "data": job.view().model_dump(mode="json"),
    }
    log = deliveries.log(job)
    assert log.next_attempt_at is not None
    assert log.next_attempt_at <= datetime.now(UTC)
    assert log.webhook_id == found.id


def test_a_delivery_has_the_hosts_that_the_api_allowed_at_the_submit(ledger: Ledger, deliveries: Deliveries) -> None:
    job = replace(new_job_record(), webhook=TARGET, webhook_hosts=("10.0.0.0/8", "hooks.example"))
    ledger.jobs.create(job)
    ledger.jobs.cancel(job.job_id)
    found = deliveries.get(job.job_id)
    assert found is not None
    assert found.allowed_hosts == ("10.0.0.0/8", "hooks.example")


def test_a_delivery_of_an_older_version_has_none(ledger: Ledger, deliveries: Deliveries, redis: Any) -> None:
    job = ended(ledger)
    redis.hdel(key(job), "allowed_hosts")
    found = deliveries.get(job.job_id)
    assert found is not None
    assert found.allowed_hosts == ()


def test_a_delivery_is_kept_a_day_when_results_are_kept_for_less(ledger: Ledger, redis: Any) -> None:
    job = ended(ledger)
    assert redis.ttl(f"ocrdesk:job:{job.job_id}") <= RESULT_TTL_S
    assert RESULT_TTL_S < redis.ttl(key(job)) <= 86_400


def test_due_deliveries_go_to_a_queue_of_their_own_without_url_or_secret(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    job = ended(ledger)
    before = open_queue(Redis.from_url(redis_url), "ocrdesk").job_ids
    assert deliveries.push_due() == 1
    (batch,) = batches(redis_url)
    assert json.loads(batch.data) == [WEBHOOK_TASK_NAME, None, [[[job.job_id, the(deliveries, job).lease]]], {}]
    raw: Any = Redis.from_url(redis_url)
    fields = raw.hgetall(f"rq:job:{batch.id}")
    stored = str([fields | {b"data": zlib.decompress(fields[b"data"])}])
    assert job.job_id in stored
    assert "hush" not in stored
    assert TARGET.secret not in stored
    assert open_queue(Redis.from_url(redis_url), "ocrdesk").job_ids == before


def test_rq_keeps_no_record_of_a_batch_for_long(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    ended(ledger)
    deliveries.push_due()
    (batch,) = batches(redis_url)
    assert batch.result_ttl == 0
    assert batch.failure_ttl is not None
    assert batch.failure_ttl <= 60
    assert 0 < redis.ttl(f"rq:job:{batch.id}") <= 300


def test_a_leased_delivery_is_not_pushed_again_until_its_lease_runs_out(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    assert deliveries.push_due() == 1
    assert deliveries.push_due() == 0
    assert redis.zscore(DUE, job.job_id) > (time.time() + 30) * 1000
    taken(redis_url)  # by a webhook worker that dies
    make_due(redis, job)
    assert deliveries.push_due() == 1


def test_two_pools_that_push_at_the_same_time_lease_a_delivery_once(
    ledger: Ledger, make_deliveries: Callable[[], Deliveries], redis_url: str
) -> None:
    jobs = {ended(ledger).job_id for _ in range(4)}
    pools = [make_deliveries() for _ in range(8)]
    with ThreadPoolExecutor(len(pools)) as threads:
        counts = list(threads.map(lambda pool: pool.push_due(), pools))
    assert sum(counts) == 4
    assert {job_id for batch in batches(redis_url) for job_id, _ in batch.args[0]} == jobs


def test_one_batch_waits_so_that_what_becomes_due_later_is_soon_chosen(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    for number in range(BATCH * 2):
        ended(ledger, WebhookTarget(f"https://host{number}.example/", TARGET.secret))
    assert [deliveries.push_due() for _ in range(2)] == [BATCH, 0]
    taken(redis_url)
    assert deliveries.push_due() == BATCH


def test_an_expired_delivery_leaves_the_list_of_due_ones(ledger: Ledger, deliveries: Deliveries, redis: Any) -> None:
    job = ended(ledger)
    redis.delete(key(job))
    assert deliveries.push_due() == 0
    assert redis.zcard(DUE) == 0
    assert not redis.exists(key(job))


def test_a_batch_gives_every_owner_a_turn_and_no_host_more_than_a_few() -> None:
    greedy = [(f"g{n}", "greedy", f"host{n}") for n in range(50)]
    slow = [(f"s{n}", "other", "slow.example") for n in range(50)]
    chosen = choose_fairly([*greedy, *slow, ("late", "modest", "modest.example")])
    assert len(chosen) == BATCH
    assert "late" in chosen
    assert sum(job_id.startswith("s") for job_id in chosen) == 4
    assert sum(job_id.startswith("g") for job_id in chosen) == BATCH - 5


def test_an_owner_cannot_use_up_a_host_that_others_have_too() -> None:
    greedy = [(f"g{n}", "greedy", "hooks.example") for n in range(50)]
    chosen = choose_fairly([*greedy, ("late", "modest", "hooks.example")])
    assert sorted(chosen) == ["g0", "g1", "g2", "late"]


def test_thousands_of_one_owners_due_deliveries_do_not_hide_another_ones(
    ledger: Ledger, deliveries: Deliveries, redis: Any
) -> None:
    fields = {"id": "msg_1", "owner": "greedy", "url": TARGET.url, "secret": TARGET.secret, "body": "{}"}
    with redis.pipeline(transaction=False) as pipe:
        for number in range(3000):
            pipe.hset(f"ocrdesk:job:{number:032x}:webhook", mapping={**fields, "state": "pending"})
            pipe.zadd(DUE, {f"{number:032x}": number + 1})
        pipe.execute()
    job = ended(ledger, owner="modest")
    deliveries.push_due()
    assert the(deliveries, job).lease > 0


# ── attempts ─────────────────────────────────────────────────────────────────────────────────────


def test_a_lease_is_good_for_one_claim(ledger: Ledger, deliveries: Deliveries, redis_url: str) -> None:
    ended(ledger)
    deliveries.push_due()
    ((job_id, lease),) = taken(redis_url)
    assert deliveries.claim(job_id, lease)
    assert deliveries.claim(job_id, lease) is None


def test_a_worker_that_lost_its_lease_cannot_commit(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    first = held(deliveries, redis_url)
    make_due(redis, job)
    second = held(deliveries, redis_url)
    assert second.id == first.id
    assert deliveries.commit(first, an_outcome(204)) is None
    assert the(deliveries, job).attempts == ()
    assert deliveries.commit(second, an_outcome(204)) is WebhookState.DELIVERED


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_delivery(ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str, status: int) -> None:
    job = ended(ledger)
    assert deliveries.commit(held(deliveries, redis_url), an_outcome(status)) is WebhookState.DELIVERED
    log = deliveries.log(job)
    assert (log.state, log.next_attempt_at) == (WebhookState.DELIVERED, None)
    assert [attempt.status_code for attempt in log.attempts] == [status]
    assert redis.zcard(DUE) == 0


def test_a_failed_attempt_is_repeated_after_the_scheduled_wait(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    waits = []
    for _ in SCHEDULE[1:]:
        before = time.time()
        assert deliveries.commit(held(deliveries, redis_url), an_outcome(500)) is WebhookState.PENDING
        waits.append(the(deliveries, job).due / 1000 - before)
        make_due(redis, job)
    assert deliveries.commit(held(deliveries, redis_url), an_outcome(None, "no")) is WebhookState.FAILED
    assert 4.4 < waits[0] < 7
    assert 26 < waits[1] < 37
    assert [attempt.status_code or attempt.error for attempt in deliveries.log(job).attempts] == [500, 500, "no"]
    assert redis.zcard(DUE) == 0
    assert ledger.backlog.counters().webhooks == {"delivered": 0, "retried": 2, "given_up": 1}


def test_a_410_response_ends_the_delivery(ledger: Ledger, deliveries: Deliveries, redis_url: str) -> None:
    job = ended(ledger)
    assert deliveries.commit(held(deliveries, redis_url), an_outcome(410)) is WebhookState.FAILED
    assert deliveries.log(job).next_attempt_at is None


@pytest.mark.parametrize(("asked_s", "low_s", "high_s"), [(0, 4, 7), (120, 119, 125), (10**8, 3590, 3610)])
def test_retry_after_is_respected_within_an_hour(
    ledger: Ledger, deliveries: Deliveries, redis_url: str, asked_s: float, low_s: float, high_s: float
) -> None:
    job = ended(ledger)
    before = time.time()
    deliveries.commit(held(deliveries, redis_url), an_outcome(503, retry_after_s=asked_s))
    assert low_s < the(deliveries, job).due / 1000 - before < high_s


def test_an_ended_delivery_expires_with_its_job(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    deliveries.commit(held(deliveries, redis_url), an_outcome(204))
    assert 0 < redis.ttl(key(job)) <= RESULT_TTL_S


def test_a_delivery_is_made_after_its_jobs_record_expired_and_leaves_no_secret(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    delivery = held(deliveries, redis_url)
    redis.delete(f"ocrdesk:job:{job.job_id}")
    assert deliveries.commit(delivery, an_outcome(204)) is WebhookState.DELIVERED
    assert redis.pttl(key(job)) <= 1


def test_a_delivery_that_crashes_webhook_workers_repeatedly_counts_as_a_failed_attempt(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    for _ in range(MAX_CLAIMS):
        assert held(deliveries, redis_url)
        make_due(redis, job)
    deliveries.push_due()
    ((job_id, lease),) = taken(redis_url)
    assert deliveries.claim(job_id, lease) is None
    found = the(deliveries, job)
    assert (found.step, found.claims, len(found.attempts)) == (1, 0, 1)
    assert "again and again" in (found.attempts[0].error or "")


def test_releasing_all_ends_leases_and_keeps_scheduled_waits(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    waits = ended(ledger)
    deliveries.commit(held(deliveries, redis_url), an_outcome(500))
    leased = ended(ledger)
    left = held(deliveries, redis_url)
    assert deliveries.release_all() == 1
    again = held(deliveries, redis_url)
    assert again.job_id == left.job_id == leased.job_id
    assert deliveries.commit(left, an_outcome(204)) is None
    assert the(deliveries, waits).lease == 0


# ── redelivery and deletion ──────────────────────────────────────────────────────────────────────


def test_a_redelivery_is_one_more_attempt_under_the_same_id(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    job = ended(ledger)
    first = held(deliveries, redis_url)
    deliveries.commit(first, an_outcome(204))
    assert deliveries.redeliver(job.job_id)
    assert deliveries.log(job).state is WebhookState.PENDING
    second = held(deliveries, redis_url)
    assert (second.id, second.body) == (first.id, first.body)
    assert deliveries.commit(second, an_outcome(500)) is WebhookState.FAILED
    assert [attempt.status_code for attempt in deliveries.log(job).attempts] == [204, 500]


def test_a_redelivery_of_a_pending_delivery_makes_its_next_attempt_now_and_keeps_its_schedule(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    job = ended(ledger)
    deliveries.commit(held(deliveries, redis_url), an_outcome(500))
    assert deliveries.push_due() == 0
    assert deliveries.redeliver(job.job_id)
    assert deliveries.commit(held(deliveries, redis_url), an_outcome(500)) is WebhookState.PENDING


def test_a_redelivery_leaves_a_delivery_alone_that_is_being_made(
    ledger: Ledger, deliveries: Deliveries, redis_url: str
) -> None:
    job = ended(ledger)
    delivery = held(deliveries, redis_url)
    assert deliveries.redeliver(job.job_id)
    assert deliveries.push_due() == 0
    assert deliveries.commit(delivery, an_outcome(204)) is WebhookState.DELIVERED


def test_there_is_no_redelivery_before_the_jobs_end(ledger: Ledger, deliveries: Deliveries) -> None:
    assert not deliveries.redeliver(submitted(ledger).job_id)


def test_the_log_of_many_redeliveries_stays_short(ledger: Ledger, deliveries: Deliveries, redis_url: str) -> None:
    job = ended(ledger)
    for _ in range(45):
        deliveries.commit(held(deliveries, redis_url), an_outcome(204))
        deliveries.redeliver(job.job_id)
    assert len(the(deliveries, job).attempts) == 40


def test_a_deleted_job_keeps_no_delivery_and_a_webhook_worker_at_it_writes_none(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    delivery = held(deliveries, redis_url)
    ledger.jobs.delete(job.job_id)
    assert not redis.exists(key(job), DUE)
    assert deliveries.commit(delivery, an_outcome(204)) is None
    assert not redis.exists(key(job), DUE)


def test_a_retried_job_is_reported_again_under_a_new_id(
    ledger: Ledger, deliveries: Deliveries, redis: Any, redis_url: str
) -> None:
    job = ended(ledger)
    first = held(deliveries, redis_url)
    deliveries.commit(first, an_outcome(204))
    assert ledger.jobs.retry(job.job_id, inflight_limit=4)
    assert deliveries.push_due() == 0
    assert ledger.jobs.cancel(job.job_id)
    second = held(deliveries, redis_url)
    assert second.id != first.id
    assert second.attempts == ()
    assert deliveries.commit(first, an_outcome(500)) is None
    assert deliveries.commit(second, an_outcome(204)) is WebhookState.DELIVERED
    assert 0 < redis.ttl(key(job)) <= RESULT_TTL_S


def test_a_job_deleted_before_its_end_sends_nothing(ledger: Ledger, deliveries: Deliveries, redis: Any) -> None:
    job = submitted(ledger)
    assert ledger.leases.claim(prepare_unit(job), new_attempt())
    ledger.jobs.delete(job.job_id)
    assert deliveries.push_due() == 0
    assert not redis.exists(key(job), DUE)


def test_errors_of_a_full_redis_do_not_quote_the_secret(ledger: Ledger, redis: Any) -> None:
    """redis-py puts the beginning of a refused command into its error."""
    job = submitted(ledger)
    redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(RedisError) as raised:
            ledger.jobs.create(replace(job, job_id="another"))
    finally:
        redis.config_set("maxmemory", "0")
    assert TARGET.secret not in str(raised.value)
    assert "hush" not in str(raised.value)


def test_a_job_ends_with_its_delivery_when_redis_is_full(ledger: Ledger, deliveries: Deliveries, redis: Any) -> None:
    job = submitted(ledger)
    redis.config_set("maxmemory", "1")
    try:
        ledger.jobs.cancel(job.job_id)
    finally:
        redis.config_set("maxmemory", "0")
    assert deliveries.push_due() == 1


@pytest.mark.parametrize("damage", ["a key of another type", "a URL that is none"])
def test_a_damaged_delivery_keeps_no_other_one_waiting(
    ledger: Ledger, redis: Any, deliveries: Deliveries, redis_url: str, damage: str
) -> None:
    bad, good = ended(ledger), ended(ledger)
    if damage == "a key of another type":
        redis.delete(key(bad))
        redis.set(key(bad), "x")
    else:
        redis.hset(key(bad), "url", "http://[")
    assert deliveries.push_due() >= 1
    assert good.job_id in dict(taken(redis_url))
    if damage == "a key of another type":
        assert redis.zscore(DUE, bad.job_id) is None
