"""The Python SDK: `Client` speaks the HTTP API. Synchronous, typed, free of Qt."""

from ocrdesk.client.client import Client
from ocrdesk.client.errors import (
    ApiError,
    AuthError,
    ClientError,
    JobFailed,
    NotFound,
    RateLimited,
    Rejected,
    ServerAway,
)
from ocrdesk.client.follow import Follower

__all__ = [
    "ApiError",
    "AuthError",
    "Client",
    "ClientError",
    "Follower",
    "JobFailed",
    "NotFound",
    "RateLimited",
    "Rejected",
    "ServerAway",
]
