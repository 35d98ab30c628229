"""The errors that users meet: stable codes, and sentences that say what happened and what to do.

ErrorCode   the stable snake_case names, for programs
ErrorInfo   a code and its sentence, on a job or a page
ErrorBody   the one JSON body of every HTTP error
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ErrorCode(StrEnum):
    """Stable names of what can go wrong. Codes are added, never renamed."""

    # about the request
    BAD_REQUEST = "bad_request"
    MISSING_FILE = "missing_file"
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_ENGINE = "unknown_engine"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_MODE = "unknown_mode"
    INVALID_PAGES = "invalid_pages"
    INVALID_DOCUMENT = "invalid_document"
    INVALID_WEBHOOK = "invalid_webhook"
    BODY_TOO_LARGE = "body_too_large"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    FORBIDDEN_ORIGIN = "forbidden_origin"
    NOT_FOUND = "not_found"
    NOT_READY = "not_ready"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    REVISION_CONFLICT = "revision_conflict"
    NOTHING_TO_RETRY = "nothing_to_retry"
    ALREADY_REGISTERED = "already_registered"
    REGISTRATION_CLOSED = "registration_closed"
    RATE_LIMITED = "rate_limited"
    # about the service
    REDIS_UNAVAILABLE = "redis_unavailable"
    STORAGE_FULL = "storage_full"
    QUEUE_FULL = "queue_full"
    SHUTTING_DOWN = "shutting_down"
    INTERNAL = "internal"
    # about the file or a page of it
    ENCRYPTED_PDF = "encrypted_pdf"
    CORRUPT_FILE = "corrupt_file"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    IMAGE_TOO_LARGE = "image_too_large"
    OUT_OF_MEMORY = "out_of_memory"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    ENGINE_FAILED = "engine_failed"
    UPLOAD_LOST = "upload_lost"
    NO_TEXT_LAYER = "no_text_layer"
    EXPORT_FAILED = "export_failed"


class ErrorInfo(BaseModel):
    """What went wrong with a job or a page: a stable code and a sentence with the way out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: ErrorCode
    message: str


class ErrorBody(BaseModel):
    """The body of every HTTP error: a title, what happened and what to do, and a stable code."""

    model_config = ConfigDict(frozen=True, extra="allow")

    error: str
    detail: str
    code: str
