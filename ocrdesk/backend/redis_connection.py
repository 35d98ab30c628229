"""Opens Redis connections; the errors that mean "unavailable" and "full"."""

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

# The errors that callers catch when Redis is unavailable, without importing redis themselves.
RedisUnavailable = (RedisConnectionError, RedisTimeoutError)
RedisFailure = RedisError
RedisFull = OutOfMemoryError

_SOCKET_TIMEOUT_S = 5


def connect(settings: Settings, *, text: bool) -> Redis:
    """Return a client for REDIS_URL that survives a short restart of the server (about a second).

    The ledger needs answers as text; RQ and the blob store need bytes.
    """
    return Redis.from_url(
        settings.redis_url,
        decode_responses=text,
        socket_connect_timeout=2,
        socket_timeout=_SOCKET_TIMEOUT_S,
        health_check_interval=30,
        # Retries only refused and broken connections. Waiting again for a server that does not answer is useless.
        retry=Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=4, supported_errors=(RedisConnectionError,)),
        # Given here, because redis-py would read its version from disk for every connection.
        driver_info=DriverInfo(name="ocrdesk", lib_version=__version__),
    )
