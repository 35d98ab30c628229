"""Captions and notes are told from rows."""

from __future__ import annotations

import pytest

from ocrdesk.layout.tables.captions import is_caption, is_note


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
