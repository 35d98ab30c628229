"""An engine that records its input."""

from __future__ import annotations

import pytest

from ocrdesk.contract.jobs import EngineName
from ocrdesk_worker.engines.registry import Engines
from tests.helpers.mixed_pages import Spy


@pytest.fixture
def spy(engines: Engines) -> Spy:
    return Spy(engines.choose(EngineName.AUTO, ("eng",)))
