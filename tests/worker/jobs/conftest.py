"""What the tasks of jobs work with: the ledger in Redis, and blobs in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context


@pytest.fixture
def work(redis_url: str, tmp_path: Path, engines: Engines) -> Context:
    return context.make(Settings(redis_url=redis_url, storage_url=(tmp_path / "blobs").as_uri()), engines)
