"""Every reply that means an outage has its row in the table: replies of a real Valkey, and single ones of a fake."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from ocrdesk.backend.outages import redis_errors
from ocrdesk.backend.outages.redis_errors import RedisProblem, problem_of
from ocrdesk.backend.redis_connection import RedisFailure, connect
from ocrdesk.backend.settings import Settings
from tests.helpers.processes import run_valkey, short_folder
from tests.helpers.redis_states import full, read_only, unable_to_save
from tests.helpers.wait import wait_until


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as path:
        yield path


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """A Valkey whose state a test may change."""
    with run_valkey(folder) as url:
        yield url


def problems(url: str) -> dict[str, RedisProblem | None]:
    """Return what a write means alone, in a transaction, and in a script."""
    redis: Any = connect(Settings(redis_url=url), text=True)
    found = {}

    def transaction() -> None:
        with redis.pipeline(transaction=True) as pipe:
            pipe.delete("other")
            pipe.hset("name", "field", "value")
            pipe.execute()

    attempts = {
        "command": lambda: redis.set("name", "value"),
        "transaction": transaction,
        "script": lambda: redis.eval("return redis.call('SET', KEYS[1], 'value')", 1, "name"),
    }
    for name, attempt in attempts.items():
        with pytest.raises(RedisFailure) as raised:
            attempt()
        found[name] = problem_of(raised.value)
    redis.close()
    return found


def each(problem: RedisProblem) -> dict[str, RedisProblem]:
    return dict.fromkeys(("command", "transaction", "script"), problem)


def test_full_memory(redis_url: str) -> None:
    with full(Redis.from_url(redis_url)):
        assert problems(redis_url) == each(redis_errors.FULL)
    assert redis_errors.FULL.is_full


def test_a_read_only_replica(url: str) -> None:
    with read_only(Redis.from_url(url)):
        assert problems(url) == each(redis_errors.READ_ONLY)


def test_a_server_that_cannot_save(url: str, folder: Path) -> None:
    with unable_to_save(Redis.from_url(url), folder / "valkey"):
        assert problems(url) == each(redis_errors.CANNOT_SAVE)


def test_a_missing_and_a_wrong_password(url: str) -> None:
    redis: Any = Redis.from_url(url)
    redis.config_set("requirepass", "right")
    assert problems(url) == each(redis_errors.LOGIN)
    assert problems(url.replace("unix://", "unix://:wrong@")) == each(redis_errors.LOGIN)


def test_a_user_without_rights(url: str) -> None:
    redis: Any = Redis.from_url(url)
    redis.execute_command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+get", "+ping", "+client", "+eval")
    assert problems(url.replace("unix://", "unix://reader:secret@")) == each(redis_errors.NO_RIGHTS)


def test_too_few_replicas(url: str) -> None:
    redis: Any = Redis.from_url(url)
    redis.config_set("min-replicas-to-write", "1")
    assert problems(url) == each(redis_errors.FEW_REPLICAS)


def test_too_many_clients(url: str) -> None:
    redis: Any = Redis.from_url(url)
    redis.config_set("maxclients", "1")

    def found() -> RedisProblem | None:
        with pytest.raises(RedisFailure) as raised:
            connect(Settings(redis_url=url), text=True).ping()
        return problem_of(raised.value)

    # the server closes the connection, so that its reply may be lost
    wait_until(lambda: found() is redis_errors.FULL_OF_CLIENTS, "the reply")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RedisFailure) as raised:
        Redis.from_url(f"unix://{tmp_path}/no.sock", retry=None).ping()
    assert problem_of(raised.value) is redis_errors.UNREACHABLE


@contextlib.contextmanager
def replying(reply: str) -> Iterator[str]:
    """Answer every command with one error reply; yield the URL."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                with contextlib.suppress(OSError), client:
                    while data := client.recv(65_536):
                        client.sendall(f"-{reply}\r\n".encode() * data.count(b"*"))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("LOADING Redis is loading the dataset in memory", redis_errors.LOADING),
        ("CLUSTERDOWN Hash slot not served", redis_errors.CLUSTER_DOWN),
        ("TRYAGAIN Multiple keys request during rehashing of slot", redis_errors.CLUSTER_DOWN),
        ("MOVED 3999 127.0.0.1:6381", redis_errors.CLUSTER),
        ("ASK 3999 127.0.0.1:6381", redis_errors.CLUSTER),
        ("CROSSSLOT Keys in request don't hash to the same slot", redis_errors.CLUSTER),
        ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", redis_errors.MASTER_DOWN),
        ("UNBLOCKED force unblock from blocking operation, instance state changed", redis_errors.READ_ONLY),
        ("BUSY Redis is busy running a script.", redis_errors.BUSY),
        ("EXECABORT Transaction discarded because of: OOM command not allowed", redis_errors.FULL),
        ("EXECABORT Transaction discarded because of previous errors.", redis_errors.UNDONE),
        ("DENIED Redis is running in protected mode", redis_errors.LOGIN),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", None),
        ("ERR unknown command", None),
    ],
)
def test_single_replies(reply: str, problem: RedisProblem | None) -> None:
    with replying(reply) as url:
        redis: Any = Redis.from_url(url, protocol=2, driver_info=None, retry=None)
        with pytest.raises(RedisFailure) as raised:
            redis.get("name")
        assert problem_of(raised.value) is problem
        redis.close()


def test_text_of_a_command_is_not_taken_for_a_reply() -> None:
    error = ResponseError("Command # 1 (SET name caused error: OOM) of pipeline caused error: ERR syntax error")
    assert problem_of(error) is None


def test_errors_of_others_are_no_outage() -> None:
    assert problem_of(OSError()) is None
    assert problem_of(None) is None


@pytest.mark.parametrize(
    "problem", list(dict.fromkeys(redis_errors.PROBLEMS.values())), ids=lambda problem: problem.reason
)
def test_every_row_says_what_to_do_and_when(problem: RedisProblem) -> None:
    assert "Try again" in problem.message.text or "try again" in problem.message.text
    assert problem.retry_after_s > 0
