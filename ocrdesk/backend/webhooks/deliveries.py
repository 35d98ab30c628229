"""Deliveries of webhooks in Redis: when one is due, who holds it, and what came of each attempt.

As with jobs, what is in the queue is a hint and the record decides. A delivery that is not over has its
next time in one sorted set. Whoever pushes it to a courier *leases* it: in the same transaction its time
there moves on, so a courier that dies with it is made up for when the lease runs out. Every write of
a courier is fenced by the lease that it holds. So each delivery is made at least once; receivers tell
a second one by its `webhook-id`.

Keys, all under `ocrdesk:`
    job:ID:webhook   hash   the delivery's record; lives as long as the job's, but a day while it is tried
    webhooks:due     zset   job ids by the time (Unix, ms) at which something is to be done
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import WatchError

from ocrdesk.backend.records import JobRecord, WebhookTarget
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import WebhookQueue
from ocrdesk.contract.webhooks import WebhookAttempt, WebhookEvent, WebhookLog, WebhookPayload, WebhookState

MAX_CLAIMS = 6
"""A delivery that was begun so often without any outcome counts as a failed attempt: it may be what kills couriers."""
BATCH = 16
"""Deliveries that one courier makes at a time."""
_PER_HOST = 4
"""Of them, those to one host at most: a slow receiver leaves room for the others."""
_BATCHES_WAITING = 2
_LEASE_MS = 60_000
"""Longer than a batch may wait behind others and be sent."""
_SCANNED = 1000
_KEPT_AT_LEAST_S = 86_400
_ATTEMPTS_KEPT = 40
_MAX_RETRY_AFTER_S = 3600.0
_JITTER = (0.9, 1.2)
_DUE = "ocrdesk:webhooks:due"


def _key(job_id: str) -> str:
    return f"ocrdesk:job:{job_id}:webhook"


def _now_ms() -> int:
    return round(time.time() * 1000)


def schedule(pipe: Any, job: JobRecord, result_ttl_s: int) -> None:
    """Writes the delivery that a job's end calls for, due at once, in the transaction that ends the job."""
    if job.webhook is None or job.ended_at is None:
        return
    payload = WebhookPayload(type=WebhookEvent(f"job.{job.state}"), timestamp=job.ended_at, data=job.view())
    now = _now_ms()
    record = {
        "id": f"msg_{os.urandom(12).hex()}",
        "owner": job.owner,
        "state": WebhookState.PENDING.value,
        "step": 0,
        "claims": 0,
        "lease": 0,
        "due": now,
        "attempts": "[]",
        "body": payload.model_dump_json(),
        # last, because Redis' errors quote how a command begins
        "url": job.webhook.url,
        "secret": job.webhook.secret,
    }
    pipe.delete(_key(job.job_id))  # that of an earlier end, when the job was run again
    pipe.hset(_key(job.job_id), mapping=record)
    pipe.expire(_key(job.job_id), max(result_ttl_s, _KEPT_AT_LEAST_S))
    pipe.zadd(_DUE, {job.job_id: now})


def forget(pipe: Any, job_id: str) -> None:
    """Removes a job's delivery and its log, in a transaction of the caller."""
    pipe.delete(_key(job_id))
    pipe.zrem(_DUE, job_id)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job's delivery as Redis has it. Times are Unix milliseconds."""

    job_id: str
    id: str
    owner: str
    target: WebhookTarget
    body: str = field(repr=False)
    state: WebhookState
    step: int
    """Attempts of the schedule that were made."""
    claims: int
    """Times it was begun since its last outcome."""
    lease: int
    """Until when someone holds it; also the token of who does."""
    due: int
    attempts: tuple[WebhookAttempt, ...]

    @property
    def host(self) -> str:
        """All of the URL that may be logged."""
        return urlsplit(self.target.url).hostname or ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to. `retry_after_s` is what a 429 or 503 asked for."""

    attempt: WebhookAttempt
    retry_after_s: float | None = None

    @property
    def delivered(self) -> bool:
        return self.attempt.error is None and 200 <= (self.attempt.status_code or 0) < 300

    @property
    def unwanted(self) -> bool:
        """410 Gone: the receiver wants no more of it."""
        return self.attempt.status_code == 410


class Deliveries:
    """Reads and changes deliveries. Every method is one round trip or one transaction."""

    def __init__(self, redis: Redis, queue: WebhookQueue, retry_schedule_s: Sequence[float]) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue
        self._schedule_s = tuple(retry_schedule_s)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """With connections of its own, made when they are first needed."""
        queue = WebhookQueue(connect(settings, text=False))
        return cls(connect(settings, text=True), queue, settings.webhook_retry_schedule)

    def get(self, job_id: str) -> Delivery | None:
        return _delivery_from(job_id, self._redis.hgetall(_key(job_id)))

    def log(self, job: JobRecord) -> WebhookLog:
        """What the job's owner may know: everything but the secret."""
        if job.webhook is None:
            return WebhookLog()
        delivery = self.get(job.job_id)
        if delivery is None:
            return WebhookLog(url=job.webhook.url, state=WebhookState.PENDING)
        is_pending = delivery.state is WebhookState.PENDING
        return WebhookLog(
            url=delivery.target.url,
            state=delivery.state,
            webhook_id=delivery.id,
            next_attempt_at=datetime.fromtimestamp(delivery.due / 1000, UTC) if is_pending else None,
            attempts=delivery.attempts,
        )

    def redeliver(self, job_id: str) -> bool:
        """Has it made once more now; False when there is none yet.

        One that waits for its next attempt makes that now, and one that is just being made is left alone.
        After one that was over, a failure is not tried again.
        """
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    pipe.watch(_key(job_id))
                    found = _delivery_from(job_id, pipe.hgetall(_key(job_id)))
                    if found is None:
                        return False
                    now = _now_ms()
                    if found.state is WebhookState.PENDING and found.lease > now:
                        return True
                    last = len(self._schedule_s) - 1
                    step = found.step if found.state is WebhookState.PENDING else last
                    pipe.multi()
                    changes = {"state": WebhookState.PENDING.value, "step": step, "claims": 0, "lease": 0, "due": now}
                    pipe.hset(_key(job_id), mapping=changes)
                    pipe.zadd(_DUE, {job_id: now})
                    pipe.execute()
                    return True
                except WatchError:
                    continue

    # ── from due to a courier ────────────────────────────────────────────────────────────────────

    def push_due(self) -> int:
        """Leases what is due and pushes it to the couriers, as much as they can take; how many.

        Costs one round trip when nothing is due. When another process is at it too, the later one
        leaves it to the next call.
        """
        now = _now_ms()
        due: list[str] = self._redis.zrange(_DUE, "-inf", now, byscore=True, offset=0, num=_SCANNED)
        if not due or self._queue.length() >= _BATCHES_WAITING:
            return 0
        self._queue.warm()
        chosen = self._choose(due)
        with self._redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(*(_key(job_id) for job_id in chosen))
                found = {job_id: _delivery_from(job_id, pipe.hgetall(_key(job_id))) for job_id in chosen}
                pipe.multi()
                ready = [d for d in found.values() if d and d.state is WebhookState.PENDING and d.lease <= now]
                for job_id, delivery in found.items():
                    if delivery is None or delivery.state is not WebhookState.PENDING:
                        pipe.zrem(_DUE, job_id)
                leases = [(delivery.job_id, self._lease(pipe, delivery.job_id, now)) for delivery in ready]
                if leases:
                    self._queue.push(pipe, leases)
                pipe.execute()
            except WatchError:
                return 0
        return len(ready)

    def _choose(self, due: list[str]) -> list[str]:
        with self._redis.pipeline(transaction=False) as pipe:
            for job_id in due:
                pipe.hmget(_key(job_id), "owner", "url")
            found = pipe.execute()
        return choose_fairly(
            (job_id, owner or "", urlsplit(url or "").hostname or "")
            for job_id, (owner, url) in zip(due, found, strict=True)
        )

    def _lease(self, pipe: Any, job_id: str, now: int) -> int:
        lease = now + _LEASE_MS
        pipe.hset(_key(job_id), "lease", lease)
        pipe.zadd(_DUE, {job_id: lease})
        return lease

    def release_all(self) -> int:
        """Ends every lease now; how many. For whoever knows that no courier is alive that could hold one."""
        waiting: list[str] = self._redis.zrange(_DUE, _now_ms(), "+inf", byscore=True)
        return sum(self._release(job_id) for job_id in waiting)

    def _release(self, job_id: str) -> bool:
        with self._redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(_key(job_id))
                if int(pipe.hget(_key(job_id), "lease") or 0) == 0:
                    return False
                pipe.multi()
                pipe.hset(_key(job_id), "lease", 0)
                pipe.zadd(_DUE, {job_id: _now_ms()})
                pipe.execute()
                return True
            except WatchError:  # then it is not as it was left
                return False

    def tidy(self) -> None:
        """Drops what couriers that were killed left of RQ's records."""
        self._queue.tidy()

    # ── for the courier ──────────────────────────────────────────────────────────────────────────

    def claim(self, job_id: str, lease: int) -> Delivery | None:
        """Takes a leased delivery to make it now; None when it is over, gone, or leased anew since."""
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    found = self._read_held(pipe, job_id, lease)
                    if found is None:
                        return None
                    pipe.multi()
                    now = _now_ms()
                    if found.claims >= MAX_CLAIMS:
                        self._settle(pipe, found, _given_up(now), None)
                        pipe.execute()
                        return None
                    # A lease is its own token: it must differ from the one before it.
                    renewed = self._lease(pipe, job_id, max(now, lease - _LEASE_MS + 1))
                    pipe.hincrby(_key(job_id), "claims", 1)
                    pipe.execute()
                    return replace(found, lease=renewed)
                except WatchError:
                    continue

    def commit(self, held: Delivery, outcome: Outcome) -> WebhookState | None:
        """Writes what an attempt came to, and when the next one is due. None: another has the delivery now."""
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    found = self._read_held(pipe, held.job_id, held.lease)
                    if found is None:
                        return None
                    left_ms = pipe.pttl(f"ocrdesk:job:{held.job_id}")
                    pipe.multi()
                    state = self._settle(pipe, found, outcome, left_ms)
                    pipe.execute()
                    return state
                except WatchError:
                    continue

    def _read_held(self, pipe: Any, job_id: str, lease: int) -> Delivery | None:
        pipe.watch(_key(job_id))
        found = _delivery_from(job_id, pipe.hgetall(_key(job_id)))
        if found is None or found.state is not WebhookState.PENDING or found.lease != lease:
            return None
        return found

    def _settle(self, pipe: Any, found: Delivery, outcome: Outcome, job_left_ms: int | None) -> WebhookState:
        """`job_left_ms`: how long the job's record lives on, for a delivery that is over to go with it."""
        step = found.step + 1
        attempts = [*found.attempts, outcome.attempt][-_ATTEMPTS_KEPT:]
        changes: dict[str, Any] = {
            "step": step,
            "claims": 0,
            "lease": 0,
            "attempts": json.dumps([attempt.model_dump(mode="json") for attempt in attempts]),
        }
        if outcome.delivered:
            state = WebhookState.DELIVERED
        elif outcome.unwanted or step >= len(self._schedule_s):
            state = WebhookState.FAILED
        else:
            state = WebhookState.PENDING
            changes["due"] = _now_ms() + round(1000 * self._wait_s(step, outcome))
        pipe.hset(_key(found.job_id), mapping=changes | {"state": state.value})
        if state is WebhookState.PENDING:
            pipe.zadd(_DUE, {found.job_id: changes["due"]})
            return state
        pipe.zrem(_DUE, found.job_id)
        if job_left_ms is not None and job_left_ms != -1:
            pipe.pexpire(_key(found.job_id), max(1, job_left_ms))
        return state

    def _wait_s(self, step: int, outcome: Outcome) -> float:
        wait_s = self._schedule_s[step] * random.uniform(*_JITTER)  # noqa: S311  # spreads load, guards nothing
        return max(wait_s, min(outcome.retry_after_s or 0.0, _MAX_RETRY_AFTER_S))


def choose_fairly(due: Iterable[tuple[str, str, str]]) -> list[str]:
    """A batch of (job id, owner, host), oldest first: of each owner one, then of each a second, and so on."""
    of_owner: Counter[str] = Counter()
    of_host: Counter[str] = Counter()
    ranked = []
    for place, (job_id, owner, host) in enumerate(due):
        of_host[host] += 1
        if of_host[host] <= _PER_HOST:
            of_owner[owner] += 1
            ranked.append((of_owner[owner], place, job_id))
    return [job_id for _, _, job_id in sorted(ranked)[:BATCH]]


def _given_up(now: int) -> Outcome:
    said = "The process that calls the receiver ended in the middle of it, again and again."
    return Outcome(WebhookAttempt(at=datetime.fromtimestamp(now / 1000, UTC), error=said, duration_s=0))


def _delivery_from(job_id: str, fields: dict[str, str]) -> Delivery | None:
    if not fields:
        return None
    return Delivery(
        job_id=job_id,
        id=fields["id"],
        owner=fields["owner"],
        target=WebhookTarget(fields["url"], fields["secret"]),
        body=fields["body"],
        state=WebhookState(fields["state"]),
        step=int(fields["step"]),
        claims=int(fields["claims"]),
        lease=int(fields["lease"]),
        due=int(fields["due"]),
        attempts=tuple(WebhookAttempt.model_validate(entry) for entry in json.loads(fields["attempts"])),
    )
