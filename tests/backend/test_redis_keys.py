"""The table of Redis keys describes every key that the service writes, and no other."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rq import Worker

from ocrdesk.backend import redis_keys
from ocrdesk.backend.api_keys.email_address import parse_email
from ocrdesk.backend.api_keys.store import KeyStore
from ocrdesk.backend.ledger.idempotency import IdempotencyKey
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.rate_limits import RateLimit, RateLimits
from ocrdesk.backend.records import NodeInfo, WebhookTarget
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.redis_key_table import KEYS, RedisKey
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.storage.blob_store import put
from ocrdesk.backend.storage.redis_store import RedisStore
from ocrdesk.backend.task_queue import open_queue
from ocrdesk.contract.api_keys import REGISTERED_SCOPES
from ocrdesk.contract.states import PageState
from tests.helpers.ledger_jobs import created, finished, new_attempt, new_job_record, page_unit, planned, read

ROOT = Path(__file__).resolve().parents[2]


def described_by(key: str) -> list[RedisKey]:
    return [described for described in KEYS if described.matches(key)]


def use_jobs(ledger: Ledger, redis: Any) -> None:
    """Leave jobs in several states, with pages that wait, an export, a webhook, an Idempotency-Key and a password."""
    job = planned(ledger, 9, inflight_limit=2)
    read(ledger, job, 1, inflight_limit=2)
    attempt = new_attempt()
    assert ledger.leases.claim(page_unit(job, 2), attempt)
    ledger.pages.commit(job.job_id, 2, attempt.id, PageState.FINISHED, inflight_limit=2, blob="b", edges="[]")
    assert ledger.leases.claim(page_unit(job, 3), new_attempt())
    done = finished(ledger)
    ledger.exports.request(done.job_id, "pdf", 60)
    called = replace(new_job_record(), webhook=WebhookTarget("https://example.com/", "whsec_c2VjcmV0"))
    ledger.jobs.create(called, IdempotencyKey("me", "key", "digest"))
    ledger.jobs.cancel(called.job_id)
    ledger.jobs.create(new_job_record(), sealed_password="c2VhbGVk")
    ledger.shares.repair(1)
    for width in range(4):
        ledger.exports.request(done.job_id, f"image_1_{width}", 60)
        created(ledger)
    ledger.check_writable()
    ledger.work_time.add("me", 1.5)
    ledger.nodes.heartbeat(NodeInfo("node", 2, ("tesseract",), ("eng",), "1.0"))
    ledger.cleanup.begin_writing("job1")
    assert ledger.storage_trust.is_trusted("storage", lambda: True)
    damaged = new_job_record()
    ledger.jobs.create(damaged)
    redis.hset(redis_keys.job(damaged.job_id), "state", "unheard of")
    assert ledger.jobs.get(damaged.job_id)


def use_keys_and_limits(redis: Any, settings: Settings) -> None:
    store = KeyStore(redis)
    created = store.create("Ann", email=parse_email("ann@example.com"), scopes=REGISTERED_SCOPES)
    assert store.authenticate(created.secret)
    limits = RateLimits(settings, connect(settings, text=False))
    assert limits.consume(RateLimit.READS, "address-2001:db8::1")


def test_every_key_is_described_once_with_its_type_and_every_description_is_used(
    ledger: Ledger, redis: Any, redis_url: str
) -> None:
    settings = Settings(redis_url=redis_url)
    use_jobs(ledger, redis)
    use_keys_and_limits(redis, settings)
    put(RedisStore(connect(settings, text=False), ttl_s=600), "job1", "upload", b"bytes")
    redis.lmove("rq:queue:ocrdesk", "rq:queue:ocrdesk:intermediate", "LEFT", "RIGHT")
    raw = connect(settings, text=False)
    Worker([open_queue(raw, settings.queue_name)], connection=raw).register_birth()
    with ledger.lost_work.reaper_turn():
        found = {key: described_by(key) for key in redis.keys("*") if key not in ("rq:queues", "rq:workers")}  # RQ's
        assert [key for key, described in found.items() if len(described) != 1] == []
        assert [key for key, (described,) in found.items() if redis.type(key) != described.type] == []
    used = {described.pattern for (described,) in found.values()}
    assert [described.pattern for described in KEYS if described.pattern not in used] == []


def test_fields_of_a_job_are_described(ledger: Ledger, redis: Any) -> None:
    (described,) = described_by(redis_keys.job("x"))
    names = {name for names in described.fields for name in names.split(", ")}
    assert set(redis.hgetall(redis_keys.job(finished(ledger).job_id))) == names


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("ocrdesk:job:x", "ocrdesk:job:{job_id}"),
        ("ocrdesk:job:x:pages", "ocrdesk:job:{job_id}:pages"),
        ("ocrdesk:rates:reads/a:b/60", "ocrdesk:rates:{counter*}"),
    ],
)
def test_a_part_of_a_pattern_ends_at_a_colon_unless_it_is_starred(key: str, pattern: str) -> None:
    assert [described.pattern for described in described_by(key)] == [pattern]


def test_an_unknown_key_is_not_described() -> None:
    assert described_by("ocrdesk:job:x:unheard-of") == []
    assert described_by("ocrdesk:unheard-of") == []


def test_the_page_in_the_documentation_is_current() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "redis_keys.py"), "--check"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
