"""Opens Redis connections; the classes of errors that callers catch. What an error means is in `outages`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from redis import ConnectionPool, Redis, SSLConnection
from redis.backoff import ExponentialBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from ocrdesk import __version__
from ocrdesk.backend.outages.redis_errors import LOADING, UNREACHABLE, problem_of, without_command
from ocrdesk.backend.records import FOREIGN_BYTES
from ocrdesk.backend.redis_servers import key_prefix
from ocrdesk.backend.redis_servers.confirmed import ConfirmedRedis, Doubt, no_doubt
from ocrdesk.backend.redis_servers.redis_url import RedisUrl, Setup, parse_redis_url
from ocrdesk.backend.settings import Settings, SettingsError

if TYPE_CHECKING:
    import redis.asyncio

# The errors that callers catch when Redis is unavailable, without importing redis themselves.
RedisUnavailable = (RedisConnectionError, RedisTimeoutError)
RedisFailure = RedisError
RedisFull = OutOfMemoryError

_CONNECT_TIMEOUT_S, _SOCKET_TIMEOUT_S = 2, 5


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

    With Sentinels or a cluster it leads to the primary, also to the next one after a failover. The ledger needs answers
    as text; RQ and the blob store need bytes. Raises SettingsError if the keys cannot be used there.
    """
    url = _usable(settings)
    options = _common_options(text=text, timeout_s=_SOCKET_TIMEOUT_S) | {
        "health_check_interval": 30,
        # Retries only refused and broken connections. Waiting again for a server that does not answer is useless.
        "retry": _Retry(ExponentialBackoff(cap=0.4, base=0.05), retries=4, supported_errors=(RedisConnectionError,)),
        # Given here, because redis-py would read its version from disk for every connection.
        "driver_info": DriverInfo(name="ocrdesk", lib_version=__version__),
    }
    doubt: Doubt = no_doubt
    if url.setup is Setup.SINGLE:
        pool = ConnectionPool.from_url(url.single, **options)
    else:
        from ocrdesk.backend.redis_servers import primary  # most installations have one server

        pool = primary.pool(url, **options)
        if url.setup is Setup.SENTINEL:
            doubt = primary.doubt_of_sentinels(url, **options)
    return ConfirmedRedis(pool, settings.redis_replicas, doubt) if settings.redis_replicas else Redis.from_pool(pool)


def connect_async(settings: Settings, *, timeout_s: float) -> redis.asyncio.Redis:
    """Return a client for asyncio that answers text, and waits `timeout_s` for each answer. Raises SettingsError."""
    import redis.asyncio  # workers have no use for it

    url = _usable(settings)
    options = _common_options(text=True, timeout_s=timeout_s)
    if url.setup is Setup.SINGLE:
        return redis.asyncio.Redis.from_url(url.single, **options)
    from ocrdesk.backend.redis_servers import primary

    return redis.asyncio.Redis.from_pool(primary.async_pool(url, **options))


def _common_options(*, text: bool, timeout_s: float) -> dict[str, Any]:
    return {
        "decode_responses": text,
        "encoding_errors": FOREIGN_BYTES,
        "socket_connect_timeout": _CONNECT_TIMEOUT_S,
        "socket_timeout": timeout_s,
    }


def _usable(settings: Settings) -> RedisUrl:
    if why := key_prefix.mismatch(settings.redis_url):
        raise SettingsError(why)
    return parse_redis_url(settings.redis_url)


def is_wrong_type(error: RedisError) -> bool:
    """Return whether a key has another type than the command expects: that concerns one record, not the server."""
    text = without_command(error)
    return text.startswith("WRONGTYPE") or "-WRONGTYPE" in text


def redis_time_ms(redis: Any) -> int:
    """Return Redis's time in Unix milliseconds. Stored times are compared with it alone: machines' clocks differ."""
    seconds, microseconds = redis.time()
    return int(seconds) * 1000 + int(microseconds) // 1000
