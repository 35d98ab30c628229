"""Drop caps that engines read with another line than their word's."""

from __future__ import annotations

import pytest

from ocrdesk.contract.document import Block, Box, Line, Page, Source, Word
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import block_of, line_of


def words(text: str, left: int, top: int) -> list[Word]:
    made = []
    for part in text.split():
        box = Box(left, top, left + 20 * len(part), top + 30)
        made.append(Word(text=part, box=box, confidence=0.9, source=Source.TESSERACT))
        left = box.right + 15
    return made


def cap(letter: str) -> Word:
    return Word(text=letter, box=Box(100, 100, 240, 260), confidence=0.8, source=Source.TESSERACT)


def texts(*blocks: Block) -> list[str]:
    page = with_structure(Page(number=1, width=1400, height=1000, blocks=blocks))
    return [line.text for line in page.lines()]


def line(text: str, left: int, top: int, *before: Word) -> Line:
    return line_of([*before, *words(text, left, top)])


@pytest.mark.parametrize(
    ("letter", "rest", "first"),
    [
        ("T", "he storm had passed", "The storm had passed"),
        ("A", "LL that we had", "ALL that we had"),
        ("A", "storm had passed", "A storm had passed"),
    ],
)
def test_a_drop_cap_goes_to_its_first_line(letter: str, rest: str, first: str) -> None:
    block = block_of(
        [line(rest, 250, 105), line("over the mill", 250, 165, cap(letter)), line("and the yard", 100, 285)]
    )
    assert texts(block) == [first, "over the mill", "and the yard"]


def test_a_drop_cap_that_is_a_block_of_its_own_leaves_none_behind() -> None:
    own = block_of([line_of([cap("T")])])
    assert texts(own, block_of([line("he storm had passed", 250, 105), line("over the mill", 250, 165)])) == [
        "The storm had passed",
        "over the mill",
    ]


def test_lines_beside_a_drop_cap_that_were_read_apart_are_one_paragraph() -> None:
    upper = block_of([line("hen that storm had passed over", 250, 105, cap("T")), line("our mill we went", 250, 165)])
    lower = block_of([line("out to see what", 250, 225), line("was left of the yard", 100, 285)])
    after = block_of([line("Nothing was.", 100, 405)])
    page = with_structure(Page(number=1, width=1400, height=1000, blocks=(upper, lower, after)))
    assert [len(block.lines) for block in page.blocks] == [4, 1]


def test_its_box_is_as_high_as_the_line() -> None:
    block = block_of([line("he storm", 250, 105), line("over the mill", 250, 165, cap("T"))])
    page = with_structure(Page(number=1, width=1400, height=1000, blocks=(block,)))
    assert next(page.words()).box == Box(100, 105, 290, 135)


def test_a_large_letter_far_from_text_stays() -> None:
    own = block_of([line_of([cap("T")])])
    assert texts(own, block_of([line("he storm had passed", 600, 105)])) == ["T", "he storm had passed"]
