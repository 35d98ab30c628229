"""What callers do with jobs beside waiting: ranges, repeats, retries, lists, corrections, formats."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from ocrdesk.backend.storage.blob_store import UPLOAD
from ocrdesk.contract.jobs import ResultFormat
from ocrdesk.export.formats import FORMATS
from tests.api.conftest import KEY, Api, error_code, open_http
from tests.helpers.barcode_images import code_image
from tests.helpers.processes import Backend, running_api
from tests.helpers.sample_files import image_bytes, multipage_tiff, scan_pdf, text_image, text_png
from tests.helpers.wait import wait_until

MISSING = "0f8fad5bd9cb469fa16570867728950e"


def damaged_tiff() -> bytes:
    """Three pages, of which the second is broken."""
    tiff = bytearray(multipage_tiff(["Good", "Bad", "Fine"]))
    with Image.open(io.BytesIO(tiff)) as opened:
        opened.seek(1)
        (strip, *_) = opened.tag_v2[273]  # type: ignore[attr-defined]  # a TIFF has it
    tiff[strip + 2 : strip + 400] = b"\xff" * 398
    return bytes(tiff)


@pytest.fixture(scope="module")
def done(backend: Backend) -> Iterator[tuple[Api, str]]:
    """A finished job of two pages that every test leaves as it is."""
    with open_http(backend.api, backend.token) as http:
        api = Api(http)
        job_id = api.submit(multipage_tiff(["Hello world", "Second page"]), "Ünï code.tiff")
        assert api.result(job_id)["status"] == "finished"
        yield api, job_id


# ── page ranges ──────────────────────────────────────────────────────────────────────────────────


def test_only_the_pages_that_were_asked_for_are_read(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(scan_pdf(["One", "Two", "Three", "Four"]), pages="2,4-")
    result = unlimited_api.result(job_id)
    assert (result["text"], result["page_count"]) == ("Two\n\fFour\n", 2)
    assert [page["number"] for page in result["pages"]] == [2, 4]
    assert unlimited_api.http.get(f"/ocr/jobs/{job_id}").json()["file_pages"] == 4
    assert unlimited_api.http.get(f"/ocr/jobs/{job_id}/pages/4").json()["number"] == 4
    answer = unlimited_api.http.get(f"/ocr/jobs/{job_id}/pages/1")
    assert (answer.status_code, error_code(answer)) == (404, "not_found")


def test_a_single_page_of_many_is_read_at_once_and_counts_alone_against_the_limit(api: Api) -> None:
    result = api.result(api.submit(scan_pdf(["One", "Two", "Three"]), pages="3"))  # the limit is 2
    assert (result["status"], result["text"]) == ("finished", "Three\n")


def test_ranges_beyond_the_file_fail_the_job_with_what_the_file_has(api: Api) -> None:
    result = api.result(api.submit(text_png("One"), pages="5-9"))
    assert (result["status"], result["error_code"]) == ("failed", "invalid_pages")
    assert "1 page" in result["error"]
    assert "5-9" in result["error"]


@pytest.mark.parametrize("pages", ["0", "3-1", "x", "1,,2"])
def test_what_is_no_range_is_refused(api: Api, pages: str) -> None:
    answer = api.post(text_png("One"), pages=pages)
    assert api.refusal(answer) == "invalid_pages"
    assert "1-3,7,10-" in answer.json()["detail"] or "pages count from 1" in answer.json()["detail"]


# ── repeats ──────────────────────────────────────────────────────────────────────────────────────

_numbers = itertools.count()


def once(api: Api, data: bytes, key: str, name: str = "file.png", **fields: str) -> httpx.Response:
    return api.http.post("/ocr/submit", files={"file": (name, data)}, data=fields, headers={"Idempotency-Key": key})


def test_the_same_upload_under_the_same_key_is_the_same_job(api: Api, backend: Backend) -> None:
    key = f"repeat-{next(_numbers)}"
    first, second = once(api, text_png("Once"), key), once(api, text_png("Once"), key)
    assert first.json()["job_id"] == second.json()["job_id"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    api.result(first.json()["job_id"])
    blobs = {path.name for path in backend.blobs.iterdir()}
    third = once(api, text_png("Once"), key)  # also when the job is over
    assert third.json()["job_id"] == first.json()["job_id"]
    assert {path.name for path in backend.blobs.iterdir()} == blobs


@pytest.mark.parametrize("change", [{"data": text_png("Other")}, {"name": "other.png"}, {"pages": "1"}])
def test_another_upload_under_the_same_key_is_a_conflict(api: Api, backend: Backend, change: dict[str, Any]) -> None:
    key = f"conflict-{next(_numbers)}"
    upload: dict[str, Any] = {"data": text_png("Once"), "key": key}
    assert once(api, **upload).status_code == 202
    blobs = {path.name for path in backend.blobs.iterdir()}
    answer = once(api, **upload | change)
    assert (answer.status_code, error_code(answer)) == (409, "idempotency_conflict")
    assert {path.name for path in backend.blobs.iterdir()} == blobs


def test_a_refused_upload_leaves_its_key_free(api: Api) -> None:
    key = f"refused-{next(_numbers)}"
    assert api.refusal(once(api, b"no picture", key)) == "unsupported_type"
    assert once(api, text_png("Once"), key).status_code == 202


def test_a_key_that_is_too_long_is_refused(api: Api) -> None:
    answer = once(api, text_png("Once"), "k" * 256)
    assert (answer.status_code, error_code(answer)) == (400, "bad_request")


# ── where a job stands ───────────────────────────────────────────────────────────────────────────


def test_a_submit_says_where_the_job_stands(unlimited_api: Api) -> None:
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(40)]))
    answer = unlimited_api.post(text_png("Next"))
    assert answer.json()["position"] >= 2
    assert answer.json()["estimated_seconds"] > 0
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    unlimited_api.http.delete(f"/ocr/jobs/{long}")


@pytest.fixture(scope="module")
def tight(backend: Backend) -> Iterator[Api]:
    """An api that takes few pages and bytes at a time, in front of the same workers."""
    with (
        running_api(
            REDIS_URL=backend.redis_url,
            STORAGE_URL=backend.storage_url,
            MAX_QUEUED_PAGES="10",
            MAX_QUEUED_MB="1.5",
            MAX_FILE_SIZE_MB="2",
        ) as url,
        open_http(url) as http,
    ):
        yield Api(http)


def test_more_pages_than_the_bound_are_refused_until_there_is_room(tight: Api, unlimited_api: Api) -> None:
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(60)]))
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{long}").json()["page_count"], "the pages are counted")
    answer = tight.post(text_png("No room"))
    assert (answer.status_code, error_code(answer)) == (503, "queue_full")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Retry-After"] in answer.json()["detail"]
    assert unlimited_api.post(text_png("Always")).status_code == 202  # this machine's own desktop
    unlimited_api.http.delete(f"/ocr/jobs/{long}")
    job_id = wait_until(lambda: tight.post(text_png("Room")).json().get("job_id"), "there is room again")
    assert tight.result(str(job_id))["text"] == "Room\n"


def test_more_bytes_than_the_bound_are_refused_unless_nothing_waits(tight: Api, unlimited_api: Api) -> None:
    big = text_png("Big").ljust(1_600_000, b"\0")
    job_id = wait_until(lambda: tight.post(big).json().get("job_id"), "nothing waits")
    assert tight.result(str(job_id))["text"] == "Big\n"
    long = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(5)]))
    answer = tight.post(big)
    assert (answer.status_code, error_code(answer)) == (503, "queue_full")
    unlimited_api.http.delete(f"/ocr/jobs/{long}")


# ── retry ────────────────────────────────────────────────────────────────────────────────────────


def test_a_retry_reads_the_bad_page_again_and_leaves_the_good_ones(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(damaged_tiff())
    first = unlimited_api.result(job_id)
    assert [page["status"] for page in first["pages"]] == ["finished", "failed", "finished"]
    answer = unlimited_api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, answer.json()["status"], answer.json()["pages_done"]) == (202, "started", 2)
    second = unlimited_api.result(job_id)
    assert second["text"] == first["text"]
    for before, after in zip(first["pages"], second["pages"], strict=True):
        assert (before == after) is (before["status"] == "finished")
    assert second["pages"][1]["status"] == "failed"


def test_a_cancelled_job_goes_on_where_it_was(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff([f"Page {number}" for number in range(1, 13)]))
    wait_until(lambda: unlimited_api.http.get(f"/ocr/jobs/{job_id}").json()["pages_done"], "a page is read")
    assert unlimited_api.http.post(f"/ocr/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert unlimited_api.http.post(f"/ocr/jobs/{job_id}/retry").status_code == 202
    result = unlimited_api.result(job_id)
    assert result["status"] == "finished"
    assert result["text"] == "\f".join(f"Page {number}\n" for number in range(1, 13))


def test_there_must_be_something_to_retry_and_something_to_retry_it_with(
    done: tuple[Api, str], unlimited_api: Api, backend: Backend
) -> None:
    api, job_id = done
    answer = api.http.post(f"/ocr/jobs/{job_id}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "nothing_to_retry")
    assert api.result(job_id)["status"] == "finished"
    broken = unlimited_api.submit(damaged_tiff())
    unlimited_api.result(broken)
    (backend.blobs / broken / UPLOAD).unlink()
    answer = unlimited_api.http.post(f"/ocr/jobs/{broken}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "upload_lost")
    long = unlimited_api.submit(multipage_tiff(["Page"] * 20))
    answer = unlimited_api.http.post(f"/ocr/jobs/{long}/retry")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")
    unlimited_api.http.delete(f"/ocr/jobs/{long}")


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_paged_and_filtered(backend: Backend) -> None:
    with (
        running_api(
            REDIS_URL=backend.redis_url, STORAGE_URL=backend.storage_url, API_KEY_ENABLED="1", API_KEYS=f"list-{KEY}"
        ) as url,
        open_http(url, f"list-{KEY}") as http,
    ):
        api = Api(http)
        ids = [api.submit(text_png("List"), f"Brief {number}.png") for number in range(3)]
        for job_id in ids:
            api.result(job_id)
        failed = api.submit(b"%PDF-1.4 nothing", "Rechnung.pdf")
        api.result(failed)

        def listed(**params: Any) -> list[str]:
            found: list[str] = []
            while True:
                answer = http.get("/ocr/jobs", params=params)
                assert answer.status_code == 200, answer.text
                found += [job["job_id"] for job in answer.json()["jobs"]]
                if not (cursor := answer.json()["next_cursor"]):
                    return found
                params["cursor"] = cursor

        newest_first = [failed, *reversed(ids)]
        assert listed() == listed(limit=1) == listed(limit=3) == newest_first
        assert listed(status="failed") == [failed]
        assert listed(status=["failed", "finished"], limit=2) == newest_first
        assert listed(name="BRIEF", limit=1) == newest_first[1:]
        moment = http.get(f"/ocr/jobs/{ids[1]}").json()["created_at"]
        assert listed(since=moment) == newest_first[:3]
        assert listed(until=moment) == [ids[0]]
        for wrong in ({"status": "lost"}, {"cursor": "x"}, {"since": "yesterday"}, {"limit": 0}):
            answer = http.get("/ocr/jobs", params=wrong)
            assert (answer.status_code, error_code(answer)) == (400, "bad_request"), wrong


# ── corrections ──────────────────────────────────────────────────────────────────────────────────


def corrected(api: Api, job_id: str) -> tuple[dict[str, Any], str]:
    """The Document with its first word put right, and its ETag."""
    answer = api.http.get(f"/ocr/jobs/{job_id}/document")
    document: dict[str, Any] = answer.json()
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Mended", "source": "corrected"}
    return document, answer.headers["ETag"]


def test_every_format_comes_from_the_corrected_document(unlimited_api: Api) -> None:
    api = unlimited_api
    job_id = api.submit(multipage_tiff(["Hello world", "Second page"]))
    api.result(job_id)
    assert api.http.get(f"/ocr/result/{job_id}", params={"format": "docx"}).status_code == 200  # is stale then
    document, etag = corrected(api, job_id)
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["revision"], answer.headers["ETag"]) == (200, 1, '"1"')
    assert api.result(job_id)["text"] == "Mended world\n\fSecond page\n"
    for form in ResultFormat:
        if form in (ResultFormat.PDF, ResultFormat.CSV):
            continue  # the one has a test of its own, the other only tables
        body = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value}).content
        if form is ResultFormat.DOCX:
            body = zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml")
        assert b"Mended" in body, form
        assert b"Hello" not in body, form
    page = api.http.get(f"/ocr/jobs/{job_id}/pages/1").json()
    assert page["blocks"][0]["lines"][0]["words"][0]["source"] == "corrected"


def test_words_to_check_are_counted_by_page_until_somebody_put_them_right(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff(["Hello world", "Second page"]))
    unlimited_api.result(job_id)
    document, _ = corrected(unlimited_api, job_id)
    words = document["pages"][1]["blocks"][0]["lines"][0]["words"]
    words[0] |= {"confidence": 0.5, "source": "rapid"}
    words[1] |= {"confidence": 0.89, "source": "rapid"}
    path = f"/ocr/jobs/{job_id}"
    assert unlimited_api.http.put(f"{path}/document", json=document).status_code == 200
    before = unlimited_api.http.get(f"{path}/review").json()
    assert {"number": 2, "words": 2} in before["pages"]
    assert before["revision"] == 1
    words[0] |= {"confidence": 1.0, "source": "corrected"}
    page_alone = document | {"pages": document["pages"][1:]}
    assert unlimited_api.http.put(f"{path}/document", json=page_alone).status_code == 200
    after = unlimited_api.http.get(f"{path}/review").json()
    assert {"number": 2, "words": 1} in after["pages"]
    assert (after["revision"], after["words"]) == (2, before["words"] - 1)
    assert unlimited_api.result(job_id)["text"] == "Mended world\n\fSecond page\n"


def test_what_is_not_finished_has_no_words_to_check(api: Api) -> None:
    job_id = api.submit(b"%PDF-1.4 nothing")
    api.result(job_id)
    answer = api.http.get(f"/ocr/jobs/{job_id}/review")
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")


def test_a_correction_of_an_old_revision_is_refused(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(text_png("Hello world"))
    unlimited_api.result(job_id)
    document, etag = corrected(unlimited_api, job_id)
    path = f"/ocr/jobs/{job_id}/document"
    assert unlimited_api.http.put(path, json=document, headers={"If-Match": etag}).status_code == 200
    answer = unlimited_api.http.put(path, json=document, headers={"If-Match": etag})
    assert (answer.status_code, error_code(answer)) == (412, "revision_conflict")
    assert unlimited_api.http.put(path, json=document, headers={"If-Match": "*"}).json()["revision"] == 2
    assert unlimited_api.http.put(path, json=document).json()["revision"] == 3
    answer = unlimited_api.http.put(path, json=document, headers={"If-Match": '"x"'})
    assert (answer.status_code, error_code(answer)) == (400, "bad_request")


def test_pages_that_are_left_out_stay_and_sizes_are_not_the_callers(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(multipage_tiff(["Hello world", "Second page"]))
    unlimited_api.result(job_id)
    document, _ = corrected(unlimited_api, job_id)
    width = document["pages"][0]["width"]
    document["pages"] = [document["pages"][0] | {"width": width + 500, "dpi": 1.0}]
    assert unlimited_api.http.put(f"/ocr/jobs/{job_id}/document", json=document).status_code == 200
    after = unlimited_api.http.get(f"/ocr/jobs/{job_id}/document").json()
    assert after["pages"][0]["width"] == width
    assert unlimited_api.result(job_id)["text"] == "Mended world\n\fSecond page\n"


def test_a_correction_leaves_codes_as_they_were_found(unlimited_api: Api) -> None:
    picture = text_image("Scan this", (900, 700), 60).convert("L")
    picture.paste(code_image("https://example.org/pay", "QRCode", pixels=8), (300, 250))
    job_id = unlimited_api.submit(image_bytes(picture), "code.png")
    assert unlimited_api.result(job_id)["status"] == "finished"
    path = f"/ocr/jobs/{job_id}/document"
    document = unlimited_api.http.get(path).json()
    (found,) = document["pages"][0]["codes"]
    assert (found["format"], found["text"]) == ("QRCode", "https://example.org/pay")
    document["pages"][0]["codes"] = []
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0] |= {"text": "Skan", "source": "corrected"}
    assert unlimited_api.http.put(path, json=document).status_code == 200
    after = unlimited_api.http.get(path).json()["pages"][0]
    assert after["codes"] == [found]
    assert after["blocks"][0]["lines"][0]["words"][0]["text"] == "Skan"


def outside(document: dict[str, Any]) -> None:
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0]["box"] = [0, 0, 10**6, 10]


def twice(document: dict[str, Any]) -> None:
    document["pages"] += document["pages"]


def of_another(document: dict[str, Any]) -> None:
    document["job_id"] = MISSING


def without_text(document: dict[str, Any]) -> None:
    document["pages"][0]["blocks"][0]["lines"][0]["words"][0]["text"] = ""


def beyond(document: dict[str, Any]) -> None:
    document["pages"][0]["number"] = 99


@pytest.mark.parametrize("spoil", [outside, twice, of_another, without_text, beyond])
def test_what_is_no_document_of_the_job_is_refused_and_changes_nothing(
    done: tuple[Api, str], backend: Backend, spoil: Any
) -> None:
    api, job_id = done
    document, _ = corrected(api, job_id)
    spoil(document)
    blobs = sorted(path.name for path in (backend.blobs / job_id).iterdir())
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert (answer.status_code, error_code(answer)) == (400, "invalid_document")
    assert sorted(path.name for path in (backend.blobs / job_id).iterdir()) == blobs
    assert api.http.get(f"/ocr/jobs/{job_id}").json()["revision"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"pages": 1}', b"[" * 100_000])
def test_what_is_no_json_of_a_document_is_refused(done: tuple[Api, str], body: bytes) -> None:
    api, job_id = done
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", content=body)
    assert (answer.status_code, error_code(answer)) == (400, "invalid_document")


def test_a_document_that_is_too_large_is_refused(done: tuple[Api, str]) -> None:
    api, job_id = done
    answer = api.http.put(f"/ocr/jobs/{job_id}/document", content=b" " * (16 * 2**20 + 1))
    assert (answer.status_code, error_code(answer)) == (413, "body_too_large")
    assert "16 MB" in answer.json()["detail"]


def test_only_what_is_finished_can_be_corrected(unlimited_api: Api, done: tuple[Api, str]) -> None:
    document, _ = corrected(*done)
    job_id = unlimited_api.submit(b"%PDF-1.4 nothing")
    unlimited_api.result(job_id)
    answer = unlimited_api.http.put(f"/ocr/jobs/{job_id}/document", json=document)
    assert (answer.status_code, error_code(answer)) == (409, "not_ready")


# ── formats ──────────────────────────────────────────────────────────────────────────────────────

STREAMED = [form for form, found in FORMATS.items() if not found.is_made_in_worker]


@pytest.mark.parametrize("form", ResultFormat)
def test_each_format_comes_under_its_media_type_and_name(done: tuple[Api, str], form: ResultFormat) -> None:
    if form is ResultFormat.PDF:
        pytest.skip("has a test of its own")
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value, "wait": 30})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FORMATS[form].media_type
    if form is not ResultFormat.JSON:
        assert answer.headers["content-disposition"].endswith(f"%C3%9Cn%C3%AF%20code{FORMATS[form].suffix}")
    assert (b"Hello" in answer.content) is (form not in (ResultFormat.CSV, ResultFormat.DOCX))


@pytest.mark.parametrize("form", [form for form in STREAMED if form is not ResultFormat.JSON])
def test_accept_asks_for_a_format_too(done: tuple[Api, str], form: ResultFormat) -> None:
    api, job_id = done
    kind = FORMATS[form].media_type.partition(";")[0]
    answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": f"application/zip, {kind};q=0.9"})
    assert answer.headers["content-type"] == FORMATS[form].media_type
    asked = api.http.get(f"/ocr/result/{job_id}", params={"format": form.value})
    assert answer.content == asked.content


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/json, text/plain;q=0.5",
        "text/plain;q=0.5, application/json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/zip",
        "text/plain;q=0",
        "text/plain;q=x",
        ";;,,",
    ],
)
def test_who_asks_for_nothing_in_particular_gets_the_usual_answer(done: tuple[Api, str], accept: str) -> None:
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", headers={"Accept": accept})
    assert answer.json()["status"] == "finished"


def test_the_format_parameter_beats_accept(done: tuple[Api, str]) -> None:
    api, job_id = done
    answer = api.http.get(f"/ocr/result/{job_id}", params={"format": "tsv"}, headers={"Accept": "text/plain"})
    assert answer.headers["content-type"] == FORMATS[ResultFormat.TSV].media_type


def test_lines_can_be_joined(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(text_png("First line of a paragraph\nand the second one"))
    lines = unlimited_api.result(job_id)["text"].strip().splitlines()
    params = {"format": "text", "join_lines": "true"}
    joined = unlimited_api.http.get(f"/ocr/result/{job_id}", params=params).text.strip()
    assert len(lines) == 2
    assert joined == " ".join(lines)


def test_a_format_of_a_job_without_a_result_is_not_there(unlimited_api: Api) -> None:
    job_id = unlimited_api.submit(b"%PDF-1.4 nothing")
    unlimited_api.result(job_id)
    for form in ResultFormat:
        answer = unlimited_api.http.get(f"/ocr/result/{job_id}", params={"format": form.value})
        assert (answer.status_code, error_code(answer)) == (409, "not_ready"), form
