"""Runs a step to its end although its request is cancelled, as a stopping server does with those that take too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

P = ParamSpec("P")
T = TypeVar("T")


async def run_shielded(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The step's answer or exception, from a thread. Broken off it would be done, and its caller not know."""
    task = asyncio.create_task(run_in_threadpool(step, *args, **kwargs))
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.done():
                raise  # the task itself was cancelled: the loop ends
