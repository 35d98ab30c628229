"""Turns any exception into a typed error; waits while Redis is unavailable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from ocrdesk.backend.outages.redis_errors import is_full, problem_of
from ocrdesk.backend.records import Attempt, JobRecord
from ocrdesk.backend.redis_connection import RedisFailure
from ocrdesk.backend.storage.blob_store import BlobMissingError, StorageUnavailableError
from ocrdesk.contract.error_messages import is_disk_full
from ocrdesk_worker import errors
from ocrdesk_worker.errors import ProcessingError
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.sandbox.confined_process import ConfinedProcessDiedError
from ocrdesk_worker.sandbox.programs import ProgramsNeededError
from ocrdesk_worker.waiting_redis import is_outage, repeat_while

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger(__name__)
T = TypeVar("T")

_RETRY_FOR_S = 60.0
"""How long a task process that holds a result waits for Redis, or for room on the disk."""


@contextmanager
def typed_errors(context: Context) -> Iterator[None]:
    """Turn any exception into a ProcessingError, so that none leaves a job unfinished.

    Outages of Redis and of the storage pass, because they are no error of the file: also a Redis that refuses to write,
    or is full. So do the end of a confined process, and that it needs programs.
    """
    try:
        yield
    except (ProcessingError, ConfinedProcessDiedError, ProgramsNeededError, StorageUnavailableError):
        raise
    except RedisFailure as error:
        if problem_of(error) is not None:
            raise
        _log.exception("unexpected error")
        raise errors.internal() from None
    except BlobMissingError:
        raise errors.upload_lost() from None
    except MemoryError:
        raise errors.out_of_memory(context.settings.worker_memory_mb) from None
    except OSError as error:
        if is_disk_full(error):
            raise errors.storage_full() from None
        _log.exception("unexpected error")
        raise errors.internal() from None
    except Exception:
        _log.exception("unexpected error")
        raise errors.internal() from None


@contextmanager
def errors_fail_job(context: Context, attempt: Attempt, job: JobRecord) -> Iterator[None]:
    """Do the same, and fail the job with that error."""
    try:
        with typed_errors(context):
            yield
    except ProcessingError as error:
        info = error.info
        retry_while_redis_unavailable(lambda: context.ledger.jobs.fail(job.job_id, attempt.id, info))


@contextmanager
def full_redis_fails() -> Iterator[None]:
    """Turn a full Redis into a ProcessingError, for a file that its caller can ask for again when there is room."""
    try:
        yield
    except RedisFailure as error:
        if is_full(error):
            raise errors.storage_full() from None
        raise


def retry_while_redis_unavailable(action: Callable[[], T]) -> T:
    """Repeat an action until Redis does it, for up to a minute: the result at hand cost more than the wait.

    Then it raises the error: the task process ends, and its worker hands the unit back once Redis accepts that.
    """
    return repeat_while(is_outage, action, _RETRY_FOR_S)


def retry_while_storage_unavailable(action: Callable[[], T]) -> T:
    """Do the same while Redis or the storage is unavailable, or the disk for files is full: somebody may make room."""

    def may_pass(error: Exception) -> bool:
        return is_outage(error) or is_disk_full(error) or isinstance(error, StorageUnavailableError)

    return repeat_while(may_pass, action, _RETRY_FOR_S)


def retry_while_disk_full(action: Callable[[], T]) -> T:
    """Repeat an action while the disk for files is full, for up to a minute; then it raises the error."""
    return repeat_while(is_disk_full, action, _RETRY_FOR_S)
