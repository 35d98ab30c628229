"""Headers and footers in blocks of lines."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, BlockKind, Box
from ocrdesk.layout.headers.single_page import mark_headers_footers
from tests.helpers.sample_pages import block, page

# ── blocks ───────────────────────────────────────────────────────────────────────────────────────

_LONG = "a line of running text that is long enough"


def test_a_line_in_one_block_with_the_body_is_split_off() -> None:
    whole = block("- 4 -", "", "", *[_LONG] * 12)
    found = mark_headers_footers((whole,), 3000)
    assert [(part.kind, len(part.lines)) for part in found] == [(BlockKind.HEADER, 1), (BlockKind.TEXT, 12)]
    assert [line for part in found for line in part.lines] == list(whole.lines)
    assert all(part.box.top == part.lines[0].box.top for part in found)


def test_a_header_and_a_footer_may_be_in_one_block() -> None:
    whole = block("Page 4", "", "", *[_LONG] * 8, "", "", "Secret", "- 4 -", top=100)
    found = mark_headers_footers((whole,), 990)
    assert [part.kind for part in found] == [BlockKind.HEADER, BlockKind.TEXT, BlockKind.FOOTER]
    assert [line.text for line in found[2].lines] == ["Secret", "- 4 -"]


@pytest.mark.parametrize("count", range(8))
def test_a_page_of_few_lines_stays_as_it_is(count: int) -> None:
    blocks = tuple(block(_LONG, top=100 + 60 * n) for n in range(count))
    assert mark_headers_footers(blocks, 3000) == blocks


def test_lines_without_words_or_without_a_place_do_no_harm() -> None:
    flat = [found.model_copy(update={"box": Box(9, 9, 9, 9)}) for found in block(*["one two three"] * 9).lines]
    empty = Block(box=Box(0, 0, 9, 9), lines=tuple(line.model_copy(update={"words": ()}) for line in flat))
    blocks = (empty, Block(box=Box(0, 0, 9, 9), lines=tuple(flat)), *page(block(*[_LONG] * 9)).blocks)
    assert [line for part in mark_headers_footers(blocks, 0) for line in part.lines] == [
        line for part in blocks for line in part.lines
    ]
