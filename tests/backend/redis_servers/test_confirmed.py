"""With REDIS_REPLICAS a transaction counts as done only when replicas have it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import connect
from ocrdesk.backend.redis_servers.confirmed import NotConfirmedError
from ocrdesk.backend.settings import Settings
from tests.helpers.redis_groups import Node, running_pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """A primary and its replica."""
    with running_pair(tmp_path) as (primary, replica):
        yield primary, replica


def connected(primary: Node, replicas: int) -> Any:
    return connect(Settings(redis_url=f"redis://127.0.0.1:{primary.port}", redis_replicas=replicas), text=True)


def written(redis: Any, value: str) -> list[Any]:
    with redis.pipeline(transaction=True) as pipe:
        pipe.watch("key")
        pipe.multi()
        pipe.set("key", value)
        pipe.rpush("list", value)
        return list(pipe.execute())


def test_replica_has_what_was_written_when_the_answer_comes(pair: tuple[Node, Node]) -> None:
    primary, replica = pair
    with connected(primary, 1) as redis:
        for number in range(50):
            assert written(redis, str(number)) == [True, number + 1]
            assert replica.redis().get("key") == str(number)


def test_silent_replica_is_an_outage_whose_changes_may_have_been_made(pair: tuple[Node, Node]) -> None:
    primary, replica = pair
    assert replica.process is not None
    with connected(primary, 1) as redis:
        replica.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(NotConfirmedError) as caught:
                written(redis, "unconfirmed")
        finally:
            replica.process.send_signal(signal.SIGCONT)
        problem = problem_of(caught.value)
        assert problem is not None
        assert problem.message_id == "redis_unconfirmed"
        assert not problem.is_refusal
        assert primary.redis().get("key") == "unconfirmed"
        assert written(redis, "confirmed") == [True, 2]


def test_nothing_waits_without_the_setting(pair: tuple[Node, Node]) -> None:
    primary, replica = pair
    replica.kill()
    with connected(primary, 0) as redis:
        assert written(redis, "alone") == [True, 1]
