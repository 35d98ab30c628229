"""The Python SDK: `Client` calls the HTTP API. Synchronous, typed, without Qt. The guide is docs/python-sdk.md."""

from ocrdesk.client.client import Client, FetchedDocument
from ocrdesk.client.errors import (
    ApiError,
    AuthError,
    ClientClosedError,
    ClientError,
    ConflictError,
    ExportError,
    IdempotencyConflictError,
    InvalidRequestError,
    JobFailedError,
    NotFoundError,
    NothingToRetryError,
    NotReadyError,
    RateLimitedError,
    RevisionConflictError,
    ServerBusyError,
    ServerUnavailableError,
    TooLargeError,
    UploadGoneError,
)
from ocrdesk.client.event_stream import EventStream
from ocrdesk.client.retry import RetryPolicy
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.contract.jobs import EngineName, JobOptions, RecognitionMode, ResultFormat
from ocrdesk.contract.pdf_options import PdfOptions
from ocrdesk.contract.states import JobState, PageState

__all__ = [
    "ApiError",
    "AuthError",
    "Client",
    "ClientClosedError",
    "ClientError",
    "ConflictError",
    "EngineName",
    "EventStream",
    "ExportError",
    "FetchedDocument",
    "IdempotencyConflictError",
    "InvalidRequestError",
    "JobFailedError",
    "JobOptions",
    "JobState",
    "NewKey",
    "NotFoundError",
    "NotReadyError",
    "NothingToRetryError",
    "PageState",
    "PdfOptions",
    "RateLimitedError",
    "RecognitionMode",
    "ResultFormat",
    "RetryPolicy",
    "RevisionConflictError",
    "Scope",
    "ServerBusyError",
    "ServerUnavailableError",
    "TooLargeError",
    "UploadGoneError",
]
