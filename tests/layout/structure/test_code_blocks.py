"""Code: listings, and lines in a monospaced font beside text in another."""

from __future__ import annotations

from ocrdesk.contract.document import Page
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.code_pages import PYTHON, blocks
from tests.helpers.styled_pages import BODY, FIXED, StyledPage, said, with_role


def test_a_listing_is_code() -> None:
    page = with_structure(Page(number=1, width=1200, height=1600, blocks=blocks(PYTHON)))
    assert {block.role.value for block in page.blocks} == {"code"}


def test_lines_in_a_monospaced_font_are_code() -> None:
    page = StyledPage().prose(2).add("Type this:").then("make all", "make install", style=FIXED).prose().built()
    assert [said(block) for block in with_role(page, "code")] == ["make all make install"]


def test_a_word_or_a_page_in_a_monospaced_font_is_no_code() -> None:
    assert not with_role(StyledPage().prose(2).add("A line of it", style=FIXED).prose().built(), "code")
    letter = StyledPage().add("Dear Sir,", "we thank you for your letter of May,", style=FIXED)
    assert not with_role(letter.add("and remain", style=FIXED).built(), "code")


def test_other_text_with_signs_is_no_code_where_fonts_are_known() -> None:
    page = StyledPage().add("Fax: (614) 891-1392", "Mail: [name]", "Web: {www}", "Tel: (1)", style=BODY).prose()
    assert not with_role(page.built(), "code")
