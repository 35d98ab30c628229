"""An upload in progress is protected for as long as its process lives, and no longer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend.ledger.cleanup import WRITING_TTL_S, Cleanup
from ocrdesk.backend.redis_keys import writing
from ocrdesk_api.submission import upload_protection
from ocrdesk_api.submission.upload_protection import protected_upload

JOB = "0a" * 16


@pytest.fixture
def redis(redis_url: str) -> Any:
    return Redis.from_url(redis_url, decode_responses=True)


def test_it_is_protected_before_the_first_byte_and_again_and_again(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_protection, "WRITING_TTL_S", 0.04)

    async def upload() -> None:
        async with protected_upload(Cleanup(redis), JOB):
            assert 0 < redis.ttl(writing(JOB)) <= WRITING_TTL_S
            redis.delete(writing(JOB))  # as if Redis had come back a little older
            async with asyncio.timeout(60):
                while not redis.exists(writing(JOB)):
                    await asyncio.sleep(0.01)
        redis.delete(writing(JOB))
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1, "nothing repeats it after the upload's end"

    asyncio.run(upload())


def test_a_failed_upload_ends_the_protection(redis: Any) -> None:
    async def upload() -> None:
        with pytest.raises(RuntimeError, match="interrupted"):
            async with protected_upload(Cleanup(redis), JOB):
                raise RuntimeError("interrupted")
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(upload())
