"""Pages in order, while others are still being read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocrdesk.client import (
    Client,
    EventStream,
    JobFailedError,
)
from ocrdesk.contract.jobs import JobOptions
from ocrdesk.contract.states import JobState, PageState
from tests.helpers.faulty_proxy import Cut, Relay, Says
from tests.helpers.sample_files import encrypted_pdf, image_bytes, multipage_tiff, scan_pdf, text_image


def book(pages: int) -> bytes:
    """Return a file whose first page takes far longer than the others."""
    images = [text_image("\n".join(["Many words on page one, line after line"] * 16), (1600, 1400))]
    images += [text_image(f"Page {number}") for number in range(2, pages + 1)]
    return image_bytes(images[0], "TIFF", save_all=True, append_images=images[1:], compression="tiff_adobe_deflate")


@pytest.fixture
def finished(client: Client) -> str:
    job_id = client.submit(scan_pdf(["Hello world", "Second page"]), name="scan.pdf")
    assert client.wait(job_id).status is JobState.FINISHED
    return job_id


def test_pages_come_in_their_order_while_others_are_still_being_read(client: Client) -> None:
    pages = client.recognise_pages(book(40), name="book.tif")
    first = next(pages)
    assert first.number == 1
    [job] = client.iter_jobs(name="book.tif", status=[JobState.STARTED])
    assert [page.number for page in pages] == list(range(2, 41))
    ended = [event.page for event in EventStream(client, job.job_id) if event.page]
    assert sorted(ended) == list(range(1, 41))
    assert ended[0] != 1, "the first page was meant to be slower than the second"


def test_only_the_pages_that_were_asked_for_come_under_their_numbers(client: Client) -> None:
    data = multipage_tiff([f"Page {number}" for number in range(1, 7)])
    pages = list(client.recognise_pages(data, JobOptions(pages="5-,2"), name="part.tif"))
    assert [(page.number, next(page.lines()).text) for page in pages] == [(2, "Page 2"), (5, "Page 5"), (6, "Page 6")]


def test_a_finished_jobs_pages_can_be_had_again(client: Client, finished: str) -> None:
    assert [page.number for page in client.pages(finished)] == [1, 2]


def test_pages_outlast_a_broken_connection(client: Client, relay: Relay, relayed: Client, finished: str) -> None:
    relay.failures = [Cut.HALFWAY, Cut.BEFORE, Says(503, "redis_unavailable"), Cut.AFTER]
    assert [page.number for page in relayed.pages(finished)] == [1, 2]
    assert relay.failures == []


def test_a_page_that_could_not_be_read_comes_with_its_error(client: Client) -> None:
    options = JobOptions.model_validate({"mode": "text-layer-only"})
    pages = client.recognise_pages(scan_pdf(["No text layer"]), options, name="scan.pdf")
    page = next(pages)
    assert page.status is PageState.FAILED
    assert page.error is not None
    assert page.error.code == "no_text_layer"
    with pytest.raises(JobFailedError):
        next(pages)


def test_a_file_that_cannot_be_opened_has_no_pages_but_a_reason(client: Client) -> None:
    with pytest.raises(JobFailedError, match="password") as raised:
        list(client.recognise_pages(encrypted_pdf(["Secret"]), name="secret.pdf"))
    assert raised.value.code == "encrypted_pdf"
    assert raised.value.job_id is not None
    assert client.job(raised.value.job_id).status is JobState.FAILED


def test_leaving_before_the_last_page_cancels_the_job(client: Client) -> None:
    pages = client.recognise_pages(multipage_tiff([f"Page {number}" for number in range(60)]), name="left.tif")
    next(pages)
    assert isinstance(pages, Iterator)
    pages.close()  # type: ignore[attr-defined]
    [job] = client.iter_jobs(name="left.tif")
    assert job.status is JobState.CANCELLED
