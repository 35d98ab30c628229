"""Wrapped lines and intended line breaks."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block
from ocrdesk.layout.line_breaks import find_wrapped_lines
from ocrdesk.layout.mirroring import mirror
from tests.helpers.sample_pages import block

PROSE = block(
    "Words stand on this line until it is full", "of words, and goes on with the next one, un-", "til it ends."
)
ADDRESS = block("Kim Example", "12 Old Bridge Road, near the", "Eastport", top=900)
BILL = block("Bread            2.10", "Milk and butter  4.25", "Sum              6.35", top=900)


@pytest.mark.parametrize(
    ("shown", "flows"),
    [(PROSE, [True, True]), (ADDRESS, [False, False]), (BILL, [False, False]), (block("One line"), [])],
    ids=["prose", "address", "bill", "one line"],
)
def test_prose_is_distinguished_from_intended_lines(shown: Block, flows: list[bool]) -> None:
    assert find_wrapped_lines([shown], 0) == flows


def test_a_narrow_text_beside_a_wide_one_keeps_its_lines() -> None:
    """Its widest line is not full: the column continues to its right."""
    blocks = [
        block("Municipal works and", "meter readings", top=100),
        block(*["A line of the letter's text"] * 3, top=400),
    ]
    assert find_wrapped_lines(blocks, 0) == [False]
    assert find_wrapped_lines(blocks, 1) == [True, True]


def test_lines_whose_words_were_deleted_are_no_prose() -> None:
    gone = PROSE.lines[1].model_copy(update={"words": ()})
    assert find_wrapped_lines([PROSE.model_copy(update={"lines": (PROSE.lines[0], gone)})], 0) == [False]


def test_lines_from_the_right_wrap_at_the_left() -> None:
    lines = ["מילים עומדות בשורה הזאת עד שהיא מלאה לגמרי", "והמשפט ממשיך כאן למטה באותו קצה של העמוד כן", "ונגמר."]
    assert find_wrapped_lines(mirror([block(*lines)]), 0) == [True, True]
    assert find_wrapped_lines(mirror([block("רחוב הגפן", "עיר גדולה ורחוקה מאוד", "ארץ")]), 0) == [False, False]
