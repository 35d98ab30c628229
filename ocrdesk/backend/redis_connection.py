"""Connections to Redis: one that answers text for the ledger, one that answers bytes for RQ and blobs."""

from __future__ import annotations

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from ocrdesk import __version__
from ocrdesk.backend.settings import Settings

# What every caller may catch to learn that Redis is away, without importing redis itself.
RedisAway = (RedisConnectionError, RedisTimeoutError)
RedisFailure = RedisError
RedisFull = OutOfMemoryError

_SOCKET_TIMEOUT_S = 5


def connect(settings: Settings, *, text: bool) -> Redis:
    """A client for REDIS_URL that rides out a short restart of the server (about a second)."""
    return Redis.from_url(
        settings.redis_url,
        decode_responses=text,
        socket_connect_timeout=2,
        socket_timeout=_SOCKET_TIMEOUT_S,
        health_check_interval=30,
        # Only what was refused or cut off is tried again: a server that does not answer would be waited for in vain.
        retry=Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=4, supported_errors=(RedisConnectionError,)),
        # Named here, because redis-py would look its version up on disk at every connection, thrice a horse.
        driver_info=DriverInfo(name="ocrdesk", lib_version=__version__),
    )
