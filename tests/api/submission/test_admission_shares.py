"""One caller's work neither uses up the room of the others nor their workers' time."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from ocrdesk.backend.ledger.ledger import Ledger
from ocrdesk.backend.limits.uploads import UploadsAhead
from ocrdesk.backend.limits.work_time import WINDOW_S
from ocrdesk.backend.records import NodeInfo
from ocrdesk.backend.services import Services
from ocrdesk.backend.settings import Settings
from ocrdesk_api.access.authentication import CallerKind, Principal
from ocrdesk_api.errors import HttpError
from ocrdesk_api.submission.admission import admit, admit_export
from tests.helpers.ledger_jobs import created, finished

ANN, BOB = Principal("ann", CallerKind.STATIC), Principal("bob", CallerKind.STATIC)


@pytest.fixture
def services(redis_url: str) -> Services:
    return opened(redis_url, max_queued_pages=10)


def opened(redis_url: str, **settings: Any) -> Services:
    return Services.open(Settings(redis_url=redis_url, **settings))


def refusal(
    services: Services, caller: Principal, ahead: UploadsAhead | None = None, size_bytes: int = 0
) -> HttpError | None:
    try:
        admit(services, caller, size_bytes, ahead or UploadsAhead())
    except HttpError as error:
        return error
    return None


def retry_after(error: HttpError | None) -> int:
    assert error is not None
    assert error.headers is not None
    return int(error.headers["Retry-After"])


def test_a_caller_for_whom_nothing_waits_is_accepted_although_another_fills_the_queue(services: Services) -> None:
    for _ in range(10):
        created(services.ledger, "ann")
    error = refusal(services, ANN)
    assert error is not None
    assert (error.status, error.body.code) == (503, "queue_full")
    assert refusal(services, BOB) is None
    created(services.ledger, "bob")
    assert refusal(services, BOB) is not None
    for _ in range(10):
        created(services.ledger, "eve")
    assert refusal(services, Principal("zoe")) is not None, "twice the limit is the end"


def test_retry_after_grows_with_refusals_and_begins_again(services: Services) -> None:
    jobs = [created(services.ledger, "ann") for _ in range(10)]
    waits = [retry_after(refusal(services, ANN)) for _ in range(5)]
    assert waits[0] * 4 < waits[4]
    for job in jobs[:3]:
        services.ledger.jobs.delete(job.job_id)
    assert refusal(services, ANN) is None
    for _ in range(3):
        created(services.ledger, "ann")
    assert retry_after(refusal(services, ANN)) < waits[4]


def test_export_files_count_as_waiting_work(services: Services) -> None:
    ledger = services.ledger
    ledger.shares.repair(1)
    job = finished(ledger)
    names = [f"image_1_{width}" for width in range(13)]
    for name in names:
        admit_export(services, job, name)
        ledger.exports.request(job.job_id, name, 60)
    assert ledger.backlog.load().exports == 10, "the others have a place"
    with pytest.raises(HttpError) as raised:
        admit_export(services, job, "pdf")
    assert raised.value.body.code == "queue_full"
    admit_export(services, job, names[-1])  # it was accepted before
    assert refusal(services, Principal(job.owner)) is not None
    assert refusal(services, BOB) is None
    job = created(ledger, "bob")
    with pytest.raises(HttpError):
        admit_export(services, job, "pdf")


def test_uploads_that_begin_together_count_before_their_jobs_exist(services: Services) -> None:
    with contextlib.ExitStack() as uploads:

        def is_accepted(caller: Principal) -> bool:
            ahead = uploads.enter_context(services.uploads.begun(caller.owner, 100))
            return refusal(services, caller, ahead) is None

        assert [is_accepted(ANN) for _ in range(12)] == [True] * 10 + [False] * 2
        assert is_accepted(BOB), "nothing of this caller waits"
        assert not is_accepted(BOB)
    assert refusal(services, ANN) is None


def test_a_caller_cannot_fill_the_storage_with_simultaneous_uploads(redis_url: str) -> None:
    services = opened(redis_url, max_queued_pages=0, max_queued_seconds=0, max_queued_mb=1)
    with services.uploads.begun("ann", 700_000), services.uploads.begun("ann", 700_000) as ahead:
        assert refusal(services, ANN, ahead, 700_000) is not None
        with services.uploads.begun("bob", 700_000) as bobs:
            assert refusal(services, BOB, bobs, 700_000) is None


def test_more_expected_seconds_than_the_limit_are_refused(redis_url: str) -> None:
    services = opened(redis_url, max_queued_pages=0, max_queued_seconds=9)
    for _ in range(5):  # two seconds each, while no page was measured
        assert refusal(services, ANN) is None
        created(services.ledger, "ann")
    assert refusal(services, ANN) is not None
    services.ledger.nodes.heartbeat(NodeInfo("node", 4, ("tesseract",), ("eng",), "1.0"))
    assert refusal(services, ANN) is None, "four workers need a quarter of the time"


def test_a_caller_who_used_the_workers_for_too_long_is_refused_only_while_others_wait(services: Services) -> None:
    ledger = services.ledger
    created(ledger, "ann")
    ledger.work_time.add("ann", 0.6 * WINDOW_S)
    assert refusal(services, ANN) is None
    created(ledger, "bob")
    error = refusal(services, ANN)
    assert error is not None
    assert (error.status, error.body.code, error.body.message_id) == (429, "rate_limited", "caller_work_limit")
    assert retry_after(error) >= 1
    assert refusal(services, BOB) is None
    ledger.nodes.heartbeat(NodeInfo("node", 2, ("tesseract",), ("eng",), "1.0"))
    assert refusal(services, ANN) is None, "it is less than half of two workers' time"


def test_the_share_can_be_set_and_switched_off(redis_url: str) -> None:
    ledger: Ledger = opened(redis_url).ledger
    created(ledger, "bob")
    ledger.work_time.add("ann", 0.3 * WINDOW_S)
    assert refusal(opened(redis_url, worker_time_share=0.2), ANN) is not None
    assert refusal(opened(redis_url, worker_time_share=1), ANN) is None
