"""Requests and responses about jobs: the names and shapes that callers rely on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ocrdesk.contract.choices import ResultFormat
from ocrdesk.contract.jobs import EngineName, JobOptions, JobResult, SubmitAnswer
from ocrdesk.contract.states import JobState, PageState


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
