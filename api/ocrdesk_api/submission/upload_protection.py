"""Protects the blobs of a file that is being uploaded: no record refers to them until it is accepted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from ocrdesk.backend.ledger.cleanup import WRITING_TTL_S, Cleanup
from ocrdesk.backend.redis_connection import RedisFailure


@contextlib.asynccontextmanager
async def protected_upload(cleanup: Cleanup, job_id: str) -> AsyncIterator[None]:
    """Say again and again that this process writes to the job, until the block ends or the process does."""
    await run_in_threadpool(cleanup.begin_writing, job_id)
    repeating = asyncio.create_task(_repeat(cleanup, job_id))
    try:
        yield
    finally:
        repeating.cancel()
        await asyncio.wait({repeating})
        with contextlib.suppress(RedisFailure):  # it expires
            await run_in_threadpool(cleanup.end_writing, job_id)


async def _repeat(cleanup: Cleanup, job_id: str) -> None:
    while True:
        await asyncio.sleep(WRITING_TTL_S / 4)
        with contextlib.suppress(RedisFailure):  # while Redis is unavailable, nothing is removed either
            await run_in_threadpool(cleanup.begin_writing, job_id)
