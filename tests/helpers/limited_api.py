"""Replicas of the api with rate limits on one Valkey, and functions that call them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
from redis import Redis

from ocrdesk.backend.rate_limits import RateLimit
from tests.helpers import plain_http
from tests.helpers.processes import run_valkey, running_api, short_folder
from tests.helpers.sample_files import text_png

TOKEN = "token-of-this-machines-own-desktop"


@dataclass(frozen=True, slots=True)
class LimitedApi:
    """Replicas of the api with rate limits on one Valkey."""

    redis_url: str
    first: str
    second: str
    """Trusts proxies on this machine and in 10.0.0.0/8, 192.0.2.7 and fd00::/8; `first` trusts none."""
    keyed: str


@contextlib.contextmanager
def run_limited_api(*api_keys: str) -> Iterator[LimitedApi]:
    with short_folder() as folder, run_valkey(folder) as redis_url:
        env = {"REDIS_URL": redis_url, "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_READS": "30", "LOCAL_TOKEN": TOKEN}
        proxies = "127.0.0.1, 10.0.0.0/8,192.0.2.7,fd00::/8"
        with (
            running_api(**env) as first,
            running_api(**env, TRUSTED_PROXIES=proxies) as second,
            running_api(**env, API_KEY_ENABLED="1", API_KEYS=",".join(api_keys), TRUSTED_PROXIES=proxies) as keyed,
        ):
            yield LimitedApi(redis_url, first, second, keyed)


def submit(url: str, **headers: str) -> httpx2.Response:
    return plain_http.post(
        f"{url}/ocr/submit",
        files={"file": ("a.png", text_png("Hello"))},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        timeout=30,
        trust_env=False,
    )


def submits(url: str, times: int, **headers: str) -> list[int]:
    """Return the statuses of `count` submits, one after the other."""
    return [submit(url, **headers).status_code for _ in range(times)]


def read(url: str, path: str = "/ocr/jobs", **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return plain_http.get(url + path, headers=named, timeout=30, trust_env=False)


def keys(limited: LimitedApi, bound: RateLimit | None = None) -> list[str]:
    with Redis.from_url(limited.redis_url, decode_responses=True) as redis:
        found: Any = redis.keys(f"ocrdesk:rates:{bound or ''}*")
    return sorted(found)
