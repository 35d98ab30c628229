"""Fixtures that several parts of the suite share: one Valkey, one server, the corpus."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.helpers.processes import Backend, run_valkey, running_backend, short_folder

pytest_plugins = ["tests.helpers.time_limits"]

_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what is loaded to find the tests: it stays to the end, and each search takes time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real scans and hostile files, if it exists."""
    if not _CORPUS.is_dir():
        pytest.skip(f"there is no corpus at {_CORPUS}")
    return _CORPUS


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The URL of a separate Valkey for this run."""
    with short_folder() as folder, run_valkey(folder) as url:
        yield url


@pytest.fixture
def redis_url(valkey_server: str) -> str:
    """The URL of an empty Valkey."""
    with Redis.from_url(valkey_server) as connection:
        connection.flushall()
    return valkey_server


@pytest.fixture(scope="session")
def backend() -> Iterator[Backend]:
    """One `ocrdesk serve` for all tests that do not change it. Without its token: 1 MB and 2 pages per file."""
    with (
        short_folder() as folder,
        running_backend(folder / "data", MAX_FILE_SIZE_MB="1", MAX_PDF_PAGES="2", OCR_TIMEOUT_PER_PAGE="20") as served,
    ):
        yield served
