"""Finishes a step although its request is cancelled, as a stopping server cancels long ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

P = ParamSpec("P")
T = TypeVar("T")


async def run_shielded(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run the step in a thread and return its result, even if this task is cancelled meanwhile.

    Without this, the step would still finish in its thread, but its caller would not learn the result.
    """
    task = asyncio.create_task(run_in_threadpool(step, *args, **kwargs))
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.done():
                raise  # the task itself was cancelled: the event loop is closing
