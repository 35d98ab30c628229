"""The Python SDK: `Client` speaks the HTTP API. Synchronous, typed, free of Qt."""

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
from ocrdesk.client.follow import Follower
from ocrdesk.client.patience import Patience

__all__ = [
    "ApiError",
    "AuthError",
    "CannotMake",
    "Client",
    "ClientClosed",
    "ClientError",
    "Conflict",
    "FetchedDocument",
    "Follower",
    "IdempotencyConflict",
    "JobFailed",
    "NotFound",
    "NotReady",
    "NothingToRetry",
    "Patience",
    "RateLimited",
    "Rejected",
    "RevisionConflict",
    "ServerAway",
    "ServerBusy",
    "TooLarge",
    "UploadLost",
]
