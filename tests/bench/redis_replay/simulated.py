"""Simulated workers, clients and pools: coroutines that send what real ones have sent."""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocrdesk.backend import redis_keys
from ocrdesk.backend.ledger.transaction import pause_s
from tests.bench.redis_replay.real import API_PERIOD_S
from tests.bench.redis_replay.resp import encoded, replies
from tests.bench.redis_replay.templates import ATTEMPT_LENGTH, OWNER, JobTemplate, Step, Templates

_API_CONNECTIONS = 16
_POOLS = redis_keys.NODES.encode(), redis_keys.node("").encode()
_POOLS_FOR_S = 1.0
_UNUSED_OF_WORKER, _UNUSED_OF_POOL = 1, 5
"""Connections that a real one has too, and on which nothing is sent while it does what is simulated."""
_HELLO = encoded([(b"HELLO", b"3")])
_HEARTBEAT_EVERY_S, _TURN_EVERY_S, _WEBHOOKS_EVERY_S = 3.0, 2.0, 1.0


class Link(asyncio.Protocol):
    """A connection. One exchange at a time: it sends bytes, and waits for a number of replies."""

    def __init__(self) -> None:
        self._reader = replies()
        self._transport: Any = None
        self._expected = 0
        self._found: list[Any] = []
        self._waiting: asyncio.Future[list[Any]] | None = None
        self.sent = 0
        self.received = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            self._found.append(reply)
        if self._waiting is not None and len(self._found) >= self._expected and not self._waiting.done():
            self._waiting.set_result(self._found)
            self._found = []

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the server closed the connection"))

    async def ask(self, payload: bytes, count: int) -> list[Any]:
        """Send commands and return as many replies."""
        self.sent += len(payload)
        self._expected = count
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(payload)
        return await self._waiting

    def close(self) -> None:
        self._transport.close()


@dataclass(slots=True)
class SimulatedJob:
    """A job under way."""

    template: JobTemplate
    job_id: bytes
    owner: bytes
    seed: bytes
    done: int = 0
    follow: list[Step] = field(default_factory=list)
    others_done: asyncio.Event = field(default_factory=asyncio.Event)
    """All pages but the one that the recorded job ended with."""

    def attempt(self, unit: bytes) -> bytes:
        """Return the id of the attempt at a unit."""
        return self.seed + (b"p" if unit == b"prepare" else unit)

    def filled(self, step: Step) -> bytes:
        """Return the bytes of a step with this job's ids."""
        payload = step.payload(time.time()).replace(self.template.job_id, self.job_id).replace(OWNER, self.owner)
        for unit in step.attempts:
            payload = payload.replace(self.template.attempts[unit], self.attempt(unit))
        return payload


@dataclass(slots=True)
class Counted:
    """What a simulation did."""

    jobs_begun: int = 0
    jobs_ended: int = 0
    pages: int = 0
    sent_commands: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    connections: int = 0
    conflicts: int = 0
    """Transactions that were made again because another client had changed what they had read."""
    refused: int = 0
    """Commands that the server answered with an error."""
    latency_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Of claims, commits and the way through the queue, by name."""
    lag_s: list[float] = field(default_factory=list)
    """How late the event loop was: if it is, the simulation is the limit."""


class Simulation:
    """Workers, clients and pools on one server. `pace`: 1 as fast as recorded, 0 without any recognition.

    `socket`: of a recorder, through which everything goes. `least_pause_s`: shorter pauses are not made, because a
    process that sends at once has them too. `looks_around`: an api looks at pools and queue by itself.
    """

    def __init__(
        self,
        port: int,
        made: Templates,
        *,
        pace: float = 1.0,
        owners: Sequence[bytes] = (b"local",),
        apis: int = 1,
        socket: Path | None = None,
        least_pause_s: float = 0.005,
        looks_around: bool = True,
    ) -> None:
        self._looks_around = looks_around
        self._socket, self._least_pause_s = socket, least_pause_s
        self._port, self._made, self._pace, self._owners, self._apis = port, made, pace, owners, apis
        self.counted = Counted()
        self.measures = True
        self._jobs: dict[bytes, SimulatedJob] = {}
        self._tasks: list[asyncio.Task[Any]] = []
        self._api: asyncio.Queue[Link] = asyncio.Queue()
        self._all_ended = asyncio.Event()
        self._begun_at: dict[bytes, float] = {}
        self._pools_read_until = [0.0] * apis
        self._unused: list[Link] = []

    async def start(self, workers: int, nodes: int = 0) -> None:
        """Connect and register workers, and let as many pools send heartbeats."""
        for _ in range(_API_CONNECTIONS):
            self._api.put_nowait(await self._connect())
        for index in range(self._apis):
            self._spawn(self._listen())
            if self._looks_around:
                self._spawn(self._look_around(index))
        for number in range(workers):
            self._spawn(self._work(number))
            if number % 50 == 49:
                await asyncio.sleep(0)
        for number in range(nodes):
            self._spawn(self._pool(number, nodes))
        self._spawn(self._watch_lag())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._api.empty():
            self._close(self._api.get_nowait())

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_raise)
        self._tasks.append(task)

    async def _connect(self, *, greets: bool = True) -> Link:
        """Connect; without `greets` the recorded steps do what follows."""
        loop = asyncio.get_running_loop()
        if self._socket:
            _, link = await loop.create_unix_connection(Link, str(self._socket))
        else:
            _, link = await loop.create_connection(Link, "127.0.0.1", self._port)
        self.counted.connections += 1
        if greets:
            await link.ask(_HELLO, 1)
        return link

    def _close(self, link: Link) -> None:
        self.counted.sent_bytes += link.sent
        self.counted.received_bytes += link.received
        link.sent = link.received = 0
        link.close()

    # ── clients ──────────────────────────────────────────────────────────────────────────────────

    async def submit(self) -> SimulatedJob:
        """Submit a job, as an api does."""
        number = self.counted.jobs_begun
        self.counted.jobs_begun += 1
        self._all_ended.clear()
        template = self._made.jobs[number % len(self._made.jobs)]
        job_id = os.urandom(16).hex().encode()
        seed = os.urandom(16).hex().encode()[: ATTEMPT_LENGTH - 1]
        job = SimulatedJob(template, job_id, self._owners[number % len(self._owners)], seed)
        job.follow = list(template.follow)
        key_hash = os.urandom(32).hex().encode()
        self._jobs[job_id] = job
        link = await self._api.get()
        try:
            for step in self._asked_now(template.submit):
                if step.ends:
                    self._begun_at[job_id] = time.perf_counter()
                await self.ask(link, job.filled(step).replace(template.key_hash, key_hash), len(step.commands))
        finally:
            self._api.put_nowait(link)
        return job

    def _asked_now(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Yield the steps of a submit, without those that an api has the answer to: the pools, for a second."""
        reads = [step for step in steps if step.commands[0][-1].startswith(_POOLS)]
        remembers = time.monotonic() < self._pools_read_until[self.counted.jobs_begun % self._apis]
        if not remembers:
            self._pools_read_until[self.counted.jobs_begun % self._apis] = time.monotonic() + _POOLS_FOR_S
        return (step for step in steps if not remembers or step not in reads)

    def begin_measuring(self) -> int:
        """Count and time from now on, and return how many pages have ended before."""
        self.measures = True
        self.counted.latency_s.clear()
        self.counted.lag_s.clear()
        self.counted.conflicts = 0
        return self.counted.pages

    def end_measuring(self) -> int:
        """Time nothing any more, and return how many pages have ended."""
        self.measures = False
        return self.counted.pages

    async def all_ended(self) -> None:
        """Wait until every job has ended."""
        if self.counted.jobs_ended < self.counted.jobs_begun:
            await self._all_ended.wait()

    async def _tell_client(self, job: SimulatedJob, *, ended: bool) -> None:
        """Ask what the api asks for a client that waits for a job: something after each event, the rest at its end."""
        link = await self._api.get()
        try:
            while job.follow:
                step = job.follow.pop(0)
                await self.ask(link, job.filled(step), len(step.commands))
                if not ended:
                    break
        finally:
            self._api.put_nowait(link)

    async def _look_around(self, index: int) -> None:
        """Ask what an api asks by itself."""
        await asyncio.sleep(API_PERIOD_S * index / self._apis)
        link = await self._connect()
        while True:
            for step in self._made.api:
                await self.ask(link, step.payload(time.time()), len(step.commands))
            await asyncio.sleep(API_PERIOD_S)

    async def _listen(self) -> None:
        """Wait for events as each api process does."""
        link, position = await self._connect(), b"$"
        while True:
            found = (await self.ask(link, encoded([(*self._made.listen, position)]), 1))[0]
            if isinstance(found, list) and found:
                found = {found[0][0]: found[0][1]}
            if isinstance(found, dict) and found:
                (entries,) = found.values()
                entries = entries[0] if entries and isinstance(entries[0][0], list) else entries
                position = entries[-1][0]

    # ── workers ──────────────────────────────────────────────────────────────────────────────────

    async def _work(self, number: int) -> None:
        worker = self._worker_name(number)
        names = {self._made.worker: worker, self._made.node: worker[: -len(b"-000000")]}
        links = {"w0": await self._connect(greets=False), "w1": await self._connect()}
        self._unused += [await self._connect() for _ in range(_UNUSED_OF_WORKER)]
        for step in self._made.birth:
            await self.ask(links["w0"], _named(step.payload(time.time()), names), len(step.commands))
        while True:
            (rq_id,) = await self.ask(links["w0"], self._made.take.payload(time.time()), 1)
            if rq_id is None:  # RQ asks again after some minutes
                continue
            job_id, unit, _ = rq_id.split(b"-")
            job = self._jobs[job_id]
            if unit == b"prepare":
                self.note("wait in the queue", time.perf_counter() - self._begun_at.pop(job_id))
            await self._run_unit(job, unit, links, names)

    async def _run_unit(
        self, job: SimulatedJob, unit: bytes, links: dict[str, Link], names: dict[bytes, bytes]
    ) -> None:
        """Send what a worker and its task process send for a unit."""
        loop = asyncio.get_running_loop()
        began, steps = loop.time(), job.template.units[unit]
        own = dict(links)
        begun: dict[str, tuple[int, float]] = {}
        read: dict[str, Any] = {}
        for index, step in enumerate(steps):
            pause = began + self._pace * step.at - loop.time()
            if self._pace and pause > self._least_pause_s:
                await asyncio.sleep(pause)
            if step.begins:
                if step.is_last:
                    await job.others_done.wait()
                begun[step.connection] = (index, time.perf_counter())
            if step.connection not in own:
                own[step.connection] = await self._connect(greets=False)
            repeats = 0
            while not await self._send(job, step, own[step.connection], names, read):
                self.counted.conflicts += self.measures
                repeats += 1
                await asyncio.sleep(pause_s(repeats))
                for earlier in steps[begun[step.connection][0] : index]:
                    if earlier.connection == step.connection:
                        await self._send(job, earlier, own[step.connection], names, read)
            if step.kind:
                self.note(step.kind, time.perf_counter() - begun[step.connection][1])
                self._advance(job, step)
        for name, link in own.items():
            if name not in links:
                self._close(link)
        if steps_are_last(steps):
            await self._end(job)

    async def _send(
        self, job: SimulatedJob, step: Step, link: Link, names: dict[bytes, bytes], read: dict[str, Any]
    ) -> bool:
        """Send a step; return whether it was done: a transaction is not if what it has read was changed."""
        payload = job.filled(step)
        if step.names_worker:
            payload = _named(payload, names)
        if step.counts and (record := read.get(step.connection)):
            digits = bytearray(payload)
            for position, name, difference in step.counts:
                digits[position] = ord("0") + int(record[name]) + difference
            payload = bytes(digits)
        replies = await self.ask(link, payload, len(step.commands))
        if step.reads_job:
            read[step.connection] = replies[0]
        return not step.ends or replies[-1] not in (None, [0])

    def _advance(self, job: SimulatedJob, step: Step) -> None:
        if step.kind == "commit":
            job.done += 1
            self.counted.pages += 1
            if job.done >= job.template.pages - 1:
                job.others_done.set()
        if job.follow:
            self._spawn(self._tell_client(job, ended=False))

    async def _end(self, job: SimulatedJob) -> None:
        await self._tell_client(job, ended=True)
        del self._jobs[job.job_id]
        self.counted.jobs_ended += 1
        if self.counted.jobs_ended == self.counted.jobs_begun:
            self._all_ended.set()

    def _worker_name(self, number: int) -> bytes:
        name = self._made.worker
        head, tail = name[: -len(b"00000000-000000")], b"%08x-%06x" % (number // 4, number)
        return head + tail

    async def ask(self, link: Link, payload: bytes, count: int) -> list[Any]:
        """Send commands, count them, and return the replies."""
        found = await link.ask(payload, count)
        self.counted.sent_commands += count
        self.counted.refused += sum(isinstance(reply, Exception) for reply in found)
        return found

    def note(self, what: str, seconds: float) -> None:
        if self.measures:
            self.counted.latency_s[what].append(seconds)

    # ── pools ────────────────────────────────────────────────────────────────────────────────────

    async def _pool(self, number: int, pools: int) -> None:
        """Send what a pool sends that does not have the reaper's turn."""
        link = await self._connect()
        self._unused += [await self._connect() for _ in range(_UNUSED_OF_POOL)]
        names = {self._made.node: self._made.node[:-8] + b"%08x" % number}
        loop = asyncio.get_running_loop()
        due = [
            (loop.time() + every_s * number / pools, every_s, steps)  # they did not start at the same moment
            for every_s, steps in (
                (_HEARTBEAT_EVERY_S, [self._made.heartbeat]),
                (_TURN_EVERY_S, [self._made.turn]),
                (_WEBHOOKS_EVERY_S, self._made.webhooks),
            )
        ]
        while True:
            due.sort(key=lambda one: one[0])
            at, every_s, steps = due.pop(0)
            await asyncio.sleep(max(0.0, at - loop.time()))
            for step in steps:
                await self.ask(link, _named(step.payload(time.time()), names), len(step.commands))
            due.append((at + every_s, every_s, steps))

    async def _watch_lag(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.05)
            if self.measures:
                self.counted.lag_s.append(time.perf_counter() - before - 0.05)


def _raise(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        raise error


def _named(payload: bytes, names: dict[bytes, bytes]) -> bytes:
    """Return bytes with the names of a simulated worker and its pool; the worker's begins with its pool's."""
    for recorded, own in names.items():
        payload = payload.replace(recorded, own)
    return payload


def steps_are_last(steps: Sequence[Step]) -> bool:
    """Return whether a unit ends its job."""
    return any(step.is_last for step in steps)
