"""The Python SDK: `Client` speaks the HTTP API. Synchronous, typed, free of Qt. Its guide is docs/python-sdk.md."""

from ocrdesk.client.client import Client, FetchedDocument
from ocrdesk.client.errors import (
    ApiError,
    AuthError,
    CannotMake,
    ClientClosed,
    ClientError,
    Conflict,
    IdempotencyConflict,
    JobFailed,
    NotFound,
    NothingToRetry,
    NotReady,
    RateLimited,
    Rejected,
    RevisionConflict,
    ServerAway,
    ServerBusy,
    TooLarge,
    UploadLost,
)
from ocrdesk.client.event_stream import Follower
from ocrdesk.client.retry import Patience
from ocrdesk.contract.api_keys import NewKey, Scope
from ocrdesk.contract.jobs import EngineName, JobOptions, RecognitionMode, ResultFormat
from ocrdesk.contract.states import JobState, PageState

__all__ = [
    "ApiError",
    "AuthError",
    "CannotMake",
    "Client",
    "ClientClosed",
    "ClientError",
    "Conflict",
    "EngineName",
    "FetchedDocument",
    "Follower",
    "IdempotencyConflict",
    "JobFailed",
    "JobOptions",
    "JobState",
    "NewKey",
    "NotFound",
    "NotReady",
    "NothingToRetry",
    "PageState",
    "Patience",
    "RateLimited",
    "RecognitionMode",
    "Rejected",
    "ResultFormat",
    "RevisionConflict",
    "Scope",
    "ServerAway",
    "ServerBusy",
    "TooLarge",
    "UploadLost",
]
