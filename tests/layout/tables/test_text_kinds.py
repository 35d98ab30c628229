"""Amounts, years, captions and notes are told from other text."""

from __future__ import annotations

import pytest

from ocrdesk.layout.tables.text_kinds import has_amount, is_caption, is_note, is_number, is_year


@pytest.mark.parametrize(
    "text",
    ["12", "1,200.50", "-3.2", "(0.21)", "$71.15", "€ 5", "34%", "12 %", "0.05*", "-", "—", "n/a", "1–10", "<5", "3/4"],
)
def test_amounts_are_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "Total", "25g of it", "3-year-olds", "(n = 469)", "20 to 29 years", "Table 4"])
def test_words_are_none(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["RM 53.20", "EUR 1,200.00", "11.32 T", "25.00 SR", "RM-0.02"])
def test_amounts_with_letters_of_a_currency_or_tax_are_numbers(text: str) -> None:
    assert is_number(text)


def test_prices_in_a_text_are_amounts() -> None:
    assert all(map(has_amount, ["4 X 2.90 11.60", "RM 53.20"]))
    assert not any(map(has_amount, ["12/11/2023", "09.11.2023", "version 2.5", "12 pieces"]))


def test_years_are_years() -> None:
    assert all(map(is_year, ["1997", "2008", "(2011)", "2011-12", "2011–2012"]))
    assert not any(map(is_year, ["1797", "19970", "12", "Year"]))


@pytest.mark.parametrize("text", ["Table 1. Schools", "TABLE IV", "Exhibit 2.2 Children", "Tabelle 3: Werte", "Fig. 7"])
def test_kind_and_number_are_a_caption(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", ["Table of contents", "Tables and figures", "Total", "Figures", "Chart of accounts"])
def test_other_titles_are_none(text: str) -> None:
    assert not is_caption(text)


@pytest.mark.parametrize("text", ["Source: Eurostat", "Note: All", "Notes", "NB: as before", "* of all", "(1) Last"])
def test_notes_are_notes(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize("text", ["Notebooks", "Sourcebook", "Total", "1996 3.7"])
def test_rows_are_none(text: str) -> None:
    assert not is_note(text)
