"""What a server reports about its health, limits, engines and languages."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from ocrdesk.contract.choices import ResultFormat
from ocrdesk.contract.document import Record
from ocrdesk.contract.error_messages import ErrorMessage


class HealthFinding(Record):
    """Why a service is degraded: a sentence, and the same as data for readers that show it in another language."""

    message_id: Annotated[str | None, Field(description="Names the finding.", examples=["no_worker_alive"])] = None
    params: Annotated[
        dict[str, str | int], Field(description="The values in the sentence.", examples=[{"jobs": 3}])
    ] = {}
    message: str

    @classmethod
    def of(cls, message: ErrorMessage) -> Self:
        """Return the finding that a message describes."""
        return cls(message_id=message.message_id, params=dict(message.params), message=message.text)


class Health(Record):
    """Whether the service accepts and does work. `redis` is "connected" or says what is wrong.

    `status` is "healthy", "degraded" (jobs are accepted, and `findings` say what is wrong) or "unhealthy".
    """

    status: Annotated[str, Field(examples=["healthy"])]
    redis: Annotated[str, Field(examples=["connected"])]
    workers: int = 0
    queued: int = 0
    version: str
    findings: tuple[HealthFinding, ...] = ()


class WorkerPool(Record):
    """A live worker pool, as it describes itself."""

    name: Annotated[str, Field(examples=["scanner-2-1f0c9a7e"])]
    workers: int
    version: Annotated[str, Field(description="Of ocrdesk.")]
    engines: tuple[str, ...]
    languages: tuple[str, ...]
    sandbox: Annotated[
        tuple[str, ...] | None,
        Field(
            description="What its machine restricts for the processes that open files. Complete: `files`, `tcp`, "
            "`signals` and `system_calls`. Null from an older version.",
            examples=[["files", "tcp", "signals", "system_calls"]],
        ),
    ] = None


class WorkerPools(Record):
    """The live worker pools, by name."""

    pools: tuple[WorkerPool, ...]


class Limits(Record):
    """The limits of this server for one job. None means no limit."""

    max_file_size_bytes: int | None
    max_pages: int | None
    page_timeout_s: float
    """Seconds of processor time."""
    result_ttl_s: int


class UnavailableEngine(Record):
    """An engine that a worker has but cannot use. `reason` says why and, if known, how to fix it."""

    name: str
    reason: str


class Capabilities(Record):
    """What this server can do. `languages` and `engines` are those of the live workers.

    An engine is in both lists if only some of the workers can use it, or if two packages share its name.
    """

    version: str
    engines: tuple[str, ...]
    unavailable_engines: tuple[UnavailableEngine, ...] = ()
    languages: tuple[str, ...]
    formats: tuple[str, ...] = tuple(ResultFormat)
    media_types: tuple[str, ...]
    limits: Limits
