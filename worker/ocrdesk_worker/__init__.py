"""Recognition: runs the tasks of jobs and delivers webhooks.

`RqWorker` is the class for `rq worker -w ocrdesk_worker.RqWorker`. It is imported when it is first used, so that the
package itself loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocrdesk_worker.processes.rq_command import RqWorker

__all__ = ["RqWorker"]


def __getattr__(name: str) -> object:
    if name == "RqWorker":
        from ocrdesk_worker.processes.rq_command import RqWorker

        return RqWorker
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
