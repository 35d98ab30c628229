"""Tests that take minutes: `sh packaging/check.sh --long` runs them, other runs skip them with a reason."""

from __future__ import annotations

import os

import pytest

IN_LONG_FORM = pytest.mark.skipif(
    os.environ.get("LONG_TESTS") != "1", reason="takes minutes; sh packaging/check.sh --long runs it"
)
