"""Check keys, and answer questions about them."""

from __future__ import annotations

from ocrdesk.client import AuthError, Client
from tests.desktop.conftest import Desktop
from tests.helpers import questions


def agree(desktop: Desktop) -> None:
    """Wait for a question, and agree to it."""
    desktop.wait(lambda: questions.question() is not None)
    questions.agree()


def works(url: str, key: str) -> bool:
    """Return whether the server accepts the key."""
    with Client(url, key, retry_policy=0) as client:
        try:
            client.stats()
        except AuthError:
            return False
        return True
