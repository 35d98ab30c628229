"""Error codes, and the error records sent over the wire.

ErrorCode   the stable snake_case names, for programs
ErrorInfo   a code and its message, on a job, a page or an export
ErrorBody   the JSON body of every HTTP error

The message is on the wire twice: as an English sentence, and as data (see `error_messages`) for readers that show it in
another language. The data is optional: older servers and workers send the sentence alone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from ocrdesk.contract.error_messages import ErrorMessage


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
    HEADERS_TOO_LARGE = "headers_too_large"
    REQUEST_TIMEOUT = "request_timeout"
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
    STORAGE_UNAVAILABLE = "storage_unavailable"
    QUEUE_FULL = "queue_full"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    NO_WORKER_ALIVE = "no_worker_alive"
    SHUTTING_DOWN = "shutting_down"
    INTERNAL = "internal"
    # about the file or a page of it
    ENCRYPTED_PDF = "encrypted_pdf"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a code, not a password
    SIGNED_PDF = "signed_pdf"
    PDFA_IMPOSSIBLE = "pdfa_impossible"
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


_MessageId = Annotated[
    str | None, Field(description="Names the template of the sentence; null where it has none.", examples=["no_pages"])
]
_Params = Annotated[
    dict[str, str | int], Field(description="What the template's fields are filled with.", examples=[{}])
]
_Cause = Annotated[
    ErrorMessage | None, Field(description="The message in the parameter `reason`, as data; null: none.")
]


class ErrorInfo(BaseModel):
    """What went wrong with a job or a page: a stable code, and a sentence that says what to do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: ErrorCode
    message: str
    message_id: _MessageId = None
    params: _Params = {}
    cause: _Cause = None

    @classmethod
    def of(cls, code: ErrorCode, message: ErrorMessage) -> Self:
        """Return the record of a code and a message."""
        return cls(
            code=code,
            message=message.text,
            message_id=message.message_id,
            params=dict(message.params),
            cause=message.cause,
        )

    @property
    def error_message(self) -> ErrorMessage:
        """The message as data."""
        return ErrorMessage(self.message, self.message_id, self.params, self.cause)


class ErrorBody(BaseModel):
    """The body of every HTTP error: a title, a sentence that says what to do, and a stable code."""

    model_config = ConfigDict(frozen=True, extra="allow")

    error: str
    detail: str
    code: str
    message_id: _MessageId = None
    params: _Params = {}
    cause: _Cause = None

    @property
    def error_message(self) -> ErrorMessage:
        """The message as data."""
        return ErrorMessage(self.detail, self.message_id, self.params, self.cause)
