"""A shielded step finishes although its request is cancelled."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ocrdesk_api.shielded import run_shielded


def test_a_cancelled_request_gets_the_result_of_its_shielded_step() -> None:
    async def go() -> str:
        may_end = threading.Event()

        def step() -> str:
            assert may_end.wait(30)
            return "done"

        request = asyncio.create_task(run_shielded(step))
        for _ in range(3):
            await asyncio.sleep(0)
            request.cancel()
        may_end.set()
        return await request

    assert asyncio.run(go()) == "done"


def test_a_shielded_steps_exception_reaches_its_request() -> None:
    async def go() -> None:
        def step() -> None:
            raise ValueError("no")

        await run_shielded(step)

    with pytest.raises(ValueError, match="no"):
        asyncio.run(go())
