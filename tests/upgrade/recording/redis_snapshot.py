"""Writes all data of a Redis as JSON, which `tests/upgrade/old_data.py` restores."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

Text = str | dict[str, str]


def snapshot(redis: Any) -> str:
    """Return every key with its type, its time to live and its content, except RQ's records of stopped workers."""
    entries = []
    for key in sorted(redis.scan_iter(count=1000)):
        kind = redis.type(key).decode()
        if kind == "none" or key.startswith(b"rq:worker"):
            continue
        left_ms = redis.pttl(key)
        entries.append(
            {
                "key": key.decode(),
                "type": kind,
                "ttl_ms": left_ms if left_ms >= 0 else None,
                "value": _VALUES[kind](redis, key),
            }
        )
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def _text(value: bytes) -> Text:
    """Return the value as text; bytes that are not text as base64."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _stream(redis: Any, key: bytes) -> list[Any]:
    return [[entry.decode(), [[_text(k), _text(v)] for k, v in fields.items()]] for entry, fields in redis.xrange(key)]


_VALUES: dict[str, Callable[[Any, bytes], Any]] = {
    "string": lambda redis, key: _text(redis.get(key)),
    "hash": lambda redis, key: [[_text(k), _text(v)] for k, v in sorted(redis.hgetall(key).items())],
    "list": lambda redis, key: [_text(v) for v in redis.lrange(key, 0, -1)],
    "set": lambda redis, key: [_text(v) for v in sorted(redis.smembers(key))],
    "zset": lambda redis, key: [[_text(v), score] for v, score in redis.zrange(key, 0, -1, withscores=True)],
    "stream": _stream,
}
