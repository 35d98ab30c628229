"""Reads all data of a Redis as text, to search it for data that must not be there."""

from __future__ import annotations

from typing import Any

from redis import Redis


def readable(url: str) -> Any:
    """Return a connection that answers text, also where a value is no text: such bytes are escaped."""
    return Redis.from_url(url, decode_responses=True, encoding_errors="backslashreplace")


def everything_in(redis: Any) -> str:
    """Return every key and value, as one text."""
    readers = {
        "string": redis.get,
        "hash": redis.hgetall,
        "set": redis.smembers,
        "list": lambda key: redis.lrange(key, 0, -1),
        "zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
        "stream": redis.xrange,
        "none": lambda key: "ran out meanwhile",
    }
    return "\n".join(f"{key} {readers[redis.type(key)](key)}" for key in sorted(redis.scan_iter()))
