"""A forged answer can lie about its own file, and about nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ocrdesk.contract.document import Page
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.media_types import MediaType
from ocrdesk.contract.states import JobState
from ocrdesk_worker import errors
from ocrdesk_worker.jobs import file_service
from ocrdesk_worker.jobs.context import Context
from ocrdesk_worker.jobs.file_answers import AnswerRefusedError, checked_file, checked_page, checked_problem
from ocrdesk_worker.sandbox.frames import Kind
from tests.helpers.sample_files import text_png
from tests.helpers.uploaded_jobs import blobs_of, read, submitted

SOURCES = ("text-layer", "tesseract")
GOOD: dict[str, Any] = {"number": 3, "width": 10, "height": 10, "source": "tesseract"}


def _with_word(**fields: object) -> dict[str, object]:
    word = {"text": "x", "box": [0, 0, 9, 9], "confidence": 0.5, "source": "text-layer"} | fields
    return {"blocks": [{"box": [0, 0, 9, 9], "lines": [{"box": [0, 0, 9, 9], "words": [word]}]}]}


def test_a_page_that_fits_is_accepted() -> None:
    for good in (GOOD, GOOD | _with_word()):
        assert checked_page(json.dumps(good).encode(), 3, SOURCES) == Page(**good)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xff",
        b"null",
        b"[" * 200_000,
        json.dumps(GOOD | {"number": 4}).encode(),
        json.dumps(GOOD | {"number": "../3"}).encode(),
        json.dumps(GOOD | {"source": "another"}).encode(),
        json.dumps(GOOD | {"source": None}).encode(),
        json.dumps(GOOD | {"source": "a:b"}).encode(),
        json.dumps(GOOD | {"width": 10**9}).encode(),
        json.dumps(GOOD | {"dpi": float("inf")}).encode(),
        json.dumps(GOOD | {"timing": {"render_s": float("nan")}}).encode(),
        json.dumps(GOOD | {"status": "queued"}).encode(),
        json.dumps(GOOD | {"status": "failed", "error": {"code": "internal", "message": "x"}}).encode(),
        json.dumps(GOOD | {"blocks": "\ud800"}).encode(),
        json.dumps(GOOD | _with_word(source="corrected")).encode(),
        json.dumps(GOOD | _with_word(box=[0, 0, 10**30, 1])).encode(),
        json.dumps(GOOD | _with_word(box=[-(10**7), 0, 1, 1])).encode(),
        json.dumps(GOOD | {"blocks": [{"box": [0, 0, 1, 10**7], "lines": []}]}).encode(),
        json.dumps(GOOD | {"codes": [{"format": "QRCode", "text": "x", "box": [0, 0, 1, 10**7]}]}).encode(),
        json.dumps(GOOD | {"source_reason": "x" * 3_000}).encode(),
        json.dumps(GOOD | {"languages": ["eng"] * 3_000}).encode(),
    ],
)
def test_any_other_page_is_refused(body: bytes) -> None:
    with pytest.raises(AnswerRefusedError):
        checked_page(body, 3, SOURCES)


@pytest.mark.parametrize(
    "error",
    [
        errors.corrupt("PDF"),
        errors.out_of_memory(2048),
        errors.pdfa_impossible(errors.no_pages().error_message),
        errors.unknown_language(["tlh"], ["eng"]),
    ],
)
def test_an_error_of_ours_stays_as_it_is(error: errors.ProcessingError) -> None:
    assert checked_problem(error.info.model_dump_json().encode()).info == error.info


@pytest.mark.parametrize(
    "body",
    [
        {"code": "internal", "message": "Call this number.", "message_id": "no_such_template"},
        {"code": "internal", "message": "Call this number."},
        {"code": "odd", "message": "x", "message_id": "no_pages"},
        {"code": "internal", "message": "x", "message_id": "corrupt_file", "params": {"kind": "x" * 5_000}},
        {"code": "internal", "message": "x", "message_id": "corrupt_file", "params": {}},
        {"code": "internal", "message": "x", "message_id": "corrupt_file", "params": {"cause": "x", "kind": "y"}},
        [],
    ],
)
def test_any_other_error_is_refused(body: object) -> None:
    with pytest.raises(AnswerRefusedError):
        checked_problem(json.dumps(body).encode())


def test_the_sentence_of_an_error_is_made_again() -> None:
    forged = {"code": "no_pages", "message": "Call this number.", "message_id": "no_pages"}
    assert "number" not in checked_problem(json.dumps(forged).encode()).info.message


def test_only_regular_files_are_taken(tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.write_bytes(b"12345")
    assert checked_file(good, 5) == good
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    os.link(good, tmp_path / "second")
    for name in ("link", "folder", "pipe", "second", "missing"):
        with pytest.raises(AnswerRefusedError):
            checked_file(tmp_path / name, 100)
    (tmp_path / "second").unlink()
    with pytest.raises(AnswerRefusedError):
        checked_file(good, 4)


@pytest.mark.parametrize(
    "forged",
    [
        (Kind.ANSWER, b'{"page_count": 1000000000}'),
        (Kind.ANSWER, b'{"page_count": "1"}'),
        (Kind.ANSWER, b'{"page_count": 1, "more": 2}'),
        (Kind.ANSWER, b"x" * (5 << 20)),
        (Kind.PAGE, json.dumps(GOOD).encode()),
        (Kind.PROBLEM, b"{}"),
        (Kind.NEEDS_PROGRAMS, b""),
    ],
    ids=range(7),
)
def test_a_forged_answer_ends_the_job_with_an_error_and_nothing_is_stored(
    work: Context, monkeypatch: pytest.MonkeyPatch, forged: tuple[Kind, bytes]
) -> None:
    service: Any = getattr(file_service, "_FileService")  # noqa: B009  # what runs in the confined process
    monkeypatch.setattr(service, "answer", lambda *_: forged)
    job = submitted(work, text_png("x"))
    before = blobs_of(work, job)
    done = read(work, job)
    assert done.error is not None
    assert (done.state, done.error.code) == (JobState.FAILED, ErrorCode.INTERNAL)
    assert blobs_of(work, job) == before
    assert job.media_type in tuple(MediaType)
