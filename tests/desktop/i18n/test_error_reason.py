"""Reasons of failures: an operating system's by its number, a message by its template, anything else by its text."""

from __future__ import annotations

import errno

import pytest
from pytestqt.qtbot import QtBot

from ocrdesk.client import ServerUnavailableError
from ocrdesk.contract.error_messages import error_message
from ocrdesk.desktop.i18n.error_reason import short_reason
from ocrdesk.desktop.library.records import LibraryError
from tests.desktop.i18n.test_error_messages import german

__all__ = ["german"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "Kein Platz", "/secret/path"), "no space left on the device"),
        (PermissionError(errno.EACCES, "whatever the system's language is", "/p"), "permission denied"),
        (OSError(errno.EPROTO, "Protocol error"), "Protocol error"),
        (OSError("the image is damaged"), "the image is damaged"),
        (ValueError("a plain reason"), "a plain reason"),
        (ValueError(), "ValueError"),
        (LibraryError(error_message("library_locked")), error_message("library_locked").text),
    ],
)
def test_reason_names_what_happened_without_a_path(qtbot: QtBot, error: Exception, reason: str) -> None:
    assert short_reason(error) == reason


def test_reasons_are_translated(german: None) -> None:  # the fixture of that name
    assert short_reason(OSError(errno.ENOSPC, "No space left on device")) == "auf dem Datenträger ist kein Platz mehr"
    assert short_reason(LibraryError(error_message("library_locked"))).startswith("Ein anderes Fenster")
    unreachable = ServerUnavailableError(error_message("server_unreachable", address="http://a"))
    assert short_reason(unreachable).startswith("Unter http://a antwortet kein Server.")
