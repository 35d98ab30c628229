"""Tables become blocks of their own; what is beside them stays."""

from __future__ import annotations

import random

import pytest

from ocrdesk.contract.document import BlockKind, Box, Page
from ocrdesk.contract.structure import BlockRole
from ocrdesk.export.table_texts import text_rows
from ocrdesk.layout.page_marks import PageMarks, Rule
from ocrdesk.layout.structure.builder import with_structure
from tests.helpers.sample_pages import PRICES, PRICES_ROWS, block, block_of, line, line_of, page, word


def texts(found: Page) -> list[str]:
    return [
        "TABLE" if part.role is BlockRole.TABLE else " / ".join(one.text for one in part.lines)
        for part in with_structure(found).blocks
    ]


def test_a_pages_blocks_are_in_reading_order() -> None:
    above, below = block("Above", "it", top=-900), block("Below", top=900)
    assert texts(page(above, *PRICES.blocks, below)) == ["Above / it", "TABLE", "Below"]


def test_a_table_in_the_middle_of_a_block_parts_it() -> None:
    lines = [line("Above", 100, -900), *PRICES.lines(), line("Below", 100, 900)]
    assert texts(page(block_of(lines))) == ["Above", "TABLE", "Below"]


def test_each_word_is_in_one_block() -> None:
    whole = page(block("Above", top=-900), *PRICES.blocks, block("Below", top=900))
    assert sorted(word.text for word in with_structure(whole).words()) == sorted(word.text for word in whole.words())


def test_each_line_of_a_table_is_in_the_box_of_its_cell() -> None:
    (found,) = with_structure(PRICES).blocks
    assert found.table
    assert (found.table.rows, found.table.columns) == (len(PRICES_ROWS), len(PRICES_ROWS[0]))
    assert tuple(map(tuple, text_rows(found))) == PRICES_ROWS
    for one in found.lines:
        assert one.cell is not None
        box = found.table.cells[one.cell].box
        assert box.left <= one.box.left <= one.box.right <= box.right
        assert box.top <= one.box.top <= one.box.bottom <= box.bottom


def test_a_page_without_tables_keeps_its_blocks() -> None:
    plain = page(block("one", "two"), block("three"))
    assert with_structure(plain).blocks == plain.blocks


def test_headers_and_footers_are_in_no_table() -> None:
    head = block("Item            Quantity      Price", top=40).model_copy(update={"kind": BlockKind.HEADER})
    first, table = with_structure(page(head, *PRICES.blocks)).blocks
    assert (first.kind, first.role) == (BlockKind.HEADER, BlockRole.PARAGRAPH)
    assert tuple(map(tuple, text_rows(table))) == PRICES_ROWS


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_page_each_word_is_in_one_block(seed: int) -> None:
    dice = random.Random(seed)
    words = [
        word(
            dice.choice(("12", "3.60", "name", "Total", "of", ". .", "|")),
            60 * dice.randrange(25),
            40 * dice.randrange(40),
        )
        for _ in range(dice.choice((20, 100, 400)))
    ]
    lines = [line_of(words[at : at + 7]) for at in range(0, len(words), 7)]
    rules = []
    for _ in range(dice.choice((0, 5, 60))):
        x, y, length = 60 * dice.randrange(25), 40 * dice.randrange(40), 60 * dice.randrange(1, 25)
        if dice.random() < 0.6:
            rules.append(Rule(Box(x, y, x + length, y + 2), "horizontal"))
        else:
            rules.append(Rule(Box(x, y, x + 2, y + length), "vertical"))
    whole = page(block_of(lines))
    found = with_structure(whole, PageMarks(rules=tuple(rules)))
    assert _known(found) == _known(whole)
    for part in found.blocks:
        cells = [one.cell for one in part.lines if one.cell is not None]
        assert cells == sorted(cells)


def _known(found: Page) -> list[tuple[str, Box]]:
    """Return the words without ruling lines that were read as characters, which tables leave out."""
    return sorted((one.text, one.box) for one in found.words() if one.text != "|")


def test_text_above_a_table_comes_before_it_although_it_was_read_between_its_columns() -> None:
    first, second, third = (
        block_of([line_of([row.words[at]]) for row in PRICES.lines() if at < len(row.words)]) for at in range(3)
    )
    above, below = block("Market of May", top=20), block("Closed on holidays", top=900)
    assert texts(page(first, above, below, second, third)) == ["Market of May", "TABLE", "Closed on holidays"]
