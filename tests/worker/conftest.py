"""The engines of this machine, created once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocrdesk_worker.engines.languages.tessdata import TessData, collect
from ocrdesk_worker.engines.registry import Engines

Save = Callable[[bytes], Path]


@pytest.fixture(scope="session")
def data() -> TessData:
    return collect()


@pytest.fixture(scope="session")
def engines(data: TessData) -> Engines:
    return Engines(data)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Return a function that saves bytes in a file whose name does not show the type."""

    def to_file(content: bytes) -> Path:
        path = tmp_path / f"blob{len(list(tmp_path.iterdir()))}"
        path.write_bytes(content)
        return path

    return to_file
