"""Requests and answers: the names and shapes that callers rely on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ocrdesk.contract.choices import ResultFormat
from ocrdesk.contract.errors import ErrorCode
from ocrdesk.contract.jobs import EngineName, JobOptions, JobResult, SubmitAnswer
from ocrdesk.contract.states import JobState, PageState


def test_states_are_the_specifications() -> None:
    assert [state.value for state in JobState] == ["queued", "started", "finished", "failed", "cancelled"]
    assert [state.value for state in PageState] == ["queued", "started", "finished", "timeout", "failed"]


def test_error_codes_never_change() -> None:
    assert {code.value for code in ErrorCode} >= {
        "bad_request",
        "missing_file",
        "empty_file",
        "file_too_large",
        "unsupported_type",
        "unknown_option",
        "unknown_language",
        "unknown_engine",
        "unknown_format",
        "unauthorized",
        "forbidden_origin",
        "not_found",
        "not_ready",
        "method_not_allowed",
        "redis_unavailable",
        "storage_full",
        "internal",
        "encrypted_pdf",
        "corrupt_file",
        "no_pages",
        "too_many_pages",
        "image_too_large",
        "out_of_memory",
        "timeout",
        "crashed",
        "engine_failed",
        "upload_lost",
    }


def test_the_answer_to_a_submit_has_what_the_specification_names() -> None:
    answer = SubmitAnswer(job_id="1").model_dump()
    assert answer | {"job_id": "1", "message": "Job submitted successfully"} == answer


def test_options_have_defaults_and_need_a_language() -> None:
    assert JobOptions() == JobOptions(languages=("eng",), engine=EngineName.AUTO)
    with pytest.raises(ValidationError):
        JobOptions(languages=())


def test_an_unsafe_engine_name_and_an_unknown_format_are_refused() -> None:
    with pytest.raises(ValidationError):
        JobOptions(engine="../abacus")
    with pytest.raises(ValueError, match="papyrus"):
        ResultFormat("papyrus")


def test_a_result_is_read_from_the_specifications_fields_and_ours() -> None:
    result = JobResult.model_validate(
        {
            "status": "finished",
            "text": "Hi\n",
            "error": None,
            "job_id": "1",
            "file_name": "a.png",
            "created_at": "2031-01-01T00:00:00Z",
            "pages": [{"number": 1, "status": "finished"}],
            "of a later version": 1,
        }
    )
    assert (result.status, result.text, result.pages[0].status) == (JobState.FINISHED, "Hi\n", PageState.FINISHED)
