"""The storage process answers every request, and logs what nobody expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ocrdesk.backend.storage.blob_store import BlobMissingError
from ocrdesk_worker.storage_process.server import Service


class FailingStore:
    """A bucket of which each question fails with this error."""

    survey_every_s = 1.0

    def __init__(self, error: Exception) -> None:
        self._error = error

    def exists(self, job_id: str, name: str) -> bool:
        raise self._error


def answer(error: Exception, folder: Path) -> dict[str, Any]:
    store: Any = FailingStore(error)
    return Service(store, folder).answer({"do": "exists", "job": "a", "name": "b"}, b"")[0]


def test_an_unexpected_error_is_an_answer_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert answer(RuntimeError("broken"), tmp_path) == {"error": "os", "errno": 5, "text": "RuntimeError"}
    assert "a request to the storage failed" in caplog.text


def test_an_expected_error_is_an_answer_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert answer(BlobMissingError("a/b"), tmp_path)["error"] == "missing"
    assert not caplog.text
