"""Amounts, counts and years are told from words."""

from __future__ import annotations

import pytest

from ocrdesk.layout.tables.numbers import is_number, is_year


@pytest.mark.parametrize(
    "text",
    ["12", "1,200.50", "-3.2", "(0.21)", "$71.15", "€ 5", "34%", "12 %", "0.05*", "-", "—", "n/a", "1–10", "<5", "3/4"],
)
def test_amounts_are_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "Total", "25g of it", "3-year-olds", "(n = 469)", "20 to 29 years", "Table 4"])
def test_words_are_none(text: str) -> None:
    assert not is_number(text)


def test_years_are_years() -> None:
    assert all(map(is_year, ["1997", "2008", "(2011)", "2011-12", "2011–2012"]))
    assert not any(map(is_year, ["1797", "19970", "12", "Year"]))
