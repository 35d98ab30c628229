"""Footnotes: small text at the page's end that begins with a mark of the text."""

from __future__ import annotations

import pytest

from ocrdesk.layout.page_marks import WordStyle
from tests.helpers.styled_pages import BOLD, StyledPage, said, with_role

SMALL = WordStyle(32.0, font="Serif")


def page_with(reference: str, *notes: str, style: WordStyle = SMALL) -> StyledPage:
    page = StyledPage().prose(7).add(f"The bridge was built in the last century{reference} and it stands.").prose(1)
    return page.add(*notes, style=style, gap=200)


@pytest.mark.parametrize("mark", ["1", "*", "\u2020", "12", "\u00b2"])
def test_small_text_with_a_mark_of_the_text_is_a_footnote(mark: str) -> None:
    built = page_with(mark, f"{mark} See the letters of the company.").built()
    assert [(block.marker, said(block)) for block in with_role(built, "footnote")] == [
        (mark, f"{mark} See the letters of the company.")
    ]


def test_each_footnote_is_a_block() -> None:
    built = page_with("3", "3 See the letters of the company, and the", "books of the town.", "4 Page seven.").built()
    assert [len(block.lines) for block in with_role(built, "footnote")] == [2, 1]


def test_a_mark_may_be_attached_to_the_first_word() -> None:
    assert with_role(page_with("3", "3See the letters.").built(), "footnote")[0].marker == "3"


def test_text_that_no_mark_refers_to_is_none() -> None:
    assert not with_role(page_with("", "3 See the letters of the company.").built(), "footnote")


def test_text_in_the_bodys_size_is_none() -> None:
    body = WordStyle(40.0, font="Serif")
    assert not with_role(page_with("3", "3 See the letters of the company.", style=body).built(), "footnote")


def test_entries_under_a_heading_are_none() -> None:
    page = StyledPage().prose(7).add("As was shown [1] in letters1").add("References", style=BOLD)
    built = page.add("1. Letters of the company", "2. Books of the town", style=SMALL, gap=20).built()
    assert not with_role(built, "footnote")
    assert len(with_role(built, "list_item")) == 2
