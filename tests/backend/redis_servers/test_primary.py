"""Connections lead to the primary, with passwords, certificates and few rights."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import redis.asyncio as redis_asyncio
from redis import Redis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from ocrdesk.backend.outages import redis_errors
from ocrdesk.backend.outages.redis_errors import problem_of
from ocrdesk.backend.redis_connection import RedisFailure, connect, connect_async
from ocrdesk.backend.redis_servers import primary
from ocrdesk.backend.redis_servers.redis_url import parse_redis_url
from ocrdesk.backend.settings import Settings
from tests.helpers.certificates import make_certificate
from tests.helpers.processes import clean_env
from tests.helpers.redis_groups import Group, Node, running_cluster, running_pair, running_sentinels
from tests.helpers.tls_relay import tls_relay
from tests.helpers.wait import wait_until
from tests.packaging.repository import ROOT

FAILOVER_PAGE = ROOT / "docs" / "operations" / "failover.md"

# In a process of its own, because on a cluster all keys begin otherwise.
CONVERSATION = """
import sys
from ocrdesk.backend import redis_keys
from ocrdesk.backend.redis_connection import RedisUnavailable, connect
from ocrdesk.backend.settings import Settings
from tests.helpers.wait import wait_until

redis = connect(Settings.from_environment(), text=True)

def write(number):
    with redis.pipeline(transaction=True) as pipe:
        try:
            pipe.watch(redis_keys.BACKLOG)
            pipe.multi()
            pipe.hset(redis_keys.job("one"), "state", number)
            pipe.set(redis_keys.rq_queue("main"), number)
            return pipe.execute()
        except RedisUnavailable:  # the nodes do not agree yet
            return None

for number in (1, 2):
    wait_until(lambda: write(number), "a primary that takes the transaction")
    print(redis.hget(redis_keys.job("one"), "state"), redis.get(redis_keys.rq_queue("main")), flush=True)
    sys.stdin.readline()
"""


def test_cluster_takes_transactions_also_after_a_failover(tmp_path: Path) -> None:
    with running_cluster(tmp_path) as group:
        program = subprocess.Popen(
            [sys.executable, "-c", CONVERSATION],
            cwd=ROOT,
            env=clean_env(REDIS_URL=group.url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == "1 1\n"
        group.fail_over()
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "2 2\n"
        program.communicate("\n", timeout=60)
        assert program.returncode == 0


def test_a_connection_whose_server_falls_silent_leads_to_the_next_primary(tmp_path: Path) -> None:
    """It stays open, as when a network is cut. The next command must not wait for the same server."""
    with running_sentinels(tmp_path) as group:
        retry = Retry(NoBackoff(), 0, supported_errors=(RedisConnectionError,))  # as `connect` has it
        pool = primary.pool(parse_redis_url(group.url), socket_timeout=1, retry=retry)
        redis = Redis(connection_pool=pool)
        redis.set("known", "yes")
        old = group.primary()
        old.stop()
        group.primary()
        with pytest.raises(RedisTimeoutError):
            redis.get("known")

        def is_known() -> bool:
            with contextlib.suppress(RedisTimeoutError, RedisConnectionError):  # a Sentinel may still name the old one
                return redis.get("known") == b"yes"
            return False

        wait_until(is_known, "an answer of the next primary")


def test_a_sentinel_that_does_not_answer_is_asked_once_and_then_left_alone(tmp_path: Path) -> None:
    asked: list[object] = []

    def hang_up() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, address = listener.accept()
                asked.append(address)
                client.close()

    with running_sentinels(tmp_path) as group, socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        url = group.url.replace("redis+sentinel://", f"redis+sentinel://127.0.0.1:{listener.getsockname()[1]},")
        with connect(Settings(redis_url=url, redis_replicas=1), text=True) as redis:
            for number in range(4):
                with redis.pipeline(transaction=True) as pipe:
                    pipe.set("key", str(number))
                    pipe.execute()
            assert redis.get("key") == "3"
        assert len(asked) == 2, "once for the primary's address, and once for the confirmations"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_servers_and_sentinels_may_have_passwords(tmp_path: Path) -> None:
    with running_sentinels(tmp_path, password="of-servers", sentinel_password="of-sentinels") as group:
        settings = Settings(redis_url=group.url)
        with connect(settings, text=True) as redis:
            redis.set("key", "before")
            group.fail_over()
            wait_until(lambda: _read_once(redis) == "before", "an answer of the next primary")
            wait_until(lambda: asyncio.run(_read_async(settings)) == "before", "an answer to asyncio")
        _give_few_rights(group)
        login, _, hosts = group.url.removeprefix("redis+sentinel://").rpartition("@")
        assert login == ":of-servers"
        query = "sentinel_username=ocrdesk&sentinel_password=few"
        url = f"redis+sentinel://ocrdesk:few@{hosts.partition('?')[0]}?{query}"
        with connect(Settings(redis_url=url, redis_replicas=1), text=True) as redis:
            wait_until(lambda: _is_confirmed(redis), "Sentinels that agree after the failover")
            assert redis.get("ocrdesk:key") == "with few rights"
            with pytest.raises(RedisFailure, match="permissions"):
                redis.get("key")
        living = [node.redis() for node in (*group.nodes, *group.sentinels) if node.process]
        denied = [one["object"] for server in living for one in server.execute_command("ACL", "LOG")]
        assert denied == ["key"]


def test_a_server_that_is_named_as_primary_but_is_a_replica_is_not_read_from(tmp_path: Path) -> None:
    """As when a Sentinel is late: the replica would answer with what it had before it lost its primary."""
    url = parse_redis_url("redis+sentinel://127.0.0.1:1/ocrdesk")
    with running_pair(tmp_path) as (server, replica):
        server.redis().set("key", "known")
        late = _Names(replica)
        options = {"decode_responses": True, "retry": Retry(NoBackoff(), 0)}
        pool = primary.pool(url, **options)
        pool.proxy.sentinel_manager = late  # type: ignore[attr-defined]
        redis = Redis(connection_pool=pool)
        with pytest.raises(RedisConnectionError, match="not the primary"):
            redis.get("key")
        late.node = server
        assert redis.get("key") == "known"

        async def ask(node: Node) -> object:
            async_pool = primary.async_pool(url, **options | {"retry": AsyncRetry(NoBackoff(), 0)})
            async_pool.sentinel_manager = _AsyncNames(node)  # type: ignore[attr-defined]
            client = redis_asyncio.Redis.from_pool(async_pool)
            try:
                return await client.get("key")
            finally:
                await client.aclose()

        with pytest.raises(RedisConnectionError, match="not the primary"):
            asyncio.run(ask(replica))
        assert asyncio.run(ask(server)) == "known"


class _Names:
    """What a Sentinel says, right or late."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def discover_master(self, _: str) -> tuple[str, int]:
        return "127.0.0.1", self.node.port


class _AsyncNames(_Names):
    async def discover_master(self, name: str) -> tuple[str, int]:  # type: ignore[override]
        return super().discover_master(name)


def _read_once(redis: Redis) -> object:
    """Return the key's value, or None while the Sentinels do not agree."""
    with contextlib.suppress(RedisConnectionError):
        return redis.get("key")
    return None


async def _read_async(settings: Settings) -> object:
    client = connect_async(settings, timeout_s=5)
    try:
        with contextlib.suppress(RedisConnectionError):
            return await client.get("key")
        return None
    finally:
        await client.aclose()


def _is_confirmed(redis: Redis) -> bool:
    """Write the key. While the Sentinels do not agree, a write is not confirmed or finds no primary."""
    with redis.pipeline(transaction=True) as pipe, contextlib.suppress(RedisConnectionError):
        pipe.set("ocrdesk:key", "with few rights")
        return bool(pipe.execute())
    return False


def _give_few_rights(group: Group) -> None:
    """Make the documented users of the servers and of the Sentinels that live."""
    page = FAILOVER_PAGE.read_text("utf-8")
    found = re.findall(r"ACL SETUSER ocrdesk on '>(?:PASSWORD|OTHER)' (.+)", page)
    for nodes, rights in zip((group.nodes, group.sentinels), found, strict=True):
        for node in nodes:
            if node.process:
                rules = [rule.strip("'") for rule in rights.split()]
                node.redis().execute_command("ACL", "SETUSER", "ocrdesk", "on", ">few", *rules)


def test_server_may_ask_for_a_certificate(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "IP:127.0.0.1")
    with Node(tmp_path / "node", []).running() as node, tls_relay(node.port, certificate, key) as port:
        url = f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}"
        own = f"&ssl_certfile={certificate}&ssl_keyfile={key}"
        with connect(Settings(redis_url=url + own), text=True) as redis:
            assert redis.set("key", "written")
        with connect(Settings(redis_url=url), text=True) as redis, pytest.raises(RedisFailure) as caught:
            redis.get("key")
        assert problem_of(caught.value) is redis_errors.UNREACHABLE
