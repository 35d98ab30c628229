"""The reader of events: history and live events, slow and late followers, deletion, and a lost Redis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from ocrdesk.backend.events import hub as hub_module
from ocrdesk.backend.events.hub import EventHub, Message
from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.settings import Settings
from ocrdesk.contract.events import Event
from tests.helpers.ledger_jobs import created, finished, planned, read

PATIENCE_S = 30


def of(message: Message | None) -> Event:
    assert message is not None
    (line,) = [line for line in message.data.decode().splitlines() if line.startswith("data: ")]
    return Event.model_validate_json(line.removeprefix("data: "))


async def some(stream: AsyncIterator[Message | None], count: int) -> list[Event]:
    """Return the next `count` events, without the comments between them."""
    found: list[Event] = []
    async with asyncio.timeout(PATIENCE_S):
        async for message in stream:
            if message is not None:
                found.append(of(message))
            if len(found) == count:
                return found
    raise AssertionError(f"the stream ended after {len(found)} of {count}")


async def rest(stream: AsyncIterator[Message | None]) -> list[Event]:
    """Return everything until the stream ends."""
    async with asyncio.timeout(PATIENCE_S):
        return [of(message) async for message in stream if message is not None]


@pytest.fixture
def with_hub(redis_url: str) -> Callable[[Callable[[EventHub], Awaitable[None]]], None]:
    """Run a test's coroutine with a started hub."""

    def run(test: Callable[[EventHub], Awaitable[None]]) -> None:
        async def main() -> None:
            hub = EventHub(Settings(redis_url=redis_url))
            await hub.start()
            try:
                await test(hub)
            finally:
                await hub.stop()

        asyncio.run(main())

    return run


async def off(action: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.to_thread(action, *arguments)


def test_a_follower_gets_past_and_coming_events_until_the_end(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(planned, ledger, 2)
        stream = hub.follow_job(job.job_id, "0-0", 1)
        seen = await some(stream, 3)
        for number in (1, 2):
            attempt, _ = await off(read, ledger, job, number)
        await off(ledger.jobs.finish, job.job_id, attempt.id)
        seen += await rest(stream)
        assert seen == ledger.jobs.events(job.job_id)
        assert seen[-1].status.is_final

    with_hub(test)


def test_many_followers_that_start_at_any_time_see_the_same_events(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(planned, ledger, 6)
        followers = []
        for number in range(1, 7):
            followers += [asyncio.create_task(rest(hub.follow_job(job.job_id, "0-0", 1))) for _ in range(5)]
            attempt, _ = await off(read, ledger, job, number)
        await off(ledger.jobs.finish, job.job_id, attempt.id)
        followers.append(asyncio.create_task(rest(hub.follow_job(job.job_id, "0-0", 1))))
        expected = ledger.jobs.events(job.job_id)
        for seen in await asyncio.gather(*followers):
            assert seen == expected

    with_hub(test)


def test_a_follower_that_falls_behind_the_events_in_memory_misses_nothing(
    ledger: Ledger, with_hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_KEPT", 3)

    async def test(hub: EventHub) -> None:
        job = await off(planned, ledger, 20)
        slow, quick = hub.follow_job(job.job_id, "0-0", 1), hub.follow_job(job.job_id, "0-0", 1)
        first = await some(slow, 1)
        for number in range(1, 21):
            attempt, _ = await off(read, ledger, job, number)
        await off(ledger.jobs.finish, job.job_id, attempt.id)
        await rest(quick)  # by now the hub has read, and dropped, nearly all of them
        assert first + await rest(slow) == ledger.jobs.events(job.job_id)

    with_hub(test)


def test_a_follower_can_resume_after_any_event(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(finished, ledger, 3)
        events = ledger.jobs.events(job.job_id)
        for index, event in enumerate(events[:-1]):
            assert await rest(hub.follow_job(job.job_id, event.id, 1)) == events[index + 1 :]

    with_hub(test)


def test_an_owner_sees_the_events_of_their_own_jobs_only(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        stream = hub.follow_owner("me", await hub.newest_id(), 1)
        before = await off(created, ledger)
        first = await some(stream, 1)
        await off(created, ledger, "you")
        after = await off(created, ledger)
        assert [event.job_id for event in first + await some(stream, 1)] == [before.job_id, after.job_id]

    with_hub(test)


def test_a_portion_of_other_peoples_events_hides_nothing(
    ledger: Ledger, with_hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_PAGE", 2)

    async def test(hub: EventHub) -> None:
        for _ in range(5):
            await off(created, ledger, "you")
        mine = await off(created, ledger)
        (event,) = await some(hub.follow_owner("me", "0-0", 1), 1)
        assert event.job_id == mine.job_id

    with_hub(test)


def test_a_stream_ends_when_its_job_is_deleted(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(planned, ledger, 3)
        stream = hub.follow_job(job.job_id, "0-0", 60)
        await some(stream, 3)
        following = asyncio.create_task(rest(stream))
        await off(ledger.jobs.delete, job.job_id)
        assert await following == []
        assert await rest(hub.follow_job(job.job_id, "0-0", 60)) == []

    with_hub(test)


def test_a_quiet_stream_sends_a_sign_of_life(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(created, ledger)
        stream = hub.follow_job(job.job_id, "0-0", 0.01)
        await some(stream, 1)
        async with asyncio.timeout(PATIENCE_S):
            assert await anext(stream) is None

    with_hub(test)


def test_events_during_a_break_of_the_connection_reach_every_follower(
    ledger: Ledger, redis: Redis, with_hub: Any
) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(planned, ledger, 4)
        stream = hub.follow_job(job.job_id, "0-0", 1)
        seen = await some(stream, 3)
        for client in await off(redis.client_list):
            if client["cmd"] == "xread":
                await off(redis.client_kill_filter, client["id"])
        for number in range(1, 5):
            attempt, _ = await off(read, ledger, job, number)
        await off(ledger.jobs.finish, job.job_id, attempt.id)
        assert seen + await rest(stream) == ledger.jobs.events(job.job_id)

    with_hub(test)


def test_closing_ends_every_stream(ledger: Ledger, with_hub: Any) -> None:
    async def test(hub: EventHub) -> None:
        job = await off(created, ledger)
        streams = [hub.follow_job(job.job_id, "0-0", 60), hub.follow_owner("me", await hub.newest_id(), 60)]
        following = [asyncio.create_task(rest(stream)) for stream in streams]
        await some(hub.follow_job(job.job_id, "0-0", 60), 1)
        hub.close()
        await asyncio.gather(*following)

    with_hub(test)


def test_a_redis_that_is_away_is_logged_once_and_not_at_every_try(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    tries = 0

    async def main() -> None:
        nonlocal tries
        hub = EventHub(Settings(redis_url=f"unix://{tmp_path / 'nobody.sock'}"))
        read = AsyncRedis.xrevrange

        async def counted(reader: AsyncRedis, *arguments: Any, **options: Any) -> Any:
            nonlocal tries
            tries += 1
            return await read(reader, *arguments, **options)

        monkeypatch.setattr(AsyncRedis, "xrevrange", counted)
        await hub.start()
        async with asyncio.timeout(PATIENCE_S):
            while tries < 4:
                await asyncio.sleep(0.001)
        await hub.stop()

    monkeypatch.setattr(hub_module, "_PAUSE_S", 0.001)
    with caplog.at_level(logging.WARNING, hub_module.__name__):
        asyncio.run(main())
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["events"]
