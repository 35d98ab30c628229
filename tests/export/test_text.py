"""Plain text: one line per printed line, an empty line between blocks, a form feed between pages."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Document, Line, Page, Source, Word
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.text import document_text, join_pages, joined_text, page_text, text
from tests.helpers import sample_pages
from tests.helpers.sample_pages import page_with_header_and_footer

BOX = Box(0, 0, 1, 1)


def block(*lines: str) -> Block:
    return Block(
        box=BOX,
        lines=tuple(
            Line(
                box=BOX,
                words=tuple(Word(text=text, box=BOX, confidence=1, source=Source.RAPID) for text in line.split()),
            )
            for line in lines
        ),
    )


def page(*blocks: Block, number: int = 1) -> Page:
    return Page(number=number, blocks=blocks)


def test_each_line_ends_with_a_newline() -> None:
    assert page_text(page(block("one two", "three"))) == "one two\nthree\n"


def test_blocks_have_an_empty_line_between_them() -> None:
    assert page_text(page(block("one"), block("two", "three"), block("four"))) == "one\n\ntwo\nthree\n\nfour\n"


def test_an_empty_page_is_empty_text() -> None:
    assert page_text(page()) == ""


def test_an_empty_block_leaves_no_gap() -> None:
    assert page_text(page(block("one"), block(), block("two"))) == "one\n\ntwo\n"


def test_pages_are_parted_by_form_feeds() -> None:
    assert join_pages(["one\n", "two\n"]) == "one\n\ftwo\n"
    assert join_pages(["only\n"]) == "only\n"
    assert join_pages([]) == ""


def test_headers_and_footers_are_text_unless_they_are_left_out() -> None:
    found = page_with_header_and_footer()
    assert page_text(found) == "Town of Eastport\nReport\n\nThe old brid-\nge stands\n\n- 4 -\n"
    assert page_text(found.omit_headers_footers()) == "The old brid-\nge stands\n"


def test_an_empty_page_keeps_its_place() -> None:
    pages = (page(block("one")), page(number=2), page(block("three"), number=3))
    document = Document(job_id="1", file_name="a", media_type="b", pages=pages)
    assert document_text(document) == "one\n\f\fthree\n"
    assert document_text(document).split("\f")[2] == "three\n"


# ── paragraphs on one line ───────────────────────────────────────────────────────────────────────


def joined(*pages: Page) -> str:
    head = Document(job_id="1", file_name="a", media_type="b", pages=pages).head
    return "".join(joined_text(head, pages))


def test_joined_lines_make_a_line_of_each_paragraph() -> None:
    assert joined(page(block("one two", "three"), block("four", "five"))) == "one two three\n\nfour five\n"


def test_joined_pages_are_parted_by_form_feeds_and_keep_their_places() -> None:
    pages = (page(block("one", "two")), page(number=2), page(block("three"), number=3))
    assert joined(*pages) == "one two\n\f\fthree\n"
    assert joined() == ""


def test_streamed_text_is_the_documents_text() -> None:
    pages = (page(block("one", "two")), page(number=2), page(block("three"), number=3))
    document = Document(job_id="1", file_name="a", media_type="b", pages=pages)
    assert "".join(text(document.head, iter(pages))) == document_text(document)


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


def test_items_of_a_list_follow_each_other_without_empty_lines() -> None:
    items = [block(f"{number}. item", "goes on").model_copy(update={"role": BlockRole.LIST_ITEM}) for number in (1, 2)]
    listed = page(block("before"), *items, block(), block("after")).model_copy(update={"has_structure": True})
    assert page_text(listed) == "before\n\n1. item\ngoes on\n2. item\ngoes on\n\nafter\n"
    assert joined(listed) == "before\n\n1. item goes on\n2. item goes on\n\nafter\n"


@pytest.mark.parametrize("role", [BlockRole.VERSE, BlockRole.ADDRESS, BlockRole.CODE])
def test_lines_that_carry_meaning_are_not_joined(role: BlockRole) -> None:
    kept = page(block("one", "two").model_copy(update={"role": role})).model_copy(update={"has_structure": True})
    assert joined(kept) == page_text(kept) == "one\ntwo\n"


def test_code_is_indented_by_its_letters() -> None:
    listing = sample_pages.block("def f():", "    return 1", "", "f()").model_copy(update={"role": BlockRole.CODE})
    found = sample_pages.page(listing).model_copy(update={"has_structure": True})
    assert page_text(found) == joined(found) == "def f():\n    return 1\nf()\n"
