"""A window with a tray."""

from __future__ import annotations

import pytest

from ocrdesk.desktop.system.tray import Tray
from tests.desktop.conftest import Desktop


@pytest.fixture
def with_tray(staged: Desktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A window with a tray, which Qt does not have offscreen."""
    monkeypatch.setattr(Tray, "is_possible", staticmethod(lambda: True))
    staged.background_mode.apply()
    return staged
