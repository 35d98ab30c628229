"""Markdown: a CommonMark reader shows the page's text, without unintended markup."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Document
from ocrdesk.export.markdown import markdown
from tests.helpers.export_readers import Markdown, read_markdown
from tests.helpers.sample_pages import (
    PRICES,
    PRICES_ROWS,
    block,
    coded,
    document,
    failed,
    page,
    page_with_header_and_footer,
)


def written(found: Document) -> str:
    return "".join(markdown(found.head, found.pages))


def read(found: Document) -> Markdown:
    return read_markdown(written(found))


def test_paragraphs_are_lines_of_their_own() -> None:
    found = read(document(page(block("Hello wor-", "ld again"), block("next"))))
    assert found.paragraphs == ("Hello world again", "next")
    assert found.markup == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "## no heading",
        "#",
        "- no item",
        "-",
        "---",
        "+ no item",
        "* no item",
        "* * *",
        "1. no item",
        "12) no item",
        "2.",
        "> no quotation",
        ">",
        "=====",
        "```no code",
        "~~~",
        "~~not struck~~",
        "no `code` here",
        "*not* _emphatic_ **or** __strong__",
        "snake_case_name a*b*c",
        "[no](link)",
        "![no](image)",
        "[x]: /url",
        "[^1]: note",
        "<script>alert(1)</script>",
        "<!-- no comment -->",
        "<https://example.org>",
        "a <b> c",
        "&amp; &#60; &copy; & &x",
        "back\\slash \\* \\",
        "| a | b |",
        "| --- | --- |",
        "$5 and $10",
        "ends with spaces",
        "a\\",
        "!",
        "1986. A great year",
        "#hashtag +1 -3 :x:",
        "تجربة *نص*",
        "文書 # 認識",
        "𝔘𝔫𝔦 🧾",
    ],
)
def test_text_stays_text(text: str) -> None:
    found = read(document(page(block(text))))
    assert found.paragraphs == (text,)
    assert found.markup == frozenset()


@pytest.mark.parametrize("second", ["---", "===", "- x", "# x", "1. x", "> x", "| --- |"])
def test_a_later_line_is_no_markup_either(second: str) -> None:
    found = read(document(page(block("first", second))))
    assert found.paragraphs == (f"first {second}",)
    assert found.markup == frozenset()


def test_lines_of_code_by_their_indent_are_text() -> None:
    assert read(document(page(block("    four spaces in", left=0)))).paragraphs == ("four spaces in",)


def test_a_table_is_a_pipe_table_where_it_stood() -> None:
    above, below = block("Above the table", top=10), block("Below the table", top=900)
    found = read(document(page(above, *PRICES.blocks, below)))
    assert found.tables == (PRICES_ROWS,)
    assert found.paragraphs == ("Above the table", "Below the table")
    text = written(document(page(above, *PRICES.blocks, below)))
    assert text.index("Above") < text.index("Item") < text.index("Below")


def test_cells_cannot_break_out_of_their_table() -> None:
    found = read(
        document(
            page(
                block(
                    "Key|a           Val`ue     Price",
                    "|a---                4      3.60",
                    "\\|                 17     15.80",
                    "<td>                 1      *2.0",
                )
            )
        )
    )
    assert found.tables == (
        (("Key|a", "Val`ue", "Price"), ("|a---", "4", "3.60"), ("\\|", "17", "15.80"), ("<td>", "1", "*2.0")),
    )
    assert found.markup == frozenset()


def test_codes_are_a_list_at_the_pages_end() -> None:
    found = document(coded("https://example.org", "*two*\nlines"), page(block("next"), number=2))
    assert written(found) == (
        "Pay here\n\n- QRCode: https://example.org\n- QRCode: \\*two\\* lines\n\n<!-- page 2 -->\n\nnext\n"
    )


def test_pages_are_parted_by_comments_that_name_them() -> None:
    text = written(document(page(block("one")), page(number=2), page(block("three"), number=3)))
    assert text == "one\n\n<!-- page 2 -->\n\n<!-- page 3 -->\n\nthree\n"
    assert read_markdown(text).paragraphs == ("one", "three")


def test_failed_pages_are_reported() -> None:
    found = read(document(failed(1, "It <b>broke</b> *here*."), page(block("two"), number=2)))
    assert found.paragraphs == ("Page 1 was not read: It <b>broke</b> *here*.", "two")


def test_a_document_of_nothing_is_empty() -> None:
    assert written(document()) == written(document(page())) == ""


def test_headers_and_footers_are_paragraphs_of_their_own() -> None:
    found = read(document(page_with_header_and_footer(), page_with_header_and_footer(2)))
    assert found.paragraphs == ("Town of Eastport Report", "The old bridge stands", "- 4 -") * 2
    assert found.markup == frozenset()


def test_they_can_be_left_out() -> None:
    assert read(document(page_with_header_and_footer().omit_headers_footers())).paragraphs == ("The old bridge stands",)
