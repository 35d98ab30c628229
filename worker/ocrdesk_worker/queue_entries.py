"""What a worker accepts from RQ's queues: our own tasks with arguments of their shape, and nothing else.

RQ imports and calls whatever an entry names, so without this, write access to Redis is code execution on every worker
host. An entry is checked each time it is read. Fields that name functions, addresses or other entries (callbacks,
webhooks, dependencies, repetitions, results) are left out; ocrdesk uses none of them.
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from redis.exceptions import ResponseError
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.utils import import_attribute

from ocrdesk.backend.records import Unit, UnitKind
from ocrdesk.backend.redis_connection import is_wrong_type
from ocrdesk.backend.task_queue import TASK_NAMES, WEBHOOK_TASK_NAME

if TYPE_CHECKING:
    from redis import Redis

_log = logging.getLogger(__name__)

_TEXTS = ("created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat", "worker_name", "origin", "status")
_NUMBERS = {"timeout": 10_000_000, "ttl": 86_400, "failure_ttl": 86_400, "number_of_retries": 100, "retries_left": 3}
"""The largest value of each."""
_STATES = frozenset(JobStatus)
_LONGEST_TEXT, _LARGEST_DATA = 300, 1 << 20
_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EXPORT = re.compile(r"[a-z0-9_]{1,100}")
_MOST_PAGES, _MOST_DELIVERIES, _LONGEST_LIMIT_S = 10_000_000, 1_000, 1e6


class ForeignEntryError(Exception):
    """The entry is not one that ocrdesk pushes; the message says why, and quotes nothing of it."""


class OwnEntry(Job):
    """An entry of a queue. Reading another one deletes it, logs it and finds no entry."""

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> Job:
        """Return the entry of this id. Raises NoSuchJobError, also where RQ's other errors would end the worker."""
        try:
            return super().fetch(id, connection=connection, serializer=serializer)
        except ValueError:
            _log.warning("an entry of the queue is not one of ocrdesk: its id is none")
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            _log.warning("an entry of the queue is not one of ocrdesk: it is no record")
        raise NoSuchJobError

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        try:
            super().restore(self._checked({_text(name): value for name, value in raw_data.items()}))
        except ForeignEntryError as error:
            self._drop(str(error))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError, zlib.error):
            self._drop("its fields cannot be read")

    def _drop(self, reason: str) -> None:
        _log.warning("an entry of the queue is not one of ocrdesk, and is deleted without running it: %s", reason)
        self.connection.delete(self.key)
        raise NoSuchJobError

    @property
    def func(self) -> Callable[..., Any]:
        name = self.func_name
        if name not in self.tasks():
            raise ForeignEntryError("another task")
        return import_attribute(str(name))

    @classmethod
    def tasks(cls) -> frozenset[str]:
        """Return the names of the tasks that are accepted."""
        raise NotImplementedError

    @classmethod
    def described(cls, name: str, arguments: list[Any]) -> str:
        """Return the description that an entry with these arguments has. Raises ForeignEntryError."""
        raise NotImplementedError

    def _checked(self, fields: dict[str, bytes]) -> dict[bytes, bytes]:
        """Return the fields that our own entries have. Raises ForeignEntryError, ValueError, TypeError."""
        data = _decompressed(fields.get("data", b""))
        name, instance, arguments, named = json.loads(data)
        if name not in self.tasks() or instance is not None or named or not isinstance(arguments, list):
            raise ForeignEntryError("it names another task")
        description = self.described(name, arguments)
        if _text(fields.get("description", b"")) != description:
            raise ForeignEntryError("its description differs from its arguments")
        kept = {"data": data, "description": description.encode(), "result_ttl": b"0"}
        kept |= {key: fields[key] for key in _TEXTS if key in fields and len(fields[key]) <= _LONGEST_TEXT}
        for key, largest in _NUMBERS.items():
            if fields.get(key):
                kept[key] = str(min(max(int(fields[key]), 0), largest)).encode()
        if "status" in kept and _text(kept["status"]) not in _STATES:
            raise ForeignEntryError("its state is none")
        if "meta" in fields:
            kept["meta"] = json.dumps(_checked_meta(json.loads(fields["meta"][:_LARGEST_DATA]))).encode()
        return {key.encode(): value for key, value in kept.items()}


class UnitEntry(OwnEntry):
    """A unit of a job's work."""

    _KINDS: ClassVar = {name: kind for kind, name in TASK_NAMES.items()}

    @classmethod
    def tasks(cls) -> frozenset[str]:
        return frozenset(cls._KINDS)

    @classmethod
    def described(cls, name: str, arguments: list[Any]) -> str:
        kind = cls._KINDS[name]
        job_id, *rest = arguments
        if not isinstance(job_id, str) or not _JOB_ID.fullmatch(job_id):
            raise ForeignEntryError("its job id is none")
        if kind is UnitKind.PAGE:
            (page,) = rest
            if type(page) is not int or not 1 <= page <= _MOST_PAGES:
                raise ForeignEntryError("its page number is none")
            return Unit(job_id, kind, page).key
        if kind is UnitKind.EXPORT:
            (export,) = rest
            if not isinstance(export, str) or not _EXPORT.fullmatch(export):
                raise ForeignEntryError("its export's name is none")
            return Unit(job_id, kind, export=export).key
        if rest:
            raise ForeignEntryError("it has more arguments")
        return Unit(job_id, kind).key


class WebhookEntry(OwnEntry):
    """A batch of webhook deliveries."""

    @classmethod
    def tasks(cls) -> frozenset[str]:
        return frozenset((WEBHOOK_TASK_NAME, "ocrdesk_worker.webhooks.tasks.deliver"))

    @classmethod
    def described(cls, name: str, arguments: list[Any]) -> str:  # noqa: ARG003
        (leases,) = arguments
        if not isinstance(leases, list) or len(leases) > _MOST_DELIVERIES:
            raise ForeignEntryError("it has no deliveries")
        for job_id, lease in leases:
            if not isinstance(job_id, str) or not _JOB_ID.fullmatch(job_id) or type(lease) is not int:
                raise ForeignEntryError("a delivery is none")
        return "webhooks"


def _checked_meta(meta: object) -> dict[str, object]:
    """Return the time limit, the request id and the owner of an entry's notes."""
    if not isinstance(meta, dict):
        raise ForeignEntryError("its notes are none")
    kept: dict[str, object] = {}
    limit_s = meta.get("limit_s")
    if isinstance(limit_s, int | float) and 0 < limit_s <= _LONGEST_LIMIT_S:
        kept["limit_s"] = limit_s
    for name in ("request_id", "owner"):
        if isinstance(text := meta.get(name), str) and len(text) <= _LONGEST_TEXT:
            kept[name] = text
    return kept


def _decompressed(data: bytes) -> bytes:
    """Return an entry's data, of which RQ compresses most. Raises ForeignEntryError if it is too long."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, _LARGEST_DATA)
    except zlib.error:
        unpacked = data
    if len(data) > _LARGEST_DATA or unpacker.unconsumed_tail:
        raise ForeignEntryError("it is too long")
    return unpacked


def _text(value: bytes) -> str:
    return value.decode("utf-8")
