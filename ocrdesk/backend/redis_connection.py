"""Opens Redis connections; the classes of errors that callers catch. What an error means is in `outages`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from redis import Redis, SSLConnection
from redis.backoff import ExponentialBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from ocrdesk import __version__
from ocrdesk.backend.outages.redis_errors import LOADING, UNREACHABLE, problem_of, without_command
from ocrdesk.backend.records import FOREIGN_BYTES
from ocrdesk.backend.settings import Settings, SettingsError

# The errors that callers catch when Redis is unavailable, without importing redis themselves.
RedisUnavailable = (RedisConnectionError, RedisTimeoutError)
RedisFailure = RedisError
RedisFull = OutOfMemoryError

_SOCKET_TIMEOUT_S = 5


class _Retry(Retry):
    """Does not repeat what the server refused: a wrong password stays wrong."""

    def call_with_retry(self, do: Any, fail: Any, is_retryable: Any = None, with_failure_count: bool = False) -> Any:
        may_pass = is_retryable or (lambda error: problem_of(error) in (UNREACHABLE, LOADING))
        return super().call_with_retry(do, fail, may_pass, with_failure_count)


def url_of(connection: Redis) -> str:
    """Return the URL that leads to the same server and database as a connection. Raises SettingsError if none does."""
    options: dict[str, Any] = connection.connection_pool.connection_kwargs
    user, password = options.get("username"), options.get("password")
    login = f"{quote(user or '', safe='')}:{quote(password or '', safe='')}@" if user or password else ""
    extra = {name: value for name, value in options.items() if name.startswith("ssl_") and isinstance(value, str)}
    query = urlencode({"db": options.get("db") or 0} | extra)
    if path := options.get("path"):
        return f"unix://{login}{quote(path)}?{query}"
    if not (host := options.get("host")):
        raise SettingsError("This connection has no address, as with Sentinel. Name one Redis with --url or REDIS_URL.")
    is_tls = issubclass(connection.connection_pool.connection_class, SSLConnection)
    name = f"[{host}]" if ":" in host else host
    return f"{'rediss' if is_tls else 'redis'}://{login}{name}:{options.get('port', 6379)}?{query}"


def connect(settings: Settings, *, text: bool) -> Redis:
    """Return a client for REDIS_URL that survives a short restart of the server (about a second).

    The ledger needs answers as text; RQ and the blob store need bytes.
    """
    return Redis.from_url(
        settings.redis_url,
        decode_responses=text,
        encoding_errors=FOREIGN_BYTES,
        socket_connect_timeout=2,
        socket_timeout=_SOCKET_TIMEOUT_S,
        health_check_interval=30,
        # Retries only refused and broken connections. Waiting again for a server that does not answer is useless.
        retry=_Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=4, supported_errors=(RedisConnectionError,)),
        # Given here, because redis-py would read its version from disk for every connection.
        driver_info=DriverInfo(name="ocrdesk", lib_version=__version__),
    )


def is_wrong_type(error: RedisError) -> bool:
    """Return whether a key has another type than the command expects: that concerns one record, not the server."""
    text = without_command(error)
    return text.startswith("WRONGTYPE") or "-WRONGTYPE" in text


def redis_time_ms(redis: Any) -> int:
    """Return Redis's time in Unix milliseconds. Stored times are compared with it alone: machines' clocks differ."""
    seconds, microseconds = redis.time()
    return int(seconds) * 1000 + int(microseconds) // 1000
