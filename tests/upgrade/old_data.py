"""Restores the data that version 0.1 wrote, into a Redis and into folders."""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from redis import Redis

DATA = Path(__file__).resolve().parents[1] / "data" / "v0.1"
_HOME = "@HOME@"
_LEASE_LEFT_MS = 3_600_000
_TEXTS = (".ini", ".json", ".jsonl")


def load_redis(redis_url: str, file: Path, replaced: dict[str, str] | None = None) -> None:
    """Write all keys of a redis.json, with some texts replaced. Expiring keys get their full lifetime again."""
    text = file.read_text(encoding="utf-8")
    for old, new in (replaced or {}).items():
        text = text.replace(old, new)
    with Redis.from_url(redis_url) as redis:
        for entry in json.loads(text):
            _WRITERS[entry["type"]](redis, entry["key"], entry["value"])
            if entry["ttl_ms"] is not None:
                redis.pexpire(entry["key"], entry["ttl_ms"])
        extend_leases(redis)


def blob_of(data: Path, job_id: str, name: str) -> bytes:
    """Return the blob whose name begins with `name`, as version 0.1 wrote it into its folder or into Redis."""
    [found] = [blob for named, blob in _blobs(data, job_id) if named.startswith(name) and not named.endswith(".txt")]
    return found


def _blobs(data: Path, job_id: str) -> Iterator[tuple[str, bytes]]:
    for file in (data / "blobs" / job_id).glob("*"):
        yield file.name, file.read_bytes()
    prefix = f"ocrdesk:blob:{job_id}:"
    for entry in json.loads((data / "redis.json").read_text(encoding="utf-8")):
        if entry["key"].startswith(prefix):
            yield entry["key"].removeprefix(prefix), b"".join(map(_bytes, entry["value"]))


def restore_home(target: Path) -> None:
    """Restore the user's home in an empty folder: paths in files refer to it, and files have their recorded times."""
    shutil.copytree(DATA / "desktop" / "home", target, dirs_exist_ok=True)
    for file in target.rglob("*"):
        if file.suffix in _TEXTS:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(_HOME, str(target)), encoding="utf-8")
    for line in (target / ".local/share/ocrdesk/watched-files.jsonl").read_text(encoding="utf-8").splitlines():
        path, _, modified_ns = json.loads(line)
        os.utime(path, ns=(modified_ns, modified_ns))


def _bytes(value: Any) -> bytes:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else str(value).encode()


def _pairs(value: list[list[Any]]) -> dict[Any, Any]:
    return {_bytes(name): _bytes(content) for name, content in value}


def _write_stream(redis: Any, key: str, value: list[Any]) -> None:
    for entry_id, fields in value:
        redis.xadd(key, _pairs(fields), id=entry_id)


_WRITERS: dict[str, Callable[[Any, str, Any], object]] = {
    "string": lambda redis, key, value: redis.set(key, _bytes(value)),
    "hash": lambda redis, key, value: redis.hset(key, mapping=_pairs(value)),
    "list": lambda redis, key, value: redis.rpush(key, *map(_bytes, value)),
    "set": lambda redis, key, value: redis.sadd(key, *map(_bytes, value)),
    "zset": lambda redis, key, value: redis.zadd(key, {_bytes(member): score for member, score in value}),
    "stream": _write_stream,
}


def extend_leases(redis: Any) -> None:
    """Let the batches of webhooks in the queue lease their deliveries for an hour, so that nothing else makes them.

    A lease is a point in time that is also its token: it is in the delivery's record, in the list of due deliveries and
    in the batch.
    """
    until = str(round(time.time() * 1000) + _LEASE_LEFT_MS)
    leases: dict[bytes, bytes] = {}
    for key in redis.scan_iter("ocrdesk:job:*:webhook"):
        lease = redis.hget(key, "lease")
        if lease != b"0":
            leases[lease] = until.encode()
            redis.hset(key, "lease", until)
            redis.zadd("ocrdesk:webhooks:due", {key.split(b":")[2]: int(until)})
    for key in redis.scan_iter("rq:job:*"):
        data = zlib.decompress(redis.hget(key, "data"))
        for old, new in leases.items():
            data = data.replace(old, new)
        redis.hset(key, "data", zlib.compress(data))
