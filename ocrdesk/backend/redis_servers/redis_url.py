"""The forms of REDIS_URL. It loads no Redis client, so that settings can be checked without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

FORMS = (
    "redis://HOST:PORT/DB or unix:///SOCKET for one server, redis+sentinel://HOST:PORT,HOST:PORT/SERVICE for a primary "
    "that Sentinels name, redis+cluster://HOST:PORT,HOST:PORT for a cluster; rediss in place of redis for TLS"
)
_SENTINEL_PORT, _PORT = 26379, 6379
_OF_SENTINELS = "sentinel_"
"""Begins the parameters that are for the Sentinels alone: `sentinel_username`, `sentinel_password`."""


class Setup(StrEnum):
    """How many servers there are, and who says which of them is the primary."""

    SINGLE = "redis"
    SENTINEL = "redis+sentinel"
    CLUSTER = "redis+cluster"


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """REDIS_URL in its parts."""

    setup: Setup
    single: str
    """The URL in the form for one server: with the first host, and without what concerns the Sentinels."""
    hosts: tuple[tuple[str, int], ...] = ()
    """Names and ports of the Sentinels, or of some nodes of the cluster."""
    service: str = ""
    """The name by which the Sentinels know the primary."""
    sentinel_options: dict[str, str] = field(default_factory=dict)
    """`username` and `password` for the Sentinels."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The passwords, as they are and as the URL writes them."""
        written = urlsplit(self.single).netloc.rpartition("@")[0].partition(":")[2]
        return (written, unquote(written), self.sentinel_options.get("password", ""))


def is_cluster(url: str) -> bool:
    """Return whether a URL names a cluster."""
    return url.startswith((f"{Setup.CLUSTER}://", "rediss+cluster://"))


def parse_redis_url(url: str) -> RedisUrl:
    """Return a URL in its parts. Raises ValueError that says what is wrong with it."""
    scheme, _, rest = url.partition("://")
    if scheme in ("redis", "rediss", "unix"):
        try:
            _ = urlsplit(url).port
        except ValueError:
            raise _unreadable() from None
        return RedisUrl(Setup.SINGLE, url)
    try:
        setup = Setup(scheme.replace("rediss+", "redis+"))
    except ValueError:
        raise ValueError(f"must be {FORMS}") from None
    parts = urlsplit(f"{scheme}://{rest}")
    login, _, listed = parts.netloc.rpartition("@")
    hosts = tuple(_host(text, _SENTINEL_PORT if setup is Setup.SENTINEL else _PORT) for text in listed.split(","))
    service, database = _path(setup, parts.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    own = {name: value for name, value in query.items() if not name.startswith(_OF_SENTINELS)}
    of_sentinels = {name.removeprefix(_OF_SENTINELS): query[name] for name in query.keys() - own.keys()}
    host, port = hosts[0]
    netloc = f"{login}@" * bool(login) + (f"[{host}]" if ":" in host else host) + f":{port}"
    single = f"{'rediss' if scheme.startswith('rediss') else 'redis'}://{netloc}/{database}"
    return RedisUrl(setup, single + (f"?{urlencode(own)}" if own else ""), hosts, service, of_sentinels)


def _host(text: str, port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    try:
        own_port = parts.port
    except ValueError:
        raise _unreadable() from None
    if not parts.hostname:
        raise _unreadable()
    return parts.hostname, own_port or port


def _path(setup: Setup, path: str) -> tuple[str, str]:
    """Return the service's name and the database's number."""
    names = path.strip("/").split("/")
    if setup is Setup.CLUSTER:
        if names not in ([""], ["0"]):
            raise ValueError("a cluster has no databases; end the URL after the hosts")
        return "", "0"
    if not names[0]:
        raise ValueError("must name the Sentinels' service after the hosts, as redis+sentinel://one,two,three/mymaster")
    database = names[1] if len(names) > 1 else "0"
    if len(names) > 2 or not database.isdecimal():
        raise ValueError("must end with the service and perhaps the database's number, as …/mymaster/0")
    return unquote(names[0]), database


def _unreadable() -> ValueError:
    return ValueError("has a host or port that cannot be read; write / @ : of a password as %2F %40 %3A")
