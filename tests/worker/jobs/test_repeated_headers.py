"""Headers that the pages of a job have in common are marked in the stored pages, whichever page ends last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from ocrdesk.backend import redis_keys
from ocrdesk.backend.records import JobRecord, Limits
from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk.backend.storage.page_results import pack
from ocrdesk.contract.document import BlockKind, Page
from ocrdesk.contract.states import JobState, PageState
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.page_work import close_job
from ocrdesk_worker.jobs.repeated_headers import mark_as_near_pages, mark_before_closing
from tests.helpers.ledger_jobs import new_attempt, page_unit, planned, stored
from tests.layout.headers.test_running_rows import book

COUNT = 5
HEADER = "Waterworks Report"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Any]:
    client = Redis.from_url(redis_url, decode_responses=True)
    yield client
    client.close()


@pytest.fixture
def pages() -> list[Page]:
    return book(COUNT, lambda _: HEADER)


@pytest.fixture
def job(work: Context) -> JobRecord:
    """A job of which no page was read yet."""
    return stored(work.ledger, planned(work.ledger, COUNT, inflight_limit=COUNT))


def commit(work: Context, job: JobRecord, pages: Sequence[Page], *, with_edges: bool = True) -> str:
    """Commit these pages as a task does, one after the other; return the id of the last attempt."""
    for page in pages:
        attempt = new_attempt()
        assert work.ledger.leases.claim(page_unit(job, page.number), attempt)
        marked, edges = mark_as_near_pages(work, job, page) if with_edges else (page, None)
        blob = f"page-{page.number}-{attempt.id}"
        work.page_results.write_page(job.job_id, blob, pack(marked))
        done = work.ledger.pages.commit(
            job.job_id,
            page.number,
            attempt.id,
            PageState.FINISHED,
            inflight_limit=COUNT,
            blob=blob,
            edges=edges,
            continue_as=attempt,
        )
        assert done is not None
    return attempt.id


def close(work: Context, job: JobRecord, attempt_id: str) -> None:
    close_job(work, replace(new_attempt(), id=attempt_id), stored(work.ledger, job))
    assert stored(work.ledger, job).state is JobState.FINISHED


def stored_pages(work: Context, job: JobRecord) -> list[Page]:
    records = work.ledger.pages.of_job(stored(work.ledger, job))
    return [work.page_results.read_page(job.job_id, record.blob or "") for record in records]


def marked(pages: Sequence[Page]) -> list[int]:
    """Return the numbers of the pages with a header."""
    return [page.number for page in pages if page.blocks and page.blocks[0].kind is BlockKind.HEADER]


def test_pages_read_later_are_marked_at_once_and_the_first_ones_in_the_end(
    work: Context, job: JobRecord, pages: list[Page]
) -> None:
    last = commit(work, job, pages)
    assert marked(stored_pages(work, job)) == [3, 4, 5]
    close(work, job, last)
    assert marked(stored_pages(work, job)) == [1, 2, 3, 4, 5]


def test_the_order_in_which_pages_end_does_not_matter(work: Context, job: JobRecord, pages: list[Page]) -> None:
    close(work, job, commit(work, job, [pages[at] for at in (4, 1, 0, 3, 2)]))
    backwards = stored_pages(work, job)
    other = stored(work.ledger, planned(work.ledger, COUNT, inflight_limit=COUNT))
    close(work, other, commit(work, other, pages))
    assert stored_pages(work, other) == backwards


def test_pages_of_an_older_version_are_read_again(work: Context, job: JobRecord, pages: list[Page]) -> None:
    close(work, job, commit(work, job, pages, with_edges=False))
    assert marked(stored_pages(work, job)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "damage", ["x", "[7, [], []]", "[" * 5000, '[1, [["a", [1e999], 1, 1, true, true, true]], []]']
)
def test_damaged_edges_are_made_again(
    work: Context, job: JobRecord, pages: list[Page], redis: Any, damage: str
) -> None:
    last = commit(work, job, pages)
    redis.hset(redis_keys.page_edges(job.job_id), mapping={"1": damage, "x": damage})
    close(work, job, last)
    assert marked(stored_pages(work, job)) == [1, 2, 3, 4, 5]


def test_a_key_of_another_type_does_no_harm(work: Context, job: JobRecord, pages: list[Page], redis: Any) -> None:
    redis.set(redis_keys.page_edges(job.job_id), "x")
    close(work, job, commit(work, job, pages))
    assert marked(stored_pages(work, job)) == [1, 2, 3, 4, 5]


def test_nothing_is_left_of_the_edges_and_the_pages_that_were_replaced_are_removed_later(
    work: Context, job: JobRecord, pages: list[Page], redis: Any
) -> None:
    last = commit(work, job, pages)
    before = {record.number: record.blob for record in work.ledger.pages.of_job(stored(work.ledger, job))}
    close(work, job, last)
    assert not redis.exists(redis_keys.page_edges(job.job_id))
    for number in (1, 2):
        for name in (before[number], f"{before[number]}.txt"):
            assert redis.zscore(redis_keys.CLEANUP, f"{job.job_id}/{name}") is not None
    assert work.ledger.pages.get(job.job_id, 3).blob == before[3]


def test_the_text_of_the_job_is_that_of_the_marked_pages(work: Context, job: JobRecord) -> None:
    pages = book(COUNT, lambda _: "")
    for at, page in enumerate(pages):
        (body,) = page.blocks
        header = book(1, lambda _: HEADER)[0].blocks[0]
        pages[at] = page.model_copy(update={"blocks": (body.with_lines((*header.lines, *body.lines)),)})
    close(work, job, commit(work, job, pages))
    texts = work.page_results.read_text(job.job_id, 0).split("\f")
    assert [text.startswith(f"{HEADER}\n\n") for text in texts] == [True] * COUNT


def test_an_attempt_that_was_given_up_changes_nothing(work: Context, job: JobRecord, pages: list[Page]) -> None:
    commit(work, job, pages)
    records = work.ledger.pages.of_job(stored(work.ledger, job))
    assert mark_before_closing(work, new_attempt(), stored(work.ledger, job), records) == records
    assert work.ledger.pages.of_job(stored(work.ledger, job)) == records


def test_a_lost_page_is_reported_and_a_damaged_one_left_alone(work: Context, job: JobRecord, pages: list[Page]) -> None:
    commit(work, job, pages)
    records = work.ledger.pages.of_job(stored(work.ledger, job))
    work.blobs.delete(job.job_id, records[0].blob or "")
    with pytest.raises(BlobMissingError):
        mark_before_closing(work, new_attempt(), job, records)
    damaged = pack(pages[0])
    work.page_results.write_page(job.job_id, records[0].blob or "", type(damaged)(b"no gzip", damaged.text))
    assert mark_before_closing(work, new_attempt(), job, records)[0] == records[0]


def test_a_job_without_time_for_it_keeps_its_pages(work: Context, job: JobRecord, pages: list[Page]) -> None:
    commit(work, job, pages)
    hurried = replace(job, limits=Limits(max_pages=None, page_timeout_s=-1))
    records = work.ledger.pages.of_job(stored(work.ledger, job))
    assert mark_before_closing(work, new_attempt(), hurried, records) == records


def test_a_single_page_has_no_others(work: Context) -> None:
    one = stored(work.ledger, planned(work.ledger, 1))
    (page,) = book(1, lambda _: HEADER)
    assert mark_as_near_pages(work, one, page) == (page, None)
