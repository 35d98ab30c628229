"""The rereader, loaded once."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.rapid.rereading import Rereader


@pytest.fixture(scope="module")
def rereader() -> Rereader:
    return Rereader()
