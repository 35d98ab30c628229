"""How lines look, relative to the body's letters."""

from __future__ import annotations

import pytest

from ocrdesk.layout.page_marks import WordStyle
from ocrdesk.layout.structure.looks import LineLook, PageLooks
from tests.helpers.styled_pages import BOLD, FIXED, ITALIC, StyledPage

LARGE = WordStyle(60.0, font="Serif")


def looks_of(page: StyledPage) -> list[LineLook]:
    looks = PageLooks(page.plain, page.marks.styles)
    return [looks.of(line) for line in page.plain.lines()]


def test_size_weight_and_font_are_relative_to_the_body() -> None:
    page = StyledPage().prose(2)
    for style in (LARGE, BOLD, ITALIC, FIXED):
        page.add("A line like this", style=style)
    large, bold, italic, fixed = looks_of(page)[-4:]
    assert (large.size, large.other_font) == (1.5, False)
    assert (bold.is_bold, italic.is_italic, fixed.is_monospace) == (True, True, True)
    assert not any((large.is_bold, italic.is_bold, bold.is_monospace))


def test_where_all_is_bold_nothing_is_set_apart_by_it() -> None:
    page = StyledPage().add(*["All lines of this page are in bold letters, as here"] * 5, style=BOLD)
    assert not any(look.is_bold for look in looks_of(page))


def test_notes_are_not_the_body_even_if_they_are_long() -> None:
    page = StyledPage().prose(2).add(*["These are notes in small letters, line after line"] * 8, style=WordStyle(30.0))
    assert looks_of(page)[0].size == pytest.approx(1.0)


def test_letters_of_a_scan_are_measured() -> None:
    page = StyledPage(is_scan=True).prose(2).add("Larger Ones", style=LARGE)
    look = looks_of(page)[-1]
    assert look.size == pytest.approx(1.5, abs=0.1)
    assert not look.is_styled
