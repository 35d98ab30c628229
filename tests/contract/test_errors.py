"""Error records on the wire, from and to versions without a message as data."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from ocrdesk.contract.error_messages import ErrorMessage, error_message
from ocrdesk.contract.errors import ErrorBody, ErrorCode, ErrorInfo
from ocrdesk.contract.jobs import PageStatus

CAUSE = error_message("no_pages")
MESSAGE = error_message("page_failed", numbers="3", count=9, cause=CAUSE)


class OldErrorInfo(BaseModel):
    """The record of versions before this one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: ErrorCode
    message: str


def test_record_comes_back_from_json_with_its_message() -> None:
    info = ErrorInfo.of(ErrorCode.NO_PAGES, MESSAGE)
    assert ErrorInfo.model_validate_json(info.model_dump_json()) == info
    assert ErrorInfo(**info.model_dump(mode="json")).error_message == MESSAGE  # as page records are stored


def test_record_of_an_older_version_has_its_sentence_alone() -> None:
    old = OldErrorInfo(code=ErrorCode.NO_PAGES, message="No pages.")
    info = ErrorInfo.model_validate_json(old.model_dump_json())
    assert info.error_message == ErrorMessage("No pages.")


def test_older_version_reads_the_record() -> None:
    info = ErrorInfo.of(ErrorCode.NO_PAGES, MESSAGE)
    assert OldErrorInfo.model_validate_json(info.model_dump_json()).message == MESSAGE.text
    assert OldErrorInfo(**info.model_dump(mode="json")).code is ErrorCode.NO_PAGES


def test_record_of_a_later_version_is_read() -> None:
    later = ErrorInfo.of(ErrorCode.NO_PAGES, MESSAGE).model_dump(mode="json")
    later |= {"message_id": "of_a_later_version", "severity": 3}
    later["cause"]["severity"] = 3
    assert ErrorInfo(**later).error_message.message_id == "of_a_later_version"


def test_error_needs_a_known_code() -> None:
    with pytest.raises(ValidationError):
        ErrorInfo.model_validate({"code": "whatever", "message": "?"})


def test_body_keeps_the_fields_of_a_later_server() -> None:
    body = ErrorBody.model_validate({"error": "Busy", "detail": "Come later.", "code": "busy", "retry_after": 5})
    assert body.model_dump()["retry_after"] == 5
    assert body.error_message == ErrorMessage("Come later.")


def test_view_has_the_message_as_data() -> None:
    status = PageStatus(number=1, status="failed", error=MESSAGE.text, error_message=MESSAGE)  # type: ignore[arg-type]  # as JSON has it
    assert PageStatus.model_validate_json(status.model_dump_json()).error_message == MESSAGE
    old = {"number": 1, "status": "failed", "error": "Too slow."}
    assert PageStatus.model_validate_json(json.dumps(old)).error_message is None


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
        "wrong_password",
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
