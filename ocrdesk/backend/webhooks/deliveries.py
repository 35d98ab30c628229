"""Schedules, leases and records delivery attempts.

As with jobs, the queue is a hint and the record decides. One sorted set holds the time at which each pending
delivery is due. Pushing a delivery to a webhook worker leases it: the same transaction moves that time, so the
delivery becomes due again if the worker dies. The lease also fences every write of the worker. So each delivery is
made at least once; receivers recognise a second one by its `webhook-id`.
"""

from __future__ import annotations

import json
import logging
import os
import random
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import WatchError

from ocrdesk.backend import metrics, redis_keys
from ocrdesk.backend.records import UNREADABLE, JobRecord, WebhookTarget
from ocrdesk.backend.redis_connection import RedisFailure, connect, is_wrong_type, redis_time_ms
from ocrdesk.backend.settings import Settings
from ocrdesk.backend.task_queue import WebhookQueue
from ocrdesk.contract.webhooks import WebhookAttempt, WebhookEvent, WebhookLog, WebhookPayload, WebhookState

_log = logging.getLogger(__name__)

MAX_CLAIMS = 6
"""A delivery that was begun this often without an outcome counts as a failed attempt: it may crash its worker."""
BATCH = 16
"""Deliveries in one batch."""
_PER_HOST = 4
"""Deliveries to one host in a batch, at most, so that a slow receiver leaves room for the others."""
_BATCHES_WAITING = 1
"""Batches ahead of the running ones: each is chosen before what becomes due later, which waits for it. A webhook worker
pushes the next batch at the end of one, so it is never without."""
_LEASE_MS = 60_000
"""Longer than a batch may take, including its time in the queue."""
_SCANNED_OLDEST, _SCANNED_NEWEST, _SCANNED_ANY = 400, 400, 200
"""A batch is chosen from so many due deliveries: also from the newest and from a place by chance, so that thousands
of one owner do not hide those of others."""
_KEPT_AT_LEAST_S = 86_400
_ATTEMPTS_KEPT = 40
_MAX_RETRY_AFTER_S = 3600.0
_JITTER = (0.9, 1.2)
_METRIC = {
    WebhookState.DELIVERED: metrics.DELIVERED,
    WebhookState.PENDING: metrics.RETRIED,
    WebhookState.FAILED: metrics.GIVEN_UP,
}
"""How an attempt is counted, by the state that it leaves its delivery in."""


# Writes when a new delivery is due, by Redis's clock.
_SCHEDULE = """#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'due', now)
redis.call('ZADD', KEYS[2], now, ARGV[1])
"""


def schedule(pipe: Any, job: JobRecord, result_ttl_s: int) -> None:
    """Schedule the delivery of a job that ends, due at once, in the transaction that ends the job."""
    if job.webhook is None or job.ended_at is None:
        return
    payload = WebhookPayload(type=WebhookEvent(f"job.{job.state}"), timestamp=job.ended_at, data=job.view())
    record = {
        "id": f"msg_{os.urandom(12).hex()}",
        "owner": job.owner,
        "state": WebhookState.PENDING.value,
        "step": 0,
        "claims": 0,
        "lease": 0,
        "attempts": "[]",
        "allowed_hosts": ",".join(job.webhook_hosts),
        "body": payload.model_dump_json(),
        # last, because errors of Redis quote the beginning of a command
        "url": job.webhook.url,
        "secret": job.webhook.secret,
    }
    pipe.delete(redis_keys.webhook(job.job_id))  # from an earlier end, if the job was retried
    pipe.hset(redis_keys.webhook(job.job_id), mapping=record)
    pipe.expire(redis_keys.webhook(job.job_id), max(result_ttl_s, _KEPT_AT_LEAST_S))
    pipe.eval(_SCHEDULE, 2, redis_keys.webhook(job.job_id), redis_keys.DUE_WEBHOOKS, job.job_id)


def delete(pipe: Any, job_id: str) -> None:
    """Delete a job's delivery and its log, in the caller's transaction."""
    pipe.delete(redis_keys.webhook(job_id))
    pipe.zrem(redis_keys.DUE_WEBHOOKS, job_id)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job's delivery as stored in Redis. Times are Unix milliseconds."""

    job_id: str
    id: str
    owner: str
    target: WebhookTarget
    body: str = field(repr=False)
    state: WebhookState
    step: int
    """Scheduled attempts that were made."""
    claims: int
    """Times it was begun since its last outcome."""
    lease: int
    """Until when a process holds it; also the token of that process."""
    due: int
    attempts: tuple[WebhookAttempt, ...]
    allowed_hosts: tuple[str, ...] = ()
    """What the api's WEBHOOK_ALLOWED_HOSTS was when the job was submitted. Empty for a job of an older version."""

    @property
    def host(self) -> str:
        """Return the only part of the URL that may be logged."""
        return _host_of(self.target.url)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one attempt. `retry_after_s` is what a 429 or 503 response asked for."""

    attempt: WebhookAttempt
    retry_after_s: float | None = None

    @property
    def delivered(self) -> bool:
        return self.attempt.error is None and 200 <= (self.attempt.status_code or 0) < 300

    @property
    def unwanted(self) -> bool:
        """Return whether the receiver rejected the webhook for good (410 Gone)."""
        return self.attempt.status_code == 410


class Deliveries:
    """Reads and changes deliveries. Every method is one round trip or one transaction."""

    def __init__(self, redis: Redis, queue: WebhookQueue, retry_schedule_s: Sequence[float]) -> None:
        self._redis: Any = redis  # sync, answers text; redis-py types its answers as maybe awaitable
        self._queue = queue
        self._schedule_s = tuple(retry_schedule_s)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open with separate connections, which connect on first use."""
        queue = WebhookQueue(connect(settings, text=False), settings.queue_name)
        return cls(connect(settings, text=True), queue, settings.webhook_retry_schedule)

    def get(self, job_id: str) -> Delivery | None:
        return _delivery_from(job_id, self._redis.hgetall(redis_keys.webhook(job_id)))

    def log(self, job: JobRecord) -> WebhookLog:
        """Return what the job's owner may see: everything but the secret."""
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
        """Make a delivery due now; False when the job has none yet.

        A pending delivery makes its next attempt now; one that is being made is left alone. A delivery that has
        ended makes one attempt, without retries.
        """
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    pipe.watch(redis_keys.webhook(job_id))
                    found = _delivery_from(job_id, pipe.hgetall(redis_keys.webhook(job_id)))
                    if found is None:
                        return False
                    now = redis_time_ms(pipe)
                    if found.state is WebhookState.PENDING and found.lease > now:
                        return True
                    last = len(self._schedule_s) - 1
                    step = found.step if found.state is WebhookState.PENDING else last
                    pipe.multi()
                    changes = {"state": WebhookState.PENDING.value, "step": step, "claims": 0, "lease": 0, "due": now}
                    pipe.hset(redis_keys.webhook(job_id), mapping=changes)
                    pipe.zadd(redis_keys.DUE_WEBHOOKS, {job_id: now})
                    pipe.execute()
                    return True
                except WatchError:
                    continue

    # ── pushing ──────────────────────────────────────────────────────────────────────────────────

    def push_due(self) -> int:
        """Lease and push due deliveries, as many as the webhook workers can handle, and return how many.

        Takes two round trips when nothing is due. If another process does the same at the same time, the later one
        leaves the rest to its next call.
        """
        now = redis_time_ms(self._redis)
        due = self._due(now)
        if not due or self._queue.length() >= _BATCHES_WAITING:
            return 0
        self._queue.prepare()
        chosen = self._choose(due)
        if not chosen:
            return 0
        with self._redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(*(redis_keys.webhook(job_id) for job_id in chosen))
                found = {job_id: _delivery_from(job_id, pipe.hgetall(redis_keys.webhook(job_id))) for job_id in chosen}
                pipe.multi()
                ready = [d for d in found.values() if d and d.state is WebhookState.PENDING and d.lease <= now]
                for job_id, delivery in found.items():
                    if delivery is None or delivery.state is not WebhookState.PENDING:
                        pipe.zrem(redis_keys.DUE_WEBHOOKS, job_id)
                leases = [(delivery.job_id, self._lease(pipe, delivery.job_id, now)) for delivery in ready]
                if leases:
                    self._queue.push(pipe, leases)
                pipe.execute()
            except WatchError:
                return 0
        return len(ready)

    def is_batch_waiting(self) -> bool:
        """Return whether a batch waits that no webhook worker has fetched. Raises RedisFailure."""
        return self._queue.length() > 0

    def _due(self, now: int) -> list[str]:
        """Return due deliveries, the oldest first: all of them, or a choice that no owner can fill alone."""
        key, every = redis_keys.DUE_WEBHOOKS, _SCANNED_OLDEST + _SCANNED_NEWEST + _SCANNED_ANY
        oldest: list[str] = self._redis.zrange(key, "-inf", now, byscore=True, offset=0, num=every)
        if len(oldest) < every:
            return oldest
        count = max(every, self._redis.zcount(key, "-inf", now))
        place = random.randrange(_SCANNED_OLDEST, count)  # noqa: S311  # spreads load; not for security
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zrange(key, "-inf", now, byscore=True, offset=place, num=_SCANNED_ANY)
            pipe.zrange(key, now, "-inf", byscore=True, desc=True, offset=0, num=_SCANNED_NEWEST)
            some, newest = pipe.execute()
        return [*dict.fromkeys([*oldest[:_SCANNED_OLDEST], *some, *reversed(newest)])]

    def _choose(self, due: list[str]) -> list[str]:
        with self._redis.pipeline(transaction=False) as pipe:
            for job_id in due:
                pipe.hmget(redis_keys.webhook(job_id), "owner", "url")
            found = dict(zip(due, pipe.execute(raise_on_error=False), strict=True))
        for job_id, answer in [*found.items()]:
            if isinstance(answer, RedisFailure):
                if not is_wrong_type(answer):
                    raise answer
                self._redis.zrem(redis_keys.DUE_WEBHOOKS, job_id)  # one damaged delivery keeps no other one waiting
                del found[job_id]
        return choose_fairly((job_id, owner or "", _host_of(url or "")) for job_id, (owner, url) in found.items())

    def _lease(self, pipe: Any, job_id: str, now: int) -> int:
        lease = now + _LEASE_MS
        pipe.hset(redis_keys.webhook(job_id), "lease", lease)
        pipe.zadd(redis_keys.DUE_WEBHOOKS, {job_id: lease})
        return lease

    def release_all(self) -> int:
        """End all leases now and return how many, for a caller who knows that no webhook worker is alive."""
        now = redis_time_ms(self._redis)
        waiting: list[str] = self._redis.zrange(redis_keys.DUE_WEBHOOKS, now, "+inf", byscore=True)
        return sum(self._release(job_id) for job_id in waiting)

    def _release(self, job_id: str) -> bool:
        with self._redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(redis_keys.webhook(job_id))
                if int(pipe.hget(redis_keys.webhook(job_id), "lease") or 0) == 0:
                    return False
                now = redis_time_ms(pipe)
                pipe.multi()
                pipe.hset(redis_keys.webhook(job_id), "lease", 0)
                pipe.zadd(redis_keys.DUE_WEBHOOKS, {job_id: now})
                pipe.execute()
                return True
            except WatchError:  # another process has changed it meanwhile
                return False

    # ── delivering ───────────────────────────────────────────────────────────────────────────────

    def claim(self, job_id: str, lease: int) -> Delivery | None:
        """Claim a leased delivery to make it now; None when it has ended, was deleted, or was leased again."""
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    found = self._read_held(pipe, job_id, lease)
                    if found is None:
                        return None
                    now = redis_time_ms(pipe)
                    pipe.multi()
                    if found.claims >= MAX_CLAIMS:
                        self._settle(pipe, found, _given_up(now), None, now)
                        pipe.execute()
                        return None
                    # A lease is also a token, so it must differ from the one before it.
                    renewed = self._lease(pipe, job_id, max(now, lease - _LEASE_MS + 1))
                    pipe.hincrby(redis_keys.webhook(job_id), "claims", 1)
                    pipe.execute()
                    return replace(found, lease=renewed)
                except WatchError:
                    continue

    def commit(self, held: Delivery, outcome: Outcome) -> WebhookState | None:
        """Record an attempt's outcome and when the next one is due. None when another process holds the delivery."""
        with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    found = self._read_held(pipe, held.job_id, held.lease)
                    if found is None:
                        return None
                    left_ms = pipe.pttl(redis_keys.job(held.job_id))
                    now = redis_time_ms(pipe)
                    pipe.multi()
                    state = self._settle(pipe, found, outcome, left_ms, now)
                    pipe.execute()
                    return state
                except WatchError:
                    continue

    def _read_held(self, pipe: Any, job_id: str, lease: int) -> Delivery | None:
        pipe.watch(redis_keys.webhook(job_id))
        found = _delivery_from(job_id, pipe.hgetall(redis_keys.webhook(job_id)))
        if found is None or found.state is not WebhookState.PENDING or found.lease != lease:
            return None
        return found

    def _settle(self, pipe: Any, found: Delivery, outcome: Outcome, job_left_ms: int | None, now: int) -> WebhookState:
        """Record an outcome at the time `now`.

        `job_left_ms` is how long the job's record and an ended delivery are still kept.
        """
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
            changes["due"] = now + round(1000 * self._wait_s(step, outcome))
        pipe.hset(redis_keys.webhook(found.job_id), mapping=changes | {"state": state.value})
        metrics.count_webhook(pipe, _METRIC[state])
        if state is WebhookState.PENDING:
            pipe.zadd(redis_keys.DUE_WEBHOOKS, {found.job_id: changes["due"]})
            return state
        pipe.zrem(redis_keys.DUE_WEBHOOKS, found.job_id)
        if job_left_ms is not None and job_left_ms != -1:
            pipe.pexpire(redis_keys.webhook(found.job_id), max(1, job_left_ms))
        return state

    def _wait_s(self, step: int, outcome: Outcome) -> float:
        wait_s = self._schedule_s[step] * random.uniform(*_JITTER)  # noqa: S311  # spreads load; not for security
        return max(wait_s, min(outcome.retry_after_s or 0.0, _MAX_RETRY_AFTER_S))


def _host_of(url: str) -> str:
    """Return the host in a URL; an empty text where it cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def choose_fairly(due: Iterable[tuple[str, str, str]]) -> list[str]:
    """Choose a batch from (job id, owner, host), oldest first: one of each owner, then a second of each, and so on."""
    waiting: dict[str, deque[tuple[str, str]]] = {}
    for job_id, owner, host in due:
        waiting.setdefault(owner, deque()).append((job_id, host))
    of_host: Counter[str] = Counter()
    chosen: list[str] = []
    while waiting and len(chosen) < BATCH:
        for owner, deliveries in [*waiting.items()]:
            while deliveries:
                job_id, host = deliveries.popleft()
                if of_host[host] < _PER_HOST:
                    of_host[host] += 1
                    chosen.append(job_id)
                    break
            if not deliveries:
                del waiting[owner]
    return chosen[:BATCH]


def _given_up(now: int) -> Outcome:
    message = "The process that calls the receiver ended in the middle of it, again and again."
    return Outcome(WebhookAttempt(at=datetime.fromtimestamp(now / 1000, UTC), error=message, duration_s=0))


def _delivery_from(job_id: str, fields: dict[str, str]) -> Delivery | None:
    """Return the delivery in a hash; None where there is none, or none that can be read: it is not made then."""
    if not fields:
        return None
    try:
        return Delivery(
            job_id=job_id,
            id=fields["id"],
            owner=fields["owner"],
            target=WebhookTarget(fields["url"], fields["secret"]),
            body=fields["body"],
            state=WebhookState(fields["state"]),
            step=int(fields.get("step", 0)),
            claims=int(fields.get("claims", 0)),
            lease=int(fields.get("lease", 0)),
            due=int(fields.get("due", 0)),
            attempts=tuple(WebhookAttempt.model_validate(entry) for entry in json.loads(fields.get("attempts", "[]"))),
            allowed_hosts=tuple(filter(None, fields.get("allowed_hosts", "").split(","))),
        )
    except UNREADABLE as error:
        _log.error("the webhook of job %s cannot be read (%s): it is not delivered", job_id, type(error).__name__)
        return None
