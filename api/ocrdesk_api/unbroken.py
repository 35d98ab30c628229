"""Steps that run to their end although their request is cancelled, as a stopping server does with slow ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

P = ParamSpec("P")
T = TypeVar("T")


class Unbroken:
    """The steps of one application that are under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The step's answer or exception, from a thread. Broken off it would be done, and its caller not know."""
        task = asyncio.create_task(run_in_threadpool(step, *args, **kwargs))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        while True:
            try:
                return await asyncio.shield(task)
            except asyncio.CancelledError:
                if task.done():
                    raise  # the task itself was cancelled: the loop ends

    async def settle(self) -> None:
        """Waits for all of them, before the loop ends."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))
            await asyncio.sleep(0)  # and lets their requests answer
