"""Tables that an engine read by columns become rows."""

from __future__ import annotations

from collections.abc import Sequence

from ocrdesk.contract.document import Block, Box, Line, Page, Source, Word
from ocrdesk.export.text import joined_page_text, page_text
from ocrdesk.layout.structure.builder import with_structure
from ocrdesk.layout.tables.rows_as_lines import arrange_rows, in_row_order

ROWS = (("Item", "Pieces", "Price"), ("Bolts", "12", "3.10"), ("Nuts", "240", "0.20"), ("Hex screws", "17", "1.75"))
BY_ROWS = "Item Pieces Price\nBolts 12 3.10\nNuts 240 0.20\nHex screws 17 1.75\n"


def _line(text: str, left: int, row: int) -> Line:
    words = []
    for word in text.split():
        words.append(
            Word(
                text=word,
                box=Box(left, 100 + 40 * row, left + 12 * len(word), 120 + 40 * row),
                confidence=0.95,
                source=Source.TESSERACT,
            )
        )
        left += 12 * len(word) + 8
    return Line(box=Box.around([word.box for word in words]), words=tuple(words))


def _block(lines: Sequence[Line]) -> Block:
    return Block(box=Box.around([line.box for line in lines]), lines=tuple(lines))


def _page(*blocks: Block) -> Page:
    return Page(number=1, width=1200, height=1000, dpi=150, blocks=blocks)


def by_columns() -> Page:
    """Return a page with a heading, a table that was read column by column, and a sentence."""
    columns = [
        _block([_line(row[column], 100 + 300 * column, number) for number, row in enumerate(ROWS)])
        for column in range(3)
    ]
    end = _block([_line("All prices are in euros and include the tax.", 100, 12)])
    return _page(_block([_line("Stock", 100, -2)]), *columns, end)


def test_table_read_by_columns_is_text_by_rows() -> None:
    assert page_text(by_columns()) == f"Stock\n\n{BY_ROWS}\nAll prices are in euros and include the tax.\n"
    assert BY_ROWS in joined_page_text(by_columns())


def test_cells_that_are_lines_of_their_own_become_rows() -> None:
    lines = [
        _line(cell, 100 + 300 * column, row) for row, cells in enumerate(ROWS) for column, cell in enumerate(cells)
    ]
    assert page_text(_page(_block(lines))) == BY_ROWS


def test_each_word_keeps_its_place_on_the_page() -> None:
    page = with_structure(by_columns())
    for part in arrange_rows(page):
        for line, places in zip(part.block.lines, part.places, strict=True):
            for word, (block, number, position) in zip(line.words, places, strict=True):
                assert page.blocks[block].lines[number].words[position] is word
    assert sum(len(places) for part in arrange_rows(page) for places in part.places) == len(list(page.words()))


def test_page_without_such_a_table_stays_as_it_is() -> None:
    prose = _page(_block([_line("One line of text stands here.", 100, row) for row in range(6)]))
    assert in_row_order(prose) is prose
    two_columns = _page(
        *(_block([_line("some words in a column of text", left, row) for row in range(6)]) for left in (100, 640))
    )
    assert in_row_order(two_columns) is two_columns
