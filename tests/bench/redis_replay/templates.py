"""Turns a recording into what a simulated worker and client send: the same commands, with ids of their own.

Ids keep their length, so that they can be replaced in the bytes. What a transaction writes to a job follows from what
it has read of it, as in the real one, because other workers may have changed the job meanwhile. The compressed data of
RQ's tasks stays that of the recorded job: the server does not look into it. Jobs have nine pages at most, so that
each count has one digit.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ocrdesk.backend import redis_keys
from tests.bench.redis_replay.real import API_PERIOD_S, RealJob, Recording, work_connection
from tests.bench.redis_replay.recorder import Connection, Exchange
from tests.bench.redis_replay.resp import Command, encoded

MOST_PAGES = 9
OWNER = b"\x01OWN\x01"
"""Stands for the owner, `local`, whose name is also a word of Lua."""
ATTEMPT_LENGTH = 32
_COUNTS = (b"pages_done", b"inflight")
_BUCKETS = re.compile(rb"(ocrdesk:(?:drain|worktime):)(\d+)")
_BUCKET_S = {b"ocrdesk:drain:": 300, b"ocrdesk:worktime:": 60}
_SECONDS = re.compile(rb"\d{10}")
_TIMES_LAST_S = 20.0
_LAST_TASK_S = 1.0
"""How long the last task may take to end after its job."""
_GREETING = (b"PING", b"HELLO", b"CLIENT")


@dataclass(slots=True)
class Step:
    """Commands that are sent at once on a connection. `at`: seconds since the first step."""

    connection: str
    at: float
    commands: list[Command]
    recorded_at: float
    """Unix seconds."""
    reads_job: bool = False
    """The reply is the job's record."""
    begins: bool = False
    """It begins a transaction, which is made again from here if another client changes what it watches."""
    ends: bool = False
    kind: str = ""
    """Of the end of a transaction: `claim`, `commit`, or empty."""
    counts: list[tuple[int, bytes, int]] = field(default_factory=list)
    """Position in the payload, name, and difference to what was read."""
    is_last: bool = False
    """Part of the transaction that commits the last page of a job."""
    attempts: tuple[bytes, ...] = ()
    """The units whose attempts it names."""
    names_worker: bool = False
    _payload: bytes = b""
    _made_at: float = 0.0

    def payload(self, now: float) -> bytes:
        """Return the bytes, with times and buckets of time moved to now."""
        if now - self._made_at > _TIMES_LAST_S:
            moved = round(now - self.recorded_at)
            self._payload = encoded([[_moved(argument, moved, now, self) for argument in one] for one in self.commands])
            self._made_at = now
        return self._payload


def _moved(argument: bytes, seconds: int, now: float, step: Step) -> bytes:
    if found := _BUCKETS.fullmatch(argument):
        width = _BUCKET_S[found[1]]
        return found[1] + b"%d" % (int(now / width) + int(found[2]) - int(step.recorded_at / width))
    if _SECONDS.fullmatch(argument) and abs(int(argument) - step.recorded_at) < 86_400:
        return b"%d" % (int(argument) + seconds)
    return argument


@dataclass(frozen=True, slots=True)
class JobTemplate:
    """What is sent for one job."""

    job_id: bytes
    pages: int
    key_hash: bytes
    """Of its Idempotency-Key."""
    attempts: dict[bytes, bytes]
    """The attempt of each unit, by the unit's name in ids: `prepare`, or a page's number."""
    units: dict[bytes, list[Step]]
    submit: list[Step]
    follow: list[Step]
    """What the api asks for a client that waits for the job's end and fetches its text."""


@dataclass(frozen=True, slots=True)
class Templates:
    """What is sent for jobs, by a worker at its start, and by a pool at intervals."""

    jobs: list[JobTemplate]
    worker: bytes
    node: bytes
    node_text: bytes
    birth: list[Step]
    take: Step
    """BLMOVE."""
    heartbeat: Step
    turn: Step
    """How a pool asks for the reaper's turn."""
    webhooks: list[Step]
    """How a pool looks for webhooks that are due."""
    api: list[Step]
    """What an api looks at in API_PERIOD_S by itself."""
    listen: Command
    """The api's wait for events, but for its position."""


def templates(recording: Recording) -> Templates:
    """Return what can be replayed of a recording. Raises ValueError for jobs that are too long."""
    if recording.pages > MOST_PAGES:
        raise ValueError(f"a job may have {MOST_PAGES} pages")
    at_work = work_connection(recording.connections)
    assert at_work is not None
    (worker,) = {
        command[1].removeprefix(b"rq:worker:")
        for exchange in at_work.exchanges
        for command in exchange.commands
        if command[0] == b"HSET" and command[1].startswith(b"rq:worker:") and b"birth" in command
    }
    takes = [one for one in at_work.exchanges if one.commands[-1][0] == b"BLMOVE"]
    steps = _worker_steps(recording, at_work)
    first = takes[0].at
    begins, ends = recording.idle[0], min(recording.idle[1], recording.idle[0] + API_PERIOD_S)
    return Templates(
        [_job(recording, job, steps, takes) for job in recording.jobs],
        worker,
        recording.node.encode(),
        recording.node_text.encode(),
        [step for step in steps if step.at < first and step.connection == "w0"],
        _step("w0", takes[0], 0.0),
        _of_pool(recording, redis_keys.NODES),
        _of_pool(recording, redis_keys.REAPER_LOCK),
        [_time_of_pool(recording), _of_pool(recording, redis_keys.DUE_WEBHOOKS)],
        [_step("a", one, 0.0) for one in _of_api(recording) if begins < one.at < ends],
        next(_listening(recording)),
    )


def _worker_steps(recording: Recording, at_work: Connection) -> list[Step]:
    """Return what the worker and its task processes sent, in order. Their connections are w0, w1, … and t0, t1, …"""
    names: dict[int, str] = {}
    counts: dict[int, int] = {}
    steps = []
    for connection in recording.connections:
        if connection.pid == at_work.pid or connection.parent == at_work.pid:
            number = counts.get(connection.pid, 0)
            counts[connection.pid] = number + 1
            names[id(connection)] = f"{'w' if connection.pid == at_work.pid else 't'}{number}"
            steps += [_step(names[id(connection)], exchange, exchange.at) for exchange in connection.exchanges]
    # a simulated worker makes its second connection at another moment
    steps = [step for step in steps if step.connection != "w1" or step.commands[0][0] not in _GREETING]
    return sorted(steps, key=lambda step: step.at)


_CLOCKS_APART = time.time() - time.monotonic()


def _step(connection: str, exchange: Exchange, at: float) -> Step:
    commands = [tuple(_with_owner(command)) for command in exchange.commands]
    step = Step(connection, at, commands, exchange.at + _CLOCKS_APART)
    names = [command[0] for command in commands]
    step.ends = names[-1] == b"EXEC"
    key = commands[0][1] if len(commands[0]) > 1 else b""
    is_of_job = re.fullmatch(rb"ocrdesk:job:[0-9a-f]{32}", key) is not None
    step.begins = names[0] == b"WATCH" or (is_of_job and names == [b"HGETALL", b"HGET"])
    step.reads_job = is_of_job and names == [b"HGETALL"]
    if step.ends:
        step.kind = _kind(commands)
    return step


def _with_owner(command: Command) -> Iterator[bytes]:
    for index, argument in enumerate(command):
        is_script = index == 1 and command[0] == b"EVAL"
        yield argument if is_script else re.sub(rb"\blocal\b", OWNER, argument)


def _kind(commands: Sequence[Command]) -> str:
    beginnings = {command[:2] for command in commands}
    pages = [command for command in commands if command[0] == b"HSET" and command[1].endswith(b":pages")]
    if (b"HDEL", redis_keys.PENDING_UNITS.encode()) in beginnings or any(map(_claims_page, commands)):
        return "claim"
    if (b"HDEL", redis_keys.LEASES.encode()) in beginnings and pages:
        return "commit"
    return ""


def _claims_page(command: Command) -> bool:
    """Return whether a command is the script that claims a page: it empties a place in the queue and writes a lease."""
    keys = command[3:] if command[0] == b"EVAL" else ()
    return redis_keys.PENDING_UNITS.encode() in keys and redis_keys.LEASE_DEADLINES.encode() in keys


def _job(recording: Recording, job: RealJob, steps: Sequence[Step], takes: Sequence[Exchange]) -> JobTemplate:
    job_id = job.job_id.encode()
    units: dict[bytes, list[Step]] = {}
    attempts: dict[bytes, bytes] = {}
    for take, following in pairwise(takes):
        rq_id = take.replies[0] if take.replies else None
        if not isinstance(rq_id, bytes) or not rq_id.startswith(job_id):
            continue
        what = rq_id.split(b"-")[1]
        unit = [_relative(step, take.answered_at) for step in steps if take.answered_at <= step.at < following.at]
        (attempts[what],) = {command[1].rpartition(b":")[2] for command in _with_key(unit, b"rq:execution:")}
        units[what] = unit
    for step in (step for unit in units.values() for step in unit):
        text = encoded(step.commands)
        step.attempts = tuple(what for what, attempt in attempts.items() if attempt in text)
        step.names_worker = recording.node.encode() in text
    _count(units, job_id, recording.pages)
    api = sorted(
        (exchange for exchange in _of_api(recording) if job.began < exchange.at <= job.fetched),
        key=lambda exchange: exchange.at,
    )
    began = job.began
    submit = [_step("a", one, one.at - began) for one in api if one.at <= job.submitted]
    (key_hash,) = {command[1].rpartition(b":")[2] for command in _with_key(submit, b"ocrdesk:once:")}
    of_job = [one for one in api if one.at > job.submitted and job_id in encoded(one.commands)]
    follow = [_step("a", one, one.at - began) for one in of_job]
    assert len(units) == recording.pages, "each page but the first has a task of its own"
    return JobTemplate(job_id, recording.pages, key_hash, attempts, units, submit, follow)


def _relative(step: Step, since: float) -> Step:
    return Step(
        step.connection,
        step.at - since,
        step.commands,
        step.recorded_at,
        step.reads_job,
        step.begins,
        step.ends,
        step.kind,
    )


def _with_key(steps: Sequence[Step], beginning: bytes) -> Iterator[Command]:
    for step in steps:
        for command in step.commands:
            if len(command) > 1 and command[1].startswith(beginning) and command[0] in (b"HSET", b"SET", b"WATCH"):
                yield command


def _count(units: dict[bytes, list[Step]], job_id: bytes, pages: int) -> None:
    """Find the counts that transactions write to the job, and what they have added to those that they had read."""
    record = b"ocrdesk:job:" + job_id
    written = dict.fromkeys(_COUNTS, 0)
    for unit in units.values():
        begun: dict[str, Step] = {}
        for step in unit:
            if step.begins:
                begun[step.connection] = step
            if not step.ends:
                continue
            before = dict(written)
            for command in step.commands:
                if command[0] == b"HSET" and command[1] == record:
                    fields = dict(zip(command[2::2], command[3::2], strict=True))
                    written = {name: int(fields[name]) for name in _COUNTS}
            step.counts = list(_positions(step.commands, record, before))
            if step.kind == "commit" and written[b"pages_done"] == pages:
                step.is_last = begun[step.connection].is_last = True


def _positions(
    commands: Sequence[Command], record: bytes, before: dict[bytes, int]
) -> Iterator[tuple[int, bytes, int]]:
    """Yield where the encoded commands have a count, its name, and its difference to what was read."""
    at = 0
    for command in commands:
        at += len(b"*%d\r\n" % len(command))
        for index, argument in enumerate(command):
            at += len(b"$%d\r\n" % len(argument))
            named = command[index - 1] if index else b""
            if command[0] == b"HSET" and command[1] == record and named in _COUNTS and index > 2 and index % 2:
                yield at, named, int(argument) - before[named]
            elif command[0] == b"EVAL" and named == b"done":
                yield at, b"pages_done", int(argument) - before[b"pages_done"]
            at += len(argument) + 2


def of_jobs(recording: Recording) -> Iterator[Exchange]:
    """Yield what was said about the jobs, without what a pool and an api ask by themselves."""
    at_work = work_connection(recording.connections)
    assert at_work is not None
    began, ended = recording.jobs[0].began, recording.jobs[-1].fetched
    for connection in recording.connections:
        if at_work.pid in (connection.pid, connection.parent) or b"XREAD" in connection.names():
            yield from (one for one in connection.exchanges if began < one.at and one.at < ended + _LAST_TASK_S)
    for job in recording.jobs:
        for one in _of_api(recording):
            is_submit = job.began < one.at <= job.submitted
            if is_submit or (job.submitted < one.at <= job.fetched and job.job_id.encode() in encoded(one.commands)):
                yield one


def _of_api(recording: Recording) -> Iterator[Exchange]:
    """Yield what the api asked for its requests, without its wait for events."""
    for connection in recording.connections:
        if connection.pid == recording.api_pid and b"XREAD" not in connection.names():
            yield from (one for one in connection.exchanges if not _is_watch_for_workers(one))


def _is_watch_for_workers(exchange: Exchange) -> bool:
    """Return whether this is part of the search for foreign workers, which each api makes every ten seconds."""
    key = exchange.commands[0][1] if len(exchange.commands[0]) > 1 else b""
    return key.startswith((b"rq:workers:", b"rq:worker:"))


def _of_pool(recording: Recording, key: str) -> Step:
    """Return what the recorded pool sends at intervals, the newest with this key."""
    return _newest(recording, key.encode())


def _time_of_pool(recording: Recording) -> Step:
    return _newest(recording, b"TIME")


def _newest(recording: Recording, argument: bytes) -> Step:
    exchanges = [
        exchange
        for connection in recording.connections
        if connection.pid == recording.pool_pid
        for exchange in connection.exchanges
        if any(argument in command[:4] for command in exchange.commands)
    ]
    return _step("p", max(exchanges, key=lambda exchange: exchange.at), 0.0)


def _listening(recording: Recording) -> Iterator[Command]:
    for connection in recording.connections:
        for exchange in connection.exchanges:
            for command in exchange.commands:
                if command[0] == b"XREAD":
                    yield command[:-1]
