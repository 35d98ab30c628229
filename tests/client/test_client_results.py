"""Results: pages while others are being read, files in every format, corrections, and missing results."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from ocrdesk.client import (
    Client,
    ExportError,
    InvalidRequestError,
    JobFailedError,
    NotFoundError,
    NothingToRetryError,
    NotReadyError,
    RevisionConflictError,
    UploadGoneError,
)
from ocrdesk.contract.document import Document, Source, Word
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.contract.states import JobState
from tests.client.conftest import SkippingClock
from tests.helpers.faulty_proxy import Relay, Says
from tests.helpers.processes import Backend
from tests.helpers.sample_files import encrypted_pdf, multipage_tiff, scan_pdf, text_png
from tests.helpers.sample_pdfs import PROSE, pdf_with_header_and_footer
from tests.helpers.wait import wait_until

FORMATS = [form.value for form in ResultFormat]


@pytest.fixture
def finished(client: Client) -> str:
    job_id = client.submit(scan_pdf(["Hello world", "Second page"]), name="scan.pdf")
    assert client.wait(job_id).status is JobState.FINISHED
    return job_id


_BEGINS = {
    "text": b"Hello world\n",
    "json": b'{"schema_version": 1,',
    "hocr": b"<?xml",
    "alto": b"<?xml",
    "tsv": b"level\tpage_num",
    "md": b"Hello world",
    "csv": b"",
    "html": b"<!DOCTYPE html>",
    "docx": b"PK",
    "odt": b"PK",
    "epub": b"PK",
    "xlsx": b"PK",
    "pdf": b"%PDF-",
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_had_and_saved(client: Client, finished: str, form: str, tmp_path: Path) -> None:
    data = client.export(finished, form)
    assert data.startswith(_BEGINS[form])
    path = tmp_path / f"result.{form}"
    client.save(finished, form, path)
    assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_the_formats_are_those_the_server_names(client: Client) -> None:
    assert set(client.capabilities().formats) == set(FORMATS) == set(_BEGINS)


def test_an_unknown_format_is_refused_by_name(client: Client, finished: str) -> None:
    with pytest.raises(InvalidRequestError, match="papyrus"):
        client.export(finished, "papyrus")


def test_lines_can_be_joined_to_paragraphs(client: Client) -> None:
    job_id = client.submit(text_png("A word that is hyphen-\nated at the end"), name="a.png")
    client.wait(job_id)
    assert client.export(job_id, "text", join_lines=True) == b"A word that is hyphenated at the end\n"


def test_headers_and_footers_can_be_omitted(client: Client, tmp_path: Path) -> None:
    job_id = client.submit(pdf_with_header_and_footer(), name="book.pdf")
    client.wait(job_id)
    body = "\n".join(PROSE * 4) + "\n"
    assert client.export(job_id, "text").decode() == f"The Old Bridge\n\n{body}\nPage 4 of 12\n"
    assert client.export(job_id, "text", omit_headers_footers=True).decode() == body
    client.save(job_id, "text", tmp_path / "one.txt", join_lines=True, omit_headers_footers=True)
    assert (tmp_path / "one.txt").read_text() == " ".join(PROSE * 4) + "\n"


def test_the_old_name_for_omitting_headers_and_footers_still_works_and_warns(client: Client, tmp_path: Path) -> None:
    job_id = client.submit(pdf_with_header_and_footer(), name="book.pdf")
    client.wait(job_id)
    body = "\n".join(PROSE * 4) + "\n"
    with pytest.warns(DeprecationWarning, match="omit_headers_footers"):
        assert client.export(job_id, "text", without_furniture=True).decode() == body
    with pytest.warns(DeprecationWarning, match="omit_headers_footers"):
        client.save(job_id, "text", tmp_path / "one.txt", without_furniture=True)
    assert (tmp_path / "one.txt").read_text() == body


def test_older_servers_are_asked_to_omit_headers_and_footers_by_their_name(
    relay: Relay, relayed: Client, finished: str
) -> None:
    relayed.export(finished, "text", omit_headers_footers=True)
    assert "omit_headers_footers=true&without_furniture=true" in relay.seen[-1].path
    relayed.export(finished, "text")
    assert "omit" not in relay.seen[-1].path


def test_the_documents_json_is_the_document(client: Client, finished: str) -> None:
    assert Document.model_validate_json(client.export(finished, "json")).pages == client.document(finished).pages


def test_a_pages_picture_can_be_had(client: Client, finished: str) -> None:
    with Image.open(io.BytesIO(client.page_image(finished, 2, width=500))) as picture:
        assert picture.width >= 500
        page = client.page(finished, 2)
        assert picture.width / picture.height == pytest.approx(page.width / page.height, rel=0.01)


def test_a_job_that_is_under_way_is_waited_for(client: Client, tmp_path: Path) -> None:
    for form in ("text", "pdf"):
        job_id = client.submit(multipage_tiff([f"Page {number}" for number in range(1, 9)]), name="soon.tif")
        client.save(job_id, form, tmp_path / form)
    assert (tmp_path / "text").read_text() == "\n\f".join(f"Page {number}" for number in range(1, 9)) + "\n"
    assert (tmp_path / "pdf").read_bytes().startswith(b"%PDF-")


def test_without_waiting_an_unfinished_job_has_no_result(client: Client, tmp_path: Path) -> None:
    job_id = client.submit(multipage_tiff([f"Page {number}" for number in range(60)]), name="long.tif")
    path = tmp_path / "out"
    for call in (
        lambda: client.document(job_id),
        lambda: client.export(job_id, "text", wait_s=0),
        lambda: client.export(job_id, "pdf", wait_s=0),
        lambda: client.save(job_id, "docx", path, wait_s=0),
        lambda: client.page(job_id, 60),
        lambda: client.retry(job_id),
    ):
        with pytest.raises(NotReadyError) as raised:
            call()
        assert (raised.value.status, raised.value.code) == (409, "not_ready")
    assert not path.exists()
    client.cancel(job_id)


def test_a_file_that_is_being_made_is_waited_for(
    relay: Relay, relayed: Client, clock: SkippingClock, finished: str
) -> None:
    relay.failures = [Says(409, "not_ready", 2), Says(409, "not_ready", 2)]
    assert relayed.export(finished, "pdf").startswith(b"%PDF-")
    assert len(clock.waits) == 2


def test_a_call_that_does_not_wait_raises_not_ready(relay: Relay, relayed: Client, finished: str) -> None:
    relay.always = Says(409, "not_ready", 2)
    with pytest.raises(NotReadyError) as raised:
        relayed.export(finished, "pdf", wait_s=0)
    assert raised.value.retry_after_s == 2
    assert len(relay.seen) == 1
    with pytest.raises(NotReadyError):
        relayed.page_image(finished, 1, wait_s=9)
    assert len(relay.seen) > 2


def test_a_job_without_a_result_is_not_waited_for(client: Client) -> None:
    job_id = client.submit(encrypted_pdf(["Secret"]), name="secret.pdf")
    client.wait(job_id)
    with pytest.raises(NotReadyError, match="password") as raised:
        client.export(job_id, "text")
    assert raised.value.retry_after_s is None


def test_exports_that_need_a_deleted_upload_are_refused(client: Client, backend: Backend, finished: str) -> None:
    (backend.blobs / finished / "upload").unlink()
    for form in ("pdf", "docx"):
        with pytest.raises(UploadGoneError):
            client.export(finished, form)
    assert client.export(finished, "text")


def test_a_file_that_cannot_be_made_says_why(client: Client, backend: Backend, finished: str) -> None:
    (backend.blobs / finished / "upload").write_bytes(b"%PDF-1.4 and then nothing")
    with pytest.raises(ExportError) as raised:
        client.export(finished, "pdf")
    assert (raised.value.status, raised.value.code) == (422, "export_failed")
    assert str(raised.value)


def test_a_job_of_which_every_page_was_read_has_nothing_to_retry(client: Client, finished: str) -> None:
    with pytest.raises(NothingToRetryError):
        client.retry(finished)


def test_a_cancelled_jobs_other_pages_are_read_by_a_retry(client: Client) -> None:
    job_id = client.submit(multipage_tiff([f"Page {number}" for number in range(1, 31)]), name="retry.tif")
    pages = client.pages(job_id)
    assert next(pages).number == 1
    client.cancel(job_id)
    with pytest.raises(JobFailedError):
        list(pages)
    done = wait_until(lambda: client.job(job_id).pages_done, "a page that was read")
    assert done < 30
    assert not client.retry(job_id).status.is_final
    assert client.wait(job_id).status is JobState.FINISHED
    assert [page.number for page in client.pages(job_id)] == list(range(1, 31))


def corrected(document: Document, text: str) -> dict[str, object]:
    """Return the update that corrects the first page's first line."""
    page = document.pages[0]
    block = page.blocks[0]
    line = block.lines[0]
    word = Word(text=text, box=line.box, confidence=1.0, source=Source.CORRECTED)
    line = line.model_copy(update={"words": (word,)})
    block = block.model_copy(update={"lines": (line, *block.lines[1:])})
    page = page.model_copy(update={"blocks": (block, *page.blocks[1:])})
    return {"pages": (page,)}


def test_every_format_comes_from_the_corrected_document(client: Client, finished: str) -> None:
    document = client.document(finished)
    assert document.revision == 0
    job = client.correct(document.model_copy(update=corrected(document, "Goodbye")))
    assert job.revision == 1
    for form in ("text", "md", "hocr", "alto", "tsv", "json"):
        assert b"Goodbye" in client.export(finished, form)
    assert client.export(finished, "text") == b"Goodbye\n\fSecond page\n", "a page that is left out stays"
    assert client.document(finished).revision == 1


def test_words_to_check_are_counted_and_one_page_alone_can_be_sent(client: Client, finished: str) -> None:
    document = client.document(finished)
    doubtful = document.with_words(lambda word: word.model_copy(update={"confidence": 0.5, "source": Source.RAPID}))
    client.correct(doubtful)
    counts = [(page.number, sum(1 for _ in page.words())) for page in document.pages]
    found = client.review(finished)
    assert (found.revision, [(page.number, page.words) for page in found.pages]) == (1, counts)
    assert found.words == sum(count for _, count in counts)
    mended = doubtful.with_words(lambda word: word.corrected("right"))
    client.correct(document.model_copy(update={"pages": mended.pages[:1]}), if_revision=1)
    assert [page.number for page in client.review(finished).pages] == [number for number, _ in counts[1:]]


def test_of_two_corrections_of_one_revision_the_second_is_refused(client: Client, finished: str) -> None:
    mine, theirs = client.document(finished), client.document(finished)
    client.correct(theirs.model_copy(update=corrected(theirs, "Theirs")))
    update = corrected(mine, "Mine")
    with pytest.raises(RevisionConflictError) as raised:
        client.correct(mine.model_copy(update=update))
    assert (raised.value.status, raised.value.code) == (412, "revision_conflict")
    assert client.wait(finished).text == "Theirs\n\fSecond page\n"
    with pytest.raises(RevisionConflictError):
        client.correct(mine.model_copy(update=update), if_revision=7)
    client.correct(mine.model_copy(update=update), if_revision=1)
    client.correct(mine.model_copy(update=corrected(mine, "Last")), overwrite=True)
    assert client.wait(finished).text == "Last\n\fSecond page\n"


def test_a_document_that_was_put_away_can_be_sent_with_its_revision(client: Client, finished: str) -> None:
    kept = client.document(finished).model_dump_json()
    document = Document.model_validate_json(kept)
    client.correct(document.model_copy(update=corrected(document, "Once")), if_revision=0)
    with pytest.raises(RevisionConflictError):
        client.correct(document, if_revision=0)


def test_a_correction_of_a_wrong_or_unfinished_result_is_refused(client: Client, finished: str) -> None:
    document = client.document(finished)
    with pytest.raises(NotFoundError):
        client.correct(document.model_copy(update={"job_id": "0f8fad5bd9cb469fa16570867728950e"}))
    with pytest.raises(InvalidRequestError):
        client.correct(document.model_copy(update={"pages": (document.pages[0].model_copy(update={"number": 9}),)}))
    running = client.submit(multipage_tiff([f"Page {number}" for number in range(60)]), name="long.tif")
    with pytest.raises(NotReadyError):
        client.correct(document.model_copy(update={"job_id": running}))
    client.cancel(running)
