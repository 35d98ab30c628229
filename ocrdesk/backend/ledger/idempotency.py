"""Idempotency keys."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from ocrdesk.backend import redis_keys

IDEMPOTENCY_TTL_S = 86_400
"""How long a submission is remembered under its Idempotency-Key, unless its job is gone before."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """An owner's Idempotency-Key, and the digest of what was submitted under it."""

    owner: str
    key: str
    digest: str

    @property
    def redis_key(self) -> str:
        return redis_keys.idempotency(self.owner, hashlib.sha256(self.key.encode()).hexdigest())

    def entry(self, job_id: str) -> str:
        """Return what is stored under `redis_key` once the job was accepted."""
        return json.dumps([job_id, self.digest])

    @staticmethod
    def job_of(entry: str) -> str:
        """Return the id of the job in a stored entry."""
        return str(json.loads(entry)[0])

    def known_job(self, entry: str) -> str:
        """Return the id of the job in a stored entry. Raises IdempotencyConflictError for another submission."""
        job_id, digest = json.loads(entry)
        if digest != self.digest:
            raise IdempotencyConflictError(self.key)
        return str(job_id)


class IdempotencyConflictError(Exception):
    """Something else was submitted under this Idempotency-Key."""
