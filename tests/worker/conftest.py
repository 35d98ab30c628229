"""The engines of this machine, created once, and what the tasks of jobs work with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk.backend.settings import Settings
from ocrdesk_worker.engines.languages.tessdata import TessData, collect
from ocrdesk_worker.engines.registry import Engines
from ocrdesk_worker.jobs import context
from ocrdesk_worker.jobs.context import Context

Save = Callable[[bytes], Path]


@pytest.fixture(scope="session")
def data() -> TessData:
    return collect()


@pytest.fixture(scope="session")
def engines(data: TessData) -> Engines:
    return Engines(data)


@pytest.fixture
def work(redis_url: str, tmp_path: Path, engines: Engines) -> Context:
    """Return a context with the ledger in Redis, and with blobs in a folder."""
    return context.make(Settings(redis_url=redis_url, storage_url=(tmp_path / "blobs").as_uri()), engines)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Return a function that saves bytes in a file whose name does not show the type."""

    def to_file(content: bytes) -> Path:
        path = tmp_path / f"blob{len(list(tmp_path.iterdir()))}"
        path.write_bytes(content)
        return path

    return to_file
