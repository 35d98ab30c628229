"""Leaders are put back as words, and join an entry with its number."""

from __future__ import annotations

from ocrdesk.contract.document import Block, Box, Line, Source, Word
from ocrdesk_worker.engines.leader_words import insert_leaders
from ocrdesk_worker.preprocess.dot_leaders import Leader


def block_of(*rows: tuple[int, int, str]) -> Block:
    """Return a block of lines: left edge, top, and text with letters 10 pixels wide and 20 high."""
    lines = []
    for left, top, text in rows:
        words, x = [], left
        for part in text.split():
            box = Box(x, top, x + 10 * len(part), top + 20)
            words.append(Word(text=part, box=box, confidence=0.9, source=Source.TESSERACT))
            x = box.right + 10
        lines.append(Line(box=Box.around([word.box for word in words]), words=tuple(words)))
    return Block(box=Box.around([line.box for line in lines]), lines=tuple(lines))


def texts_of(blocks: tuple[Block, ...]) -> list[str]:
    return [line.text for block in blocks for line in block.lines]


def test_a_leader_joins_an_entry_with_its_number() -> None:
    blocks = [block_of((0, 0, "Notes"), (0, 30, "Index")), block_of((300, 0, "3, 17"), (300, 30, "25"))]
    leaders = [Leader(Box(60, 16, 290, 19), 6), Leader(Box(60, 46, 290, 49), 7)]
    assert texts_of(insert_leaders(blocks, leaders)) == ["Notes ...... 3, 17", "Index ....... 25"]


def test_a_leader_inside_a_line_stays_there() -> None:
    blocks = [block_of((0, 0, "Notes 3 Index"))]
    leaders = [Leader(Box(51, 16, 59, 19), 6)]
    assert texts_of(insert_leaders(blocks, leaders)) == ["Notes ...... 3 Index"]


def test_the_next_column_keeps_its_line() -> None:
    blocks = [block_of((0, 0, "Notes")), block_of((300, 0, "3")), block_of((400, 0, "Other 5"))]
    assert texts_of(insert_leaders(blocks, [Leader(Box(60, 16, 290, 19), 6)])) == [
        "Notes ...... 3",
        "Other 5",
    ]


def test_dots_beside_no_word_are_a_rule() -> None:
    blocks = (block_of((0, 0, "Notes")),)
    leaders = [Leader(Box(60, 26, 290, 29), 6), Leader(Box(200, 16, 290, 19), 6)]
    assert insert_leaders(blocks, leaders) == blocks
