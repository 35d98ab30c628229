"""Tests that take minutes: `sh packaging/check.sh --long` runs them, other runs skip them with a reason."""

from __future__ import annotations

import os

import pytest

LONG_TESTS = os.environ.get("LONG_TESTS") == "1"
IN_LONG_FORM = pytest.mark.skipif(not LONG_TESTS, reason="takes long; sh packaging/check.sh --long runs it")
