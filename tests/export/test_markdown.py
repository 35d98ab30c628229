"""Markdown: a CommonMark reader shows the page's text, without unintended markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from ocrdesk.contract.document import Block, BlockKind, Document
from ocrdesk.contract.structure import BlockRole
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
from tests.helpers.structured_pages import SPANS, heading, item, items, note, page_of, part, table


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


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


def of(*blocks: Block) -> str:
    return written(document(page_of(*blocks)))


def test_headings_have_their_level() -> None:
    assert of(heading("Title"), heading("Part", 3), block("text")) == "# Title\n\n### Part\n\ntext\n"


@pytest.mark.parametrize("text", ["C#", "a ##", "# x", "1. One", "##"])
def test_the_text_of_a_heading_is_whole(text: str) -> None:
    rendered = MarkdownIt("commonmark").render(of(heading(text)))
    assert rendered == f"<h1>{text}</h1>\n"


def test_lists_are_nested_and_keep_their_numbers() -> None:
    found = [item("one", "-"), item("two", "3.", 2), item("three", "4.", 2), item("four", "7)", 2), item("five", "-")]
    assert of(*found) == "- one\n\n  3. two\n  4. three\n  7) four\n- five\n"
    rendered = MarkdownIt("commonmark").render(of(*found))
    assert [rendered.count(tag) for tag in ("<ul>", '<ol start="3">', '<ol start="7">', "<li>")] == [1, 1, 1, 5]


def test_a_jump_of_numbers_is_another_list() -> None:
    rendered = MarkdownIt("commonmark").render(of(*items("1.", "2.", "5.")))
    assert re.findall(r"<ol[^>]*>", rendered) == ["<ol>", '<ol start="5">']


def test_levels_that_jump_leave_no_gap() -> None:
    assert of(item("one", "-", 2), item("two", "-", 5), item("three", "-", 1)) == "- one\n  - two\n- three\n"


def test_other_numbers_stand_after_a_bullet() -> None:
    found = [item("text", "(a)"), item("text", "(b)"), item("text", "iv."), item("text", "§ 3"), item("text", "1.2")]
    assert of(*found) == "- (a) text\n- (b) text\n- iv. text\n- § 3 text\n- 1.2 text\n"


def test_what_engines_read_for_bullets_is_a_bullet_and_bare_numbers_are_numbers() -> None:
    assert of(*items("e", "\u00ab"), *items("7", "8")) == "- text\n- text\n7. text\n8. text\n"


def test_checkboxes_are_tasks() -> None:
    assert of(item("milk", "☐", ticked=False), item("eggs", "☑", ticked=True)) == "- [ ] milk\n- [x] eggs\n"


@pytest.mark.parametrize("text", ["", "[ ] x", "- x", "# x", "1. x", "```", "    x"])
def test_the_text_of_an_item_is_no_markup(text: str) -> None:
    rendered = MarkdownIt("commonmark").render(of(item("first", "*"), item(text or "*", "*"), item("last", "*")))
    assert rendered.count("<li>") == 3
    assert "<p>" not in rendered


def test_code_is_fenced_with_its_indentation() -> None:
    listing = part(BlockRole.CODE, "def f():", "    return '```'", "")
    text = of(listing)
    assert text == "````\ndef f():\n    return '```'\n````\n"
    (token,) = MarkdownIt("commonmark").parse(text)
    assert token.content == "def f():\n    return '```'\n"


def test_neighbouring_listings_are_one() -> None:
    assert of(part(BlockRole.CODE, "a"), part(BlockRole.CODE, "b")) == "```\na\n\nb\n```\n"


@pytest.mark.parametrize("role", [BlockRole.VERSE, BlockRole.ADDRESS, BlockRole.PAIRS])
def test_lines_that_carry_meaning_are_kept(role: BlockRole) -> None:
    text = of(part(role, "# one", "- two", "1. three"))
    assert MarkdownIt("commonmark").render(text) == "<p># one<br />\n- two<br />\n1. three</p>\n"


def test_captions_are_emphasised() -> None:
    rendered = MarkdownIt("commonmark").render(of(part(BlockRole.CAPTION, "Figure 1: *A* cat")))
    assert rendered == "<p><em>Figure 1: *A* cat</em></p>\n"


def test_notes_are_linked_if_their_mark_is_found() -> None:
    text = written(
        document(
            page_of(block("It was1 so."), note("First", "1"), note("No mark", "7")),
            page_of(block("And again1 so."), note("Second", "1"), number=2),
        )
    )
    assert "It was[^1] so.\n\n[^1]: First\n\n7 No mark\n" in text
    assert "And again[^2-1] so.\n\n[^2-1]: Second\n" in text


def test_the_text_of_a_cell_over_several_places_is_in_the_first() -> None:
    assert read(document(page_of(SPANS))).tables == (
        (("Name", "Years", ""), ("", "2019", "2020"), ("Apples", "", "3.60")),
    )


def test_a_header_with_a_role_is_a_paragraph() -> None:
    head = heading("Town").model_copy(update={"kind": BlockKind.HEADER})
    assert of(head) == "Town\n"


def test_a_table_of_nothing_but_empty_places_is_small() -> None:
    whole = table([(0, 0, 1, 1, "a"), (399, 499, 1, 1, "b")], rows=400, columns=500)
    assert of(whole) == "| a |  |\n| --- | --- |\n|  | b |\n"
    assert of(table([(0, 0, 400, 500, "a")], rows=400, columns=500)) == "| a |\n| --- |\n"
    assert of(table([], rows=400, columns=500)) == ""
