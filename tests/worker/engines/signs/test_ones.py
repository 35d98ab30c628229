"""An l before a digit is a 1."""

from __future__ import annotations

import pytest

from ocrdesk_worker.engines.signs.ones import with_ones


@pytest.mark.parametrize(("read", "meant"), [("Al7", "A17"), ("l3A", "13A"), ("2l5", "215"), ("(l2)", "(12)")])
def test_an_l_before_a_digit_is_a_one(read: str, meant: str) -> None:
    assert with_ones(read) == meant


@pytest.mark.parametrize("text", ["model3", "all", "Al", "col2", "B2l", "l"])
def test_others_stay(text: str) -> None:
    assert with_ones(text) == text
