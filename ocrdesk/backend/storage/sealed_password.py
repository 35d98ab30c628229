"""Keeps the password of a PDF in two halves until the file is open.

The password is combined with random bytes. The result is in Redis, the random bytes are a blob of the job; each half
alone says nothing, not even the password's length. Deleting either makes the password unreadable, also in copies of
the other, such as Redis' log of writes.
"""

from __future__ import annotations

import base64
import secrets

from ocrdesk.backend.storage.blob_store import PASSWORD_PAD, BlobMissingError, BlobStore, put

_BLOCK_BYTES = 512
"""Both halves are so long, or a multiple of it."""


def seal(blobs: BlobStore, job_id: str, password: str) -> str:
    """Write the random half as a blob of the job, and return the other half."""
    content = password.encode()
    framed = len(content).to_bytes(4, "big") + content
    framed += bytes(-len(framed) % _BLOCK_BYTES)
    pad = secrets.token_bytes(len(framed))
    put(blobs, job_id, PASSWORD_PAD, pad)
    return base64.b64encode(_combined(framed, pad)).decode()


def unseal(blobs: BlobStore, job_id: str, sealed: str) -> str | None:
    """Return the password; None if the job's blob is gone."""
    try:
        pad = blobs.read(job_id, PASSWORD_PAD)
    except BlobMissingError:
        return None
    framed = _combined(base64.b64decode(sealed), pad)
    length = int.from_bytes(framed[:4], "big")
    return framed[4 : 4 + length].decode("utf-8", "replace")


def forget(blobs: BlobStore, job_id: str) -> None:
    """Delete the job's blob, which makes the password unreadable."""
    blobs.delete(job_id, PASSWORD_PAD)


def _combined(one: bytes, two: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, two, strict=True))
