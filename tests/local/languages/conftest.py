"""A language mirror to read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrdesk.local.languages import mirror as mirror_module
from tests.helpers.language_mirror import ServedMirror, real_pack, serving_mirror


@pytest.fixture(scope="module")
def german() -> Path:
    return real_pack("deu")


@pytest.fixture
def served(tmp_path: Path, german: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedMirror]:
    """A mirror with German under the name of a language that is not installed."""
    monkeypatch.setattr(mirror_module, "_PAUSE_S", 0.0)
    with serving_mirror(tmp_path / "mirror") as mirror:
        mirror.put("tlh", german)
        yield mirror
