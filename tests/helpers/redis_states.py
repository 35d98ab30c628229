"""Puts a real Valkey into the states in which it refuses to write."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.helpers.wait import wait_until


@contextlib.contextmanager
def full(redis: Any) -> Iterator[None]:
    """No memory is left."""
    redis.config_set("maxmemory", "1")
    try:
        yield
    finally:
        redis.config_set("maxmemory", "0")


@contextlib.contextmanager
def read_only(redis: Any) -> Iterator[None]:
    """It is the replica of a primary that cannot be reached, and keeps its data."""
    redis.execute_command("REPLICAOF", "127.0.0.1", "1")
    try:
        yield
    finally:
        redis.execute_command("REPLICAOF", "NO", "ONE")


@contextlib.contextmanager
def unable_to_save(redis: Any, store: Path) -> Iterator[None]:
    """Its folder `store` is gone, so its snapshots fail."""
    shutil.rmtree(store)
    redis.config_set("save", "3600 1")
    redis.bgsave()
    wait_until(lambda: redis.info("persistence")["rdb_last_bgsave_status"] == "err", "the failed snapshot")
    try:
        yield
    finally:
        redis.config_set("save", "")
